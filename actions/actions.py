"""Rasa's custom actions: read the turn, call one function, hand its acts on. Nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import decide
from actions.services import Services, for_rasa_itself
from actions.turn import Turn, read
from bot.conversation.model import Act, Flow, act_to_json

Decision = Callable[[Turn, Services], list[Act]]


class TurnAction(Action, ABC):
    """Acts go out as JSON; `conversation` makes words of them. Rasa's slot follows the flow they open or end."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def decision(self) -> Decision: ...

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        services = self._services or for_rasa_itself(tracker.sender_id)
        number = sum(event["event"] == "user" for event in tracker.events)
        turn = read(tracker.sender_id, tracker.latest_message or {}, tracker.slots, number)
        acts = self.decision(turn, services)
        for act in acts:
            dispatcher.utter_message(json_message=act_to_json(act))
        return [SlotSet("flow", slot_of(act.name)) for act in acts if isinstance(act, Flow)]


def slot_of(flow: str | None) -> str | None:
    """Rasa knows which flow is open, not how far it is: "complaint:facts" -> "complaint"."""
    return flow.partition(":")[0] if flow else None


class ActionAnswer(TurnAction):
    decision = staticmethod(decide.answer)

    def name(self) -> str:
        return "action_answer"


class ActionTalk(TurnAction):
    decision = staticmethod(decide.talk)

    def name(self) -> str:
        return "action_talk"


class ActionClarify(TurnAction):
    decision = staticmethod(decide.clarify)

    def name(self) -> str:
        return "action_clarify"


class ActionOutOfScope(TurnAction):
    decision = staticmethod(decide.out_of_scope)

    def name(self) -> str:
        return "action_out_of_scope"


class ActionDissatisfied(TurnAction):
    decision = staticmethod(decide.dissatisfied)

    def name(self) -> str:
        return "action_dissatisfied"


class ActionHuman(TurnAction):
    decision = staticmethod(decide.human)

    def name(self) -> str:
        return "action_human"


class ActionComplaint(TurnAction):
    decision = staticmethod(decide.complaint)

    def name(self) -> str:
        return "action_complaint"


class ActionComplaintStatus(TurnAction):
    decision = staticmethod(decide.complaint_status)

    def name(self) -> str:
        return "action_complaint_status"


ALL: tuple[type[TurnAction], ...] = (
    ActionAnswer,
    ActionTalk,
    ActionClarify,
    ActionOutOfScope,
    ActionDissatisfied,
    ActionHuman,
    ActionComplaint,
    ActionComplaintStatus,
)
