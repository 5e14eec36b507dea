"""Rasa's message processor, told three things: the flow that is open, that actions run here, that errors count."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk.executor import ActionExecutor

from bot.assistant.thread import given_up
from bot.nlu.remembering import RememberingProcessor

FLOW = "flow"


class ActionFailed(BaseException):
    """Not an Exception on purpose: Rasa swallows those of an action and goes on as if it had said nothing."""


class TurnProcessor(RememberingProcessor):
    def __init__(self, *args: Any, executor: ActionExecutor, **kwargs: Any) -> None:
        super().__init__(*args, on_circuit_break=_too_many_actions, **kwargs)
        self._executor = executor

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        """The conversation knows which flow is open; Rasa's slot follows, before the turn is predicted."""
        await super()._update_tracker_session(tracker, output_channel, None)
        flow = (metadata or {}).get(FLOW)
        if tracker.get_slot(FLOW) != flow:
            tracker.update(SlotSet(FLOW, flow), self.domain)

    async def _run_action(
        self, action: Action, tracker: DialogueStateTracker, output_channel: OutputChannel, *rest: Any, **named: Any
    ) -> bool:
        if isinstance(action, RemoteAction):
            action = ActionHere(action.name(), self._executor)
        return await super()._run_action(action, tracker, output_channel, *rest, **named)


class ActionHere(RemoteAction):
    """A custom action in this process: no HTTP, no JSON schema of an answer that we wrote ourselves (20 ms)."""

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        super().__init__(name, None)
        self._executor = executor

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        if given_up():
            raise ActionFailed("given up before the action ran")
        state = tracker.current_state(EventVerbosity.NONE)
        call = {"next_action": self.name(), "sender_id": tracker.sender_id, "domain": {}}
        try:
            answer = await self._executor.run({**call, "tracker": {**state, "events": []}})
        except Exception as error:
            raise ActionFailed(self.name()) from error
        if answer is None:
            raise ActionFailed(self.name())
        said: list[Event] = list(await self._utter_responses(answer["responses"], output_channel, nlg, tracker))
        return said + list(deserialise_events(answer["events"]))


def _too_many_actions(*_: Any) -> None:
    raise ActionFailed("too many actions in one turn")
