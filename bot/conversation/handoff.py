"""Who may speak: every change of holder, in one place. Each raises the epoch; what comes with an old one is refused.

States and ways are those of the design, "States of a conversation". Functions that end in the caller's transaction take
`tx` and a locked conversation and give the changed one back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.calendar import WorkCalendar
from bot.conversation import escalation, handovers, matter, store, turns
from bot.conversation.model import BOT_SPEAKS, SYSTEM, Conversation, State
from bot.conversation.queueing import Queueing, Staff, spoken
from bot.conversation.signals import URGENT
from bot.conversation.speech import Speech, Utterance
from bot.conversation.survey.asking import Surveys
from bot.db import Tx
from bot.errors import Conflict, StaleEpoch
from bot.knowledge.model import Escalation

WAYS: Mapping[State, frozenset[State]] = {
    State.BOT: frozenset({State.QUEUED, State.MESSAGE_LEFT, State.CLOSED}),
    State.QUEUED: frozenset({State.OFFERED, State.HUMAN, State.BOT, State.MESSAGE_LEFT}),
    State.OFFERED: frozenset({State.HUMAN, State.QUEUED, State.BOT, State.MESSAGE_LEFT}),
    State.HUMAN: frozenset({State.HUMAN, State.WRAP_UP, State.BOT, State.QUEUED}),  # itself: taken over
    State.WRAP_UP: frozenset({State.QUEUED, State.CLOSED}),
    State.MESSAGE_LEFT: frozenset({State.QUEUED, State.CLOSED}),
    State.CLOSED: frozenset(),
}

LOOK_S = 15  # at who waits or is served; a clock that ends sooner is looked at when it ends


class Callbacks(Protocol):
    """The case that reminds us to call back; kept by `tickets`, which stands above this floor."""

    def __call__(self, tx: Tx, conversation_id: str, seq: int, reason: str, due_at: datetime) -> Mapping[str, Any]:
        """Open it, or find the one that this message opened before: {"number", "severity", "owner", "due"}."""


class Handoff:
    def __init__(self, speech: Speech, calendar: WorkCalendar, callbacks: Callbacks, staff: Staff) -> None:
        self.speech = speech
        self.callbacks = callbacks
        self.staff = staff
        self.queueing = Queueing(speech, calendar, staff)
        self.surveys = Surveys(speech)

    @property
    def rules(self) -> Escalation:
        return self.speech.knowledge.escalation

    # from the assistant to a person

    def bring_person(self, tx: Tx, conversation: Conversation, reason: str, at: datetime) -> Conversation:
        """Queue the customer, or leave a message with a deadline when nobody is there (rules 8 and 9)."""
        if conversation.state not in BOT_SPEAKS:
            return conversation
        if not self.queueing.staffed(tx, conversation, at):
            return self._leave_message(tx, conversation, reason, at)
        thread = escalation.paused(escalation.from_json(conversation.thread), at, self.rules)
        conversation = self._move(
            conversation,
            State.QUEUED,
            at,
            holder=None,
            reason=reason,
            waiting_since=at,
            ahead_s=max(conversation.ahead_s, self.rules.reasons[reason].ahead_s),
            queue=matter.queue_of(conversation, reason, self.speech.knowledge),
            senior=self.rules.reasons[reason].senior,
            declined_by=(),
            thread=escalation.to_json(thread),
        )
        turns.drop_open(tx, conversation.id)
        store.save(tx, conversation)
        queue = self.queueing.of(tx, conversation, at)
        phrase = {"five_minutes": "handover_five_minutes", "failed": "handover_failed"}.get(reason, "handover_queue")
        if reason != URGENT and self.queueing.overflows(queue):
            other = "handover_overflow" if queue.eta_s is not None else "handover_unknown"
            phrase = {"five_minutes": phrase}.get(reason, other)  # there he may go on with us as well
        values = self.queueing.words(queue, at)
        return self._announce(tx, conversation, at, phrase, reason=self.rules.reasons[reason].text, **values)

    def cancel(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """The customer leaves the queue: back to the assistant, counters at zero (rule 9)."""
        conversation = self._to_bot(conversation, at, escalation.ended(escalation.from_json(conversation.thread)))
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, "queue_cancelled")

    def stay(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """The customer goes on with the assistant: the thread is kept (rule 7)."""
        thread = escalation.stay(escalation.from_json(conversation.thread), at, self.rules)
        if conversation.state in BOT_SPEAKS:  # no change of holder, so it is said and not announced
            conversation = replace(conversation, thread=escalation.to_json(thread))
            store.save(tx, conversation)
            return self.speech.say(tx, conversation, at, self.speech.phrase("stay_ok"))[0]
        conversation = self._to_bot(conversation, at, thread)
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, "stay_ok")

    def leave_message(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """The customer will not wait, or the desk closes: a callback case with a deadline (state table)."""
        return self._leave_message(tx, conversation, conversation.reason or "asked", at)

    # agents

    def offer(self, tx: Tx, conversation: Conversation, agent: str, at: datetime) -> Conversation:
        conversation = self._move(conversation, State.OFFERED, at, holder=None, offered_to=agent)
        store.save(tx, conversation)
        return self._record(tx, conversation, at, {"offered_to": agent})

    def decline(
        self, tx: Tx, conversation: Conversation, agent: str, epoch: int, reason: str, at: datetime
    ) -> Conversation:
        """Declined or not answered in time: back with the first waiting time, never to the same agent."""
        self.check_epoch(conversation, epoch)
        if conversation.state is not State.OFFERED or conversation.offered_to != agent:
            raise Conflict(phrase="problem_offer_gone", holder=conversation.holder, epoch=conversation.epoch)
        conversation = self._move(
            conversation, State.QUEUED, at, holder=None, declined_by=(*conversation.declined_by, agent)
        )
        store.save(tx, conversation)
        return self._record(tx, conversation, at, {"declined_by": agent, "why": reason})

    def claim(self, tx: Tx, conversation: Conversation, agent: str, epoch: int, at: datetime) -> Conversation:
        """Compare and set: one agent gets it, the others are told who. Limits are the desk's business."""
        self.check_epoch(conversation, epoch)
        offered = conversation.state is State.OFFERED and conversation.offered_to == agent
        if conversation.state is not State.QUEUED and not offered:
            raise Conflict(phrase="problem_taken", holder=conversation.holder, epoch=conversation.epoch)
        conversation = self._move(conversation, State.HUMAN, at, holder=agent)
        store.save(tx, conversation)
        name = self.staff.name(tx, agent)
        return self._announce(tx, conversation, at, "agent_joined", internal={"claimed_by": agent}, agent=name)

    def take_over(
        self, tx: Tx, conversation: Conversation, lead: str, at: datetime, internal: Mapping[str, Any]
    ) -> Conversation:
        """Out of an agent's hands into those of somebody above him; the customer reads who is there now."""
        if conversation.state is not State.HUMAN or conversation.holder == lead:
            raise Conflict(phrase="problem_taken", holder=conversation.holder, epoch=conversation.epoch)
        conversation = self._move(conversation, State.HUMAN, at, holder=lead)
        store.save(tx, conversation)
        name = self.staff.name(tx, lead)
        return self._announce(tx, conversation, at, "agent_joined", internal=internal, agent=name)

    def return_to_bot(
        self, tx: Tx, conversation: Conversation, at: datetime, internal: Mapping[str, Any]
    ) -> Conversation:
        thread = escalation.returned(escalation.from_json(conversation.thread), at)
        conversation = self._to_bot(conversation, at, thread)
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, "agent_left_bot", internal=internal)

    def requeue(
        self, tx: Tx, conversation: Conversation, at: datetime, phrase: str, internal: Mapping[str, Any]
    ) -> Conversation:
        """Transferred, or the agent is lost: back to the queue with the first waiting time, never to the same agent."""
        declined_by = (*conversation.declined_by, str(conversation.holder))
        conversation = self._move(conversation, State.QUEUED, at, holder=None, declined_by=declined_by)
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, phrase, internal=internal)

    def close(self, tx: Tx, conversation: Conversation, at: datetime, form: Mapping[str, Any]) -> Conversation:
        """The person has ended: the customer sees it and is asked once how it was (002-20)."""
        conversation = self._move(conversation, State.WRAP_UP, at, holder=conversation.holder)
        store.save(tx, conversation)
        conversation = self._announce(tx, conversation, at, "agent_closed", internal=dict(form))
        return self.surveys.at_end(tx, conversation, at)

    def back_to_agent(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """A new message after the close: queued again, offered to the same agent first."""
        agent = conversation.holder
        conversation = self._move(
            conversation, State.QUEUED, at, holder=None, waiting_since=at, declined_by=(), offered_to=agent
        )
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, "queue_notice", **self.queueing.wait(tx, conversation, at))

    def finish(self, tx: Tx, conversation: Conversation, at: datetime, phrase: str | None) -> Conversation:
        conversation = self._move(conversation, State.CLOSED, at, holder=None)
        store.save(tx, conversation)
        return self._announce(tx, conversation, at, phrase) if phrase else self._record(tx, conversation, at, {})

    # what is said on the way

    def queue_notice(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        notice = self.speech.phrase("queue_notice", **self.queueing.wait(tx, conversation, at))
        return self.speech.say(tx, conversation, at, replace(notice, kind="notice"), actor=SYSTEM)[0]

    def waited_long(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """Ten minutes in the queue: the customer is told once and may leave a message; supervisors see it (004-21)."""
        if not self.queueing.waits_too_long(conversation, at) or store.was_said(tx, conversation.id, "waiting_long"):
            return conversation
        notice = replace(self.speech.phrase("waiting_long", **self.queueing.wait(tx, conversation, at)), kind="notice")
        return self.speech.say(tx, conversation, at, notice, actor=SYSTEM)[0]

    def check_epoch(self, conversation: Conversation, epoch: int) -> None:
        if conversation.epoch != epoch:
            raise StaleEpoch(holder=conversation.holder, epoch=conversation.epoch)

    def _leave_message(self, tx: Tx, conversation: Conversation, reason: str, at: datetime) -> Conversation:
        if conversation.state is State.MESSAGE_LEFT:
            again = self.speech.phrase("message_left_again")
            return self.speech.say(tx, conversation, at, again)[0]
        due_at = self.queueing.callback_due(at)
        case = self.callbacks(tx, conversation.id, conversation.last_seq, reason, due_at)
        opens = None if self.queueing.desk_open(at) else self.queueing.next_opening(at)
        conversation = self._move(
            conversation,
            State.MESSAGE_LEFT,
            at,
            holder="bot",
            reason=reason,
            waiting_since=None,
            thread=escalation.to_json(escalation.ended(escalation.from_json(conversation.thread))),
        )
        store.save(tx, conversation)
        values = {"case": case["number"], "due": spoken(due_at)}
        if opens is not None:
            values["opens"] = spoken(opens)
        phrase = "message_left" if opens is None else "outside_hours"
        return self._announce(tx, conversation, at, phrase, beside=case, **values)

    def _to_bot(self, conversation: Conversation, at: datetime, thread: escalation.Thread) -> Conversation:
        return self._move(
            conversation, State.BOT, at, holder="bot", reason=None, waiting_since=None, ahead_s=0,
            declined_by=(), thread=escalation.to_json(thread),
        )  # fmt: skip

    def _move(
        self, conversation: Conversation, state: State, at: datetime, holder: str | None, **values: Any
    ) -> Conversation:
        if state not in WAYS[conversation.state]:
            raise Conflict(holder=conversation.holder, epoch=conversation.epoch)
        moved = replace(conversation, state=state, holder=holder, epoch=conversation.epoch + 1, updated_at=at)
        moved = replace(moved, **{"offered_to": None, "due_at": None, **values})
        return replace(moved, due_at=self.due_at(moved, at))

    def due_at(self, conversation: Conversation, now: datetime) -> datetime | None:
        """When the worker must look at the conversation next. No message puts off a look at who waits."""
        rules, state = self.rules, conversation.state
        if state in BOT_SPEAKS:
            idle = conversation.updated_at + timedelta(seconds=rules.idle_close_s)
            fires = escalation.fires_at(escalation.from_json(conversation.thread), rules)
            return min(filter(None, (idle, fires if state is State.BOT else None)))
        if state is State.OFFERED:
            return conversation.due_at or now + timedelta(seconds=rules.offer_s)
        if state is State.WRAP_UP:
            return conversation.updated_at + timedelta(seconds=rules.wrap_up_s)
        if state in (State.QUEUED, State.HUMAN):
            # has the desk closed, has a clock run out?
            return conversation.due_at or now + timedelta(seconds=LOOK_S)
        return None

    def _announce(
        self,
        tx: Tx,
        conversation: Conversation,
        at: datetime,
        phrase: str,
        internal: Mapping[str, Any] | None = None,
        beside: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Conversation:
        """Tell the customer of a change of holder, as an event of kind `state`."""
        line = self.speech.phrase(phrase, **values)
        known = {**line.internal, **(internal or {}), "reason": conversation.reason}
        handovers.follow(tx, conversation, at, known)
        line = replace(line, kind="state", case=beside, internal=known)
        return self.speech.say(tx, conversation, at, line, actor=SYSTEM)[0]

    def _record(self, tx: Tx, conversation: Conversation, at: datetime, internal: Mapping[str, Any]) -> Conversation:
        """A change that the customer need not read: in the log and in the state, without words."""
        handovers.follow(tx, conversation, at, internal)
        silent = Utterance("", kind="state", internal={**internal, "reason": conversation.reason})
        return self.speech.say(tx, conversation, at, silent, actor=SYSTEM)[0]
