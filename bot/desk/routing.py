"""How those who wait find their agents, and how they get away from an agent who is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation import counts, handovers, store
from bot.conversation.model import Conversation, State
from bot.conversation.service import Conversations
from bot.db import Tx
from bot.desk import skills
from bot.desk.changing import changed
from bot.desk.recused import Kept, Recusal, barred
from bot.desk.staff import Agent, Staff
from bot.wakeups import DESK

READY = "ready"
AT_DESK = (READY, "busy")  # who is busy may still take a customer by himself


@dataclass
class Look:
    """The desk as it is read once: who is there, longest idle first; what each has; what is kept from whom."""

    there: list[Agent]
    loads: dict[str, int]
    kept: Kept

    def free(self, agent: Agent) -> bool:
        return agent.presence == READY and self.loads.get(agent.username, 0) < agent.limit

    def share(self, agent: Agent) -> float:
        return self.loads.get(agent.username, 0) / agent.limit


class Routing:
    def __init__(self, conversations: Conversations, staff: Staff, recusal: Recusal) -> None:
        self.handoff = conversations.handoff
        self.knowledge = conversations.knowledge
        self.db = conversations.db
        self.clock = conversations.clock
        self.wakeups = conversations.wakeups
        self.staff = staff
        self.recusal = recusal

    def tick(self) -> int:
        """Take back what an absent agent holds or is offered; offer who waits to who is ready. How many changed."""
        return self._take_back() + self._offer_waiting()

    def _offer_waiting(self) -> int:
        with self.db.transaction() as tx:
            planned = self._plan(tx, self._look(tx))
        return sum(self._offer(*one) for one in planned)

    def _plan(self, tx: Tx, look: Look) -> list[tuple[str, str]]:
        """Which customer is offered to which agent, in the order in which they are served, until nobody has room."""
        if not any(map(look.free, look.there)):
            return []
        waiting = [c for c in store.waiting(tx) if c.state is State.QUEUED]
        entries = handovers.standing(tx, [c.id for c in waiting])
        planned = []
        for conversation in waiting:
            entry = entries.get(conversation.id)
            agent = self._choose(look, conversation, entry.entered_at if entry else None)
            if agent is not None:
                planned.append((conversation.id, agent.username))
                look.loads[agent.username] = look.loads.get(agent.username, 0) + 1
                if not any(map(look.free, look.there)):
                    break
        return planned

    def _choose(self, look: Look, conversation: Conversation, since: datetime | None) -> Agent | None:
        """Not who declined or is accused; whom he had, or is meant for, first; then who knows his matter best, is the
        least busy, and has been idle longest. Who lacks something is asked when nobody who knows it is at the desk, or
        when the customer has waited for those long enough.
        """
        never = {*conversation.declined_by, *barred(look.kept, conversation.id)}
        agents = [agent for agent in look.there if agent.username not in never and agent.presence in AT_DESK]
        lacks = {agent.username: skills.lacks(agent, conversation, self.knowledge) for agent in agents}
        widen = timedelta(seconds=self.knowledge.escalation.widen_s)
        narrow = 0 in lacks.values() and since is not None and self.clock.now() - since < widen
        wish = conversation.offered_to
        free = [a for a in agents if look.free(a) and (not narrow or lacks[a.username] == 0 or a.username == wish)]
        return min(
            free,
            key=lambda agent: (agent.username != wish, lacks[agent.username], look.share(agent)),
            default=None,
        )

    def _offer(self, conversation_id: str, username: str) -> bool:
        """As planned, if it still holds; else the next look finds somebody."""
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            agent = self.staff.get(tx, username, lock=True)  # an offer and a claim at once must not both see room
            offered = (
                conversation.state is State.QUEUED
                and username not in conversation.declined_by
                and agent.presence == READY
                and self.load(tx, agent) < agent.limit
            )
            if offered:
                self.handoff.offer(tx, conversation, username, self.clock.now())
        if offered:  # a look that changed nothing must not bring on the next look
            self.wakeups.notify(conversation_id, DESK)
        return offered

    def _take_back(self) -> int:
        """The agent's console has been silent for too long, or the customer now complains about him: back to the
        queue, at its head; an offer to him is declined."""
        with self.db.transaction() as tx:
            look = self._look(tx)
            held = [c for state in (State.HUMAN, State.OFFERED) for c in store.in_state(tx, state)]
            lost = [c.id for c in held if self._is_lost(look, c)]
        return sum(map(self._take, lost))

    def _take(self, conversation_id: str) -> bool:
        with changed(self.db, self.wakeups, conversation_id) as (tx, conversation):
            lost = self._is_lost(self._look(tx), conversation)
            now, agent = self.clock.now(), str(conversation.holder or conversation.offered_to)
            if lost and conversation.state is State.HUMAN:
                self.handoff.requeue(tx, conversation, now, "agent_left_queue", {"lost": agent})
            elif lost and conversation.state is State.OFFERED:
                self.handoff.decline(tx, conversation, agent, conversation.epoch, "not there any more", now)
            return lost

    def _is_lost(self, look: Look, conversation: Conversation) -> bool:
        agent = str(conversation.holder or conversation.offered_to)
        there = any(one.username == agent for one in look.there)
        return not there or agent in barred(look.kept, conversation.id)

    def _look(self, tx: Tx) -> Look:
        there = self.staff.there(tx, self.clock.now())
        return Look(there, counts.loads(tx), self.recusal.kept(tx, (agent.username for agent in there)))

    def load(self, tx: Tx, agent: Agent) -> int:
        """How many he has: those he talks with, and those he is asked to take."""
        return counts.loads(tx).get(agent.username, 0)
