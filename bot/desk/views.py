"""What an agent sees: his whole desk, one conversation with its package, and what is new in those that he holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.clock import rfc3339
from bot.conversation import clocks, handovers, history, incidents, store
from bot.conversation.incidents import Incident
from bot.conversation.model import Conversation, Event, State
from bot.conversation.package import package, wire
from bot.conversation.service import Conversations
from bot.db import Tx
from bot.desk.channels import ChannelState, Seen, name_only
from bot.desk.items import items, places_of
from bot.desk.marks import of as marks_of
from bot.desk.recused import Recusal
from bot.desk.refusals import subject
from bot.desk.rights import Act
from bot.desk.staff import Agent, Staff
from bot.errors import Forbidden, NotFound
from bot.privacy.audit import Action, audit

Cases = Callable[[Tx, str, str], Sequence[dict[str, Any]]]  # of the conversation's customer, for this agent

Alerts = Callable[[Tx, Agent], Mapping[str, int]]  # what stands for this agent to be seen: the same, nothing is new

Places = dict[str, int]
HEAD = 50  # of the queue: more than anybody reads, and few enough to be drawn at once


class Views:
    def __init__(self, conversations: Conversations, staff: Staff, cases: Cases, recusal: Recusal) -> None:
        self.handoff = conversations.handoff
        self.knowledge = conversations.knowledge
        self.db = conversations.db
        self.clock = conversations.clock
        self.wakeups = conversations.wakeups
        self.staff = staff
        self.cases = cases
        self.recusal = recusal
        self.channel_state: ChannelState = name_only
        self.alerts: Alerts = lambda tx, agent: {}

    def view(self, agent: Agent) -> dict[str, Any]:
        """The whole desk of one agent, in one consistent read; of the queue the head, and how many it holds."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            fresh = self.staff.get(tx, agent.username)
            queue, offers, mine, places = self._lists(tx, agent)
            shown = items(self, tx, [*queue[:HEAD], *offers, *mine], places)
            ends = len(queue[:HEAD]), len(queue[:HEAD]) + len(offers)
            return {
                "now": rfc3339(now),
                "presence": fresh.presence,
                "limit": fresh.limit,
                "queue": shown[: ends[0]],
                "queue_total": len(queue),
                "offers": shown[ends[0] : ends[1]],
                "mine": shown[ends[1] :],
                "alerts": dict(self.alerts(tx, agent)),
                "incidents": [stop.wire() for stop in incidents.in_force(tx, now)],
            }

    def listed(
        self,
        agent: Agent,
        state: str | None = None,
        queue: str | None = None,
        after: str | None = None,
        limit: int = HEAD,
    ) -> dict[str, Any]:
        """{"conversations", "total", "next"}: who waits, offers and his own, in this state and group, page by page.

        `next` names the last of this page, to be given as `after`; null: there are no more.
        """
        with self.db.transaction() as tx:
            waiting, offers, mine, places = self._lists(tx, agent)
            such = [
                one
                for one in (*waiting, *offers, *mine)
                if state in (None, one.state.value) and queue in (None, one.queue)
            ]
            first = next((place for place, one in enumerate(such, 1) if one.id == after), 0)
            page = such[first : first + limit]
            more = first + limit < len(such)
            shown = items(self, tx, page, places)
        return {"conversations": shown, "total": len(such), "next": page[-1].id if more else None}

    def _lists(self, tx: Tx, agent: Agent) -> tuple[list[Conversation], list[Conversation], list[Conversation], Places]:
        """Who waits, who is offered to him, whom he serves; and everybody's place."""
        everybody = store.waiting(tx)
        waiting = self.recusal.without_own(tx, agent, everybody) if agent.may(Act.SERVE) else []
        mine = self.recusal.without_own(tx, agent, store.held_by(tx, agent.username, [State.HUMAN]))
        queue = [c for c in waiting if c.state is State.QUEUED]
        offers = [c for c in waiting if c.state is State.OFFERED and c.offered_to == agent.username]
        return queue, offers, mine, places_of(everybody)

    def stops(self) -> list[Incident]:
        """What is stopped now."""
        with self.db.transaction() as tx:
            return incidents.in_force(tx, self.clock.now())

    def conversation(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """Snapshot with the handover package. Raises as `readable`."""
        with self.db.transaction() as tx:
            conversation = self.readable(tx, agent, conversation_id)
            if not self._is_his_work(agent, conversation):
                audit(tx, self.clock.now(), agent.username, Action.CONVERSATION_READ, subject(conversation_id))
            log = store.read(tx, conversation_id)
            cases = self.cases(tx, conversation_id, agent.username)
            channel_state, marks = dict(self.channel_state(tx, conversation)), marks_of(tx, conversation_id)
            clocks_ = self.clocks(tx, conversation)
            beside = {
                "notes": history.notes(log, self.staff.names_in(tx)),
                "history": self._earlier(tx, agent, conversation),
            }
        made = package(conversation, log, self.knowledge, cases)
        if agent.may(Act.READ_ANY):  # nobody else may learn what the customer must not
            made["signals"]["flags"] = self._flags(conversation)
        return {
            "package": {**made, **beside, "marks": marks},
            "events": [wire(event) for event in log],
            "state": conversation.state.value,
            "holder": conversation.holder,
            "epoch": conversation.epoch,
            "clocks": clocks_,
            "channel_state": channel_state,
        }

    def earlier(self, agent: Agent, conversation_id: str, other: str) -> dict[str, Any]:
        """One of the customer's earlier conversations, for who may read this one; the reading is audited.

        Raises as `readable`, and NotFound where `other` is none of them or the customer complains about him there.
        """
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = self.readable(tx, agent, conversation_id)
            found = next((one for one in self._earlier(tx, agent, conversation) if one["id"] == other), None)
            if found is None:
                raise NotFound("no such conversation")
            log = store.read(tx, other)
            audit(tx, now, agent.username, Action.HISTORY_READ, subject(other), {"from": conversation_id})
            notes = history.notes(log, self.staff.names_in(tx))
        return {**found, "notes": notes, "events": [wire(event) for event in log]}

    def _earlier(self, tx: Tx, agent: Agent, conversation: Conversation) -> list[dict[str, Any]]:
        kept = self.recusal.kept_from(tx, agent.username)
        return [one for one in history.earlier(tx, conversation, self.knowledge) if one["id"] not in kept]

    def _flags(self, conversation: Conversation) -> list[dict[str, str | None]]:
        """What was noticed; a flag that knowledge no longer has keeps its id."""
        known = {str(signal.flag): signal.text for signal in self.knowledge.escalation.signals}
        return [{"id": flag, "text": known.get(flag)} for flag in conversation.flags]

    def clocks(self, tx: Tx, conversation: Conversation) -> list[dict[str, Any]]:
        """Those that run now, as the console reads them."""
        entry = handovers.open_of(tx, conversation.id)
        return clocks.shown(clocks.clocks(conversation, entry, self.knowledge), self.knowledge, self.clock.now())

    def readable(self, tx: Tx, agent: Agent, conversation_id: str) -> Conversation:
        """Raises NotFound (also where the customer complains about him), Forbidden (neither waiting nor his own)."""
        conversation = store.get(tx, conversation_id)
        self.recusal.meets(tx, agent, conversation_id)
        if not (self._is_his_work(agent, conversation) or agent.may(Act.READ_ANY)):
            raise Forbidden()
        return conversation

    def served(self, tx: Tx, agent: Agent, conversation_id: str) -> Conversation:
        """One that he may read, or an earlier one of a customer whom he serves. Raises as `readable`."""
        try:
            return self.readable(tx, agent, conversation_id)
        except Forbidden:
            his = store.held_by(tx, agent.username, [State.HUMAN, State.WRAP_UP])
            if not any(conversation_id in store.chain_of(tx, one) for one in his):
                raise
            return store.get(tx, conversation_id)

    def _is_his_work(self, agent: Agent, conversation: Conversation) -> bool:
        waiting = conversation.state in (State.QUEUED, State.OFFERED)
        return (waiting and agent.may(Act.SERVE)) or conversation.holder == agent.username

    def watch(self, agent: Agent, conversation_id: str) -> None:
        """A supervisor begins to look over an agent's shoulder; it stands in the audit log.

        Raises Forbidden, NotFound (the customer complains about him).
        """
        if not agent.may(Act.TAKE_OVER):
            raise Forbidden(phrase="problem_lead_role")
        with self.db.transaction() as tx:
            holder = self.readable(tx, agent, conversation_id).holder
            audit(tx, self.clock.now(), agent.username, Action.WATCHED, subject(conversation_id), {"holder": holder})

    def updates(self, agent: Agent, seen: Mapping[str, Seen], watched: str | None = None) -> list[dict[str, Any]]:
        """What is new in the agent's conversations, and in the one that he watches: events, or the channel's state.

        What he holds no longer comes once more, with what happened up to the change.
        """
        with self.db.transaction() as tx:
            held = store.held_by(tx, agent.username, [State.HUMAN, State.WRAP_UP])
            known = {conversation.id for conversation in held}
            others = [id_ for id_ in {*seen, *filter(None, (watched,))} if id_ not in known]
            found = self.recusal.without_own(tx, agent, [*held, *(store.get(tx, id_) for id_ in others)])
            changes = (self._change(tx, agent, one, seen.get(one.id, Seen()), watched) for one in found)
            return [change for change in changes if change is not None]

    def _change(
        self, tx: Tx, agent: Agent, one: Conversation, told: Seen, watched: str | None
    ) -> dict[str, Any] | None:
        channel_state = dict(self.channel_state(tx, one))
        if one.last_seq <= told.last_seq and channel_state == told.channel_state:
            return None
        log = store.read(tx, one.id, told.last_seq)
        gone = one.holder != agent.username and one.id != watched
        if gone:  # what comes after the change is not his to read
            ends = (n for n, e in enumerate(log, 1) if e.kind == "state" and e.payload.get("holder") != agent.username)
            log = log[: next(ends, 0)]
        return {
            "conversation_id": one.id,
            "events": [wire(event) for event in log],
            "state": one.state.value,
            "holder": one.holder,
            "epoch": one.epoch,
            "clocks": [] if gone else self.clocks(tx, one),
            "last_seq": log[-1].seq if log else told.last_seq,
            "channel_state": channel_state,
            "gone": gone,
            "taken_over": self._taken_over(tx, log) if gone else None,
        }

    def _taken_over(self, tx: Tx, log: Sequence[Event]) -> dict[str, str] | None:
        """By whom and why, for who has just lost it."""
        told = [event.payload.get("internal") or {} for event in log]
        taken = next((known for known in reversed(told) if "taken_over_by" in known), None)
        return {"by": self.staff.name(tx, taken["taken_over_by"]), "why": taken["why"]} if taken else None
