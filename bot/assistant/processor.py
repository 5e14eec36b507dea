"""Rasa's message processor, told three things: the flow that is open, that actions run here, that errors count."""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk.executor import ActionExecutor

from bot.assistant.thread import given_up

FLOW = "flow"
REMEMBERED = 2_000  # texts, masked; some 2 kB each


class ActionFailed(BaseException):
    """Not an Exception on purpose: Rasa swallows those of an action and goes on as if it had said nothing."""


class TurnProcessor(MessageProcessor):
    def __init__(self, *args: Any, executor: ActionExecutor, **kwargs: Any) -> None:
        super().__init__(*args, on_circuit_break=_too_many_actions, **kwargs)
        self._executor = executor
        self._parsed: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """Remembered for a while: many customers ask in the same words, and one asks again. A model reads a text in one
        way only."""
        text = message.text or ""
        if text not in self._parsed:
            self._parsed[text] = dict(await super().parse_message(message, tracker, only_output_properties))
            if len(self._parsed) > REMEMBERED:
                self._parsed.popitem(last=False)
        self._parsed.move_to_end(text)
        return deepcopy(self._parsed[text])

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
