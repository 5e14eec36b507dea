"""What agents do with conversations, and how these find their agents. The states are `conversation.handoff`'s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.clock import rfc3339
from bot.conversation import escalation, incidents, store
from bot.conversation.incidents import Incident
from bot.conversation.intake import MAX_CHARS
from bot.conversation.model import Actor, Conversation, State
from bot.conversation.package import package, reason, topic_words, wire
from bot.conversation.service import Conversations
from bot.conversation.speech import Utterance
from bot.db import Tx
from bot.desk.channels import ChannelState, Seen, in_brief, name_only
from bot.desk.deadlines import deadlines
from bot.desk.refusals import refusals_kept, was_asked
from bot.desk.staff import Agent, Staff
from bot.errors import Conflict, Forbidden, InvalidInput, KeyReused
from bot.text.mask import mask
from bot.text.normalise import clean
from bot.wakeups import DESK

RESULTS = ("solved", "unsolved", "follow_up")
AGENT_MAX_CHARS = 2 * MAX_CHARS
Cases = Callable[[Tx, str], Sequence[dict[str, Any]]]


class AgentFull(Conflict):
    """The agent holds as many conversations as he may (004-83)."""

    type = "agent-full"


class Desk:
    def __init__(self, conversations: Conversations, staff: Staff, cases: Cases) -> None:
        self.conversations = conversations
        self.handoff = conversations.handoff
        self.knowledge = conversations.knowledge
        self.db = conversations.db
        self.clock = conversations.clock
        self.wakeups = conversations.wakeups
        self.staff = staff
        self.cases = cases
        self.channel_state: ChannelState = name_only

    # what an agent does

    def claim(self, agent: Agent, conversation_id: str, epoch: int) -> int:
        """Take a waiting conversation or accept an offer; gives the new epoch.

        Raises StaleEpoch, Conflict, AgentFull.
        """
        with self._changed(conversation_id) as (tx, conversation):
            self.staff.get(tx, agent.username, lock=True)  # two claims of one agent must not both see room
            offered = conversation.state is State.OFFERED and conversation.offered_to == agent.username
            if self._load(tx, agent) >= agent.limit and not offered:  # an offer counts already
                self.handoff.check_epoch(conversation, epoch)
                raise AgentFull(values={"limit": str(agent.limit)})
            return self.handoff.claim(tx, conversation, agent.username, epoch, self.clock.now()).epoch

    def decline(self, agent: Agent, conversation_id: str, epoch: int, why: str) -> None:
        with self._changed(conversation_id) as (tx, conversation):
            self.handoff.decline(tx, conversation, agent.username, epoch, why, self.clock.now())

    def send(
        self,
        agent: Agent,
        conversation_id: str,
        epoch: int,
        key: str,
        text: str,
        override: str | None = None,
        confirmed: bool = False,
    ) -> int:
        """Say something to the customer, through the guard; gives the sequence number. `confirmed`: he was asked to
        look at these very words again, and did.

        Raises RefusedByGuard, StaleEpoch, Forbidden (override without the role), InvalidInput, KeyReused.
        """
        if override is not None and not agent.supervisor:
            raise Forbidden(phrase="problem_override_role")
        text = clean(text).strip()
        if not text:
            raise InvalidInput("empty text", phrase="empty", field="text")
        if len(text) > AGENT_MAX_CHARS:
            raise InvalidInput("text too long", phrase="too_long", values={"limit": str(AGENT_MAX_CHARS)}, field="text")
        text = mask(text).text  # what an agent types of a customer's data is not stored in the clear either
        key = f"{agent.username}:{key}"
        kept = refusals_kept(self.db, self.clock, agent.username, conversation_id, text)
        with kept, self._changed(conversation_id) as (tx, conversation):
            earlier = store.by_key(tx, conversation_id, key)
            if earlier is not None:
                if (earlier.payload.get("internal") or {}).get("typed") != text:
                    raise KeyReused()
                return earlier.seq
            self._holds(agent, conversation, epoch)
            _, event = self.handoff.speech.say(
                tx,
                conversation,
                self.clock.now(),
                Utterance(text, asked=self._asked(tx, conversation), internal={"typed": text, "by": agent.username}),
                actor=Actor("agent", agent.name),
                key=key,
                override_reason=override,
                confirmed=confirmed and was_asked(tx, agent.username, conversation_id, text),
            )
            return event.seq

    def return_to_bot(self, agent: Agent, conversation_id: str, epoch: int) -> int:
        with self._changed(conversation_id) as (tx, conversation):
            self._holds(agent, conversation, epoch)
            self.staff.idle_again(tx, agent.username)
            return self.handoff.return_to_bot(tx, conversation, self.clock.now()).epoch

    def transfer(self, agent: Agent, conversation_id: str, epoch: int, to: str, note: str) -> int:
        """Back to the queue for somebody else, with a note; `to` is an agent's name or empty for anybody."""
        with self._changed(conversation_id) as (tx, conversation):
            self._holds(agent, conversation, epoch)
            if to:
                self.staff.get(tx, to)
            internal = {"transferred_by": agent.username, "to": to, "note": mask(clean(note)).text}
            self.staff.idle_again(tx, agent.username)
            moved = self.handoff.requeue(tx, conversation, self.clock.now(), "transferred", internal)
            if to:
                moved = replace(moved, offered_to=to)
                store.save(tx, moved)
            return moved.epoch

    def close(self, agent: Agent, conversation_id: str, epoch: int, result: str, category: str, note: str) -> int:
        if result not in RESULTS:
            raise InvalidInput(f"result is one of {', '.join(RESULTS)}", field="result")
        form = {"result": result, "category": category, "note": mask(clean(note)).text, "by": agent.username}
        with self._changed(conversation_id) as (tx, conversation):
            self._holds(agent, conversation, epoch)
            self.staff.idle_again(tx, agent.username)
            return self.handoff.close(tx, conversation, self.clock.now(), form).epoch

    # what an agent sees

    def view(self, agent: Agent) -> dict[str, Any]:
        """The whole desk of one agent, in one consistent read."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            fresh = self.staff.get(tx, agent.username)
            waiting = store.waiting(tx)
            places = {conversation.id: place for place, conversation in enumerate(waiting, 1)}
            mine = store.held_by(tx, agent.username, [State.HUMAN])
            offers = [c for c in waiting if c.state is State.OFFERED and c.offered_to == agent.username]
            return {
                "now": rfc3339(now),
                "presence": fresh.presence,
                "limit": fresh.limit,
                "queue": [self._waiting_item(tx, c, places) for c in waiting if c.state is State.QUEUED],
                "offers": [
                    {**self._waiting_item(tx, c, places), "expires_at": rfc3339(c.due_at) if c.due_at else None}
                    for c in offers
                ],
                "mine": [self._item(tx, c, places) for c in mine],
                "incidents": [stop.wire() for stop in incidents.in_force(tx, now)],
            }

    def stops(self) -> list[Incident]:
        """What is stopped now."""
        with self.db.transaction() as tx:
            return incidents.in_force(tx, self.clock.now())

    def conversation(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """Snapshot with the handover package. Raises Forbidden for what is neither waiting nor one's own."""
        with self.db.transaction() as tx:
            conversation = self.readable(tx, agent, conversation_id)
            log = store.read(tx, conversation_id)
            cases = self.cases(tx, conversation_id)
            channel_state = dict(self.channel_state(tx, conversation))
        return {
            "package": package(conversation, log, self.knowledge, cases),
            "events": [wire(event) for event in log],
            "state": conversation.state.value,
            "holder": conversation.holder,
            "epoch": conversation.epoch,
            "deadlines": deadlines(conversation, log, self.knowledge, self.clock.now()),
            "channel_state": channel_state,
        }

    def readable(self, tx: Tx, agent: Agent, conversation_id: str) -> Conversation:
        """Raises NotFound, and Forbidden for what is neither waiting nor one's own."""
        conversation = store.get(tx, conversation_id)
        waiting = conversation.state in (State.QUEUED, State.OFFERED)
        if not (waiting or conversation.holder == agent.username or agent.supervisor):
            raise Forbidden()
        return conversation

    def updates(self, agent: Agent, seen: Mapping[str, Seen]) -> list[dict[str, Any]]:
        """What is new in the agent's conversations: events, or the channel's state without any."""
        changed = []
        with self.db.transaction() as tx:
            for conversation in store.held_by(tx, agent.username, [State.HUMAN, State.WRAP_UP]):
                told = seen.get(conversation.id, Seen())
                channel_state = dict(self.channel_state(tx, conversation))
                if conversation.last_seq > told.last_seq or channel_state != told.channel_state:
                    log = store.read(tx, conversation.id, told.last_seq)
                    changed.append(
                        {
                            "conversation_id": conversation.id,
                            "events": [wire(event) for event in log],
                            "state": conversation.state.value,
                            "holder": conversation.holder,
                            "epoch": conversation.epoch,
                            "last_seq": log[-1].seq if log else told.last_seq,
                            "channel_state": channel_state,
                        }
                    )
        return changed

    # routing

    def tick(self) -> int:
        """Offer who waits to who is ready; take back what an absent agent holds. Gives how many changed."""
        return self._take_back() + self._offer_waiting()

    def _offer_waiting(self) -> int:
        now = self.clock.now()
        with self.db.transaction() as tx:
            waiting = [c.id for c in store.waiting(tx) if c.state is State.QUEUED]
            if not waiting or not self.staff.ready_agents(tx, now):
                return 0
        return sum(self._offer(conversation_id) for conversation_id in waiting)

    def _offer(self, conversation_id: str) -> bool:
        with self.db.transaction() as tx:
            offered = self._offer_in(tx, store.get(tx, conversation_id, lock=True))
        if offered:  # a look that changed nothing must not bring on the next look
            self.wakeups.notify(conversation_id, DESK)
        return offered

    def _offer_in(self, tx: Tx, conversation: Conversation) -> bool:
        agent = self._choose(tx, conversation) if conversation.state is State.QUEUED else None
        if agent is None:
            return False
        self.staff.get(tx, agent.username, lock=True)  # an offer and a claim at once must not both see room
        if self._load(tx, agent) >= agent.limit:
            return False  # the next look finds somebody
        self.handoff.offer(tx, conversation, agent.username, self.clock.now())
        return True

    def _choose(self, tx: Tx, conversation: Conversation) -> Agent | None:
        """Never who declined; the agent the customer had, or is meant for, first; then the least busy, longest idle."""
        free = [
            (self._load(tx, agent), agent)
            for agent in self.staff.ready_agents(tx, self.clock.now())
            if agent.username not in conversation.declined_by
        ]
        free = [(load, agent) for load, agent in free if load < agent.limit]
        for _, agent in free:
            if agent.username == conversation.offered_to:
                return agent
        return min(free, key=lambda pair: pair[0])[1] if free else None

    def _take_back(self) -> int:
        """The agent's console has been silent for too long: the customer goes to the head of the queue."""
        with self.db.transaction() as tx:
            lost = [c.id for c in store.in_state(tx, State.HUMAN) if self._is_lost(tx, c)]
        for conversation_id in lost:
            with self._changed(conversation_id) as (tx, conversation):
                if conversation.state is State.HUMAN and self._is_lost(tx, conversation):
                    internal = {"lost": conversation.holder}
                    self.handoff.requeue(tx, conversation, self.clock.now(), "agent_left_queue", internal)
        return len(lost)

    def _is_lost(self, tx: Tx, conversation: Conversation) -> bool:
        seen_at = self.staff.get(tx, str(conversation.holder)).seen_at
        return seen_at is None or self.clock.now() - seen_at > timedelta(seconds=self.handoff.rules.lease_s)

    def _asked(self, tx: Tx, conversation: Conversation) -> tuple[str, ...]:
        """What the customer wrote last: an agent who takes it up is not the one who promises."""
        said = [e for e in store.read(tx, conversation.id) if e.actor.kind == "customer"]
        return tuple(event.payload["text"] for event in said[-5:])

    def _load(self, tx: Tx, agent: Agent) -> int:
        offered = [c for c in store.waiting(tx) if c.state is State.OFFERED and c.offered_to == agent.username]
        return len(store.held_by(tx, agent.username, [State.HUMAN])) + len(offered)

    def _holds(self, agent: Agent, conversation: Conversation, epoch: int) -> None:
        self.handoff.check_epoch(conversation, epoch)
        if conversation.state is not State.HUMAN or conversation.holder != agent.username:
            raise Conflict(phrase="problem_taken", holder=conversation.holder, epoch=conversation.epoch)

    @contextmanager
    def _changed(self, conversation_id: str) -> Iterator[tuple[Tx, Conversation]]:
        """A transaction on one locked conversation; everybody who watches it is woken when it has committed."""
        with self.db.transaction() as tx:
            yield tx, store.get(tx, conversation_id, lock=True)
        self.wakeups.notify(conversation_id, DESK)

    def _item(self, tx: Tx, conversation: Conversation, places: Mapping[str, int]) -> dict[str, Any]:
        log = store.read(tx, conversation.id)
        said = [event for event in log if event.kind == "message"]
        by_agent = max((e.seq for e in said if e.actor.kind == "agent"), default=0)
        asked = [event for event in said if event.actor.kind == "customer"]
        thread = escalation.from_json(conversation.thread)
        why = reason(conversation, self.knowledge)
        return {
            "conversation_id": conversation.id,
            "channel": conversation.channel,
            "state": conversation.state.value,
            "epoch": conversation.epoch,
            "reason": why,
            "topic": topic_words(thread.topic, self.knowledge),
            "severity_flag": conversation.priority > 0,
            "alarm": self.handoff.waits_too_long(conversation, self.clock.now()),
            "waiting_since": rfc3339(conversation.waiting_since) if conversation.waiting_since else None,
            "place": places.get(conversation.id),
            "last_text": asked[-1].payload["text"][:80] if asked else "",
            "last_at": rfc3339(asked[-1].at) if asked else None,
            "last_seq": conversation.last_seq,
            "unread": sum(event.seq > by_agent for event in asked),
            "holder": conversation.holder,
            "typing": self.wakeups.is_typing(conversation.id),
            "channel_state": dict(self.channel_state(tx, conversation)),
        }

    def _waiting_item(self, tx: Tx, conversation: Conversation, places: Mapping[str, int]) -> dict[str, Any]:
        item = self._item(tx, conversation, places)
        return {**item, "channel_state": in_brief(item["channel_state"])}
