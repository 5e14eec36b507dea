"""To whom an agent may pass a customer on: a colleague, a group, somebody with experience; and who of them is free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.conversation import counts
from bot.conversation.model import Conversation
from bot.db import Tx
from bot.desk.recused import Recusal, barred
from bot.desk.routing import AT_DESK, Routing
from bot.desk.skills import takes
from bot.desk.staff import Agent
from bot.errors import Conflict, InvalidInput, NotFound
from bot.knowledge import Knowledge

AGENT, QUEUE, SENIOR = "agent:", "queue:", "senior"


class NotFree(Conflict):
    """Nobody of those he is meant for could take him now."""

    type = "not-free"


class Wishes:
    def __init__(self, routing: Routing, recusal: Recusal) -> None:
        self.routing = routing
        self.staff = routing.staff
        self.knowledge = routing.knowledge
        self.recusal = recusal

    def listed(self, tx: Tx, agent: Agent) -> list[dict[str, Any]]:
        """Groups, the experienced, colleagues: [{"id", "label", "free"}]."""
        able = self._able(tx, agent)
        names = self.staff.names_in(tx, working=True)
        wishes = [(f"{QUEUE}{queue.id}", str(queue.name)) for queue in self.knowledge.escalation.queues]
        wishes += [(SENIOR, self.knowledge.phrase("transfer_senior")[0])]
        wishes += [(f"{AGENT}{username}", name) for username, name in names.items() if username != agent.username]
        return [
            {"id": id_, "label": label, "free": any(_fits(one, id_, self.knowledge) for one in able)}
            for id_, label in wishes
        ]

    def meant(self, tx: Tx, conversation: Conversation, to: str, agent: Agent, anyway: bool) -> Conversation:
        """The conversation as it goes on: its group, its need. A colleague is asked once more.

        Raises InvalidInput, NotFound (no such colleague), NotFree.
        """
        if not to:
            return conversation
        if to.startswith(AGENT):
            username = to.removeprefix(AGENT)
            if username not in self.staff.names_in(tx, working=True):
                raise NotFound("no such colleague")
            declined_by = tuple(name for name in conversation.declined_by if name != username)
            conversation = replace(conversation, declined_by=declined_by)
        elif to.startswith(QUEUE) and to.removeprefix(QUEUE) in self._groups:
            conversation = replace(conversation, queue=to.removeprefix(QUEUE))
        elif to == SENIOR:
            conversation = replace(conversation, senior=True)
        else:
            raise InvalidInput("nobody can be meant by that", field="to")
        able = self._able(tx, agent)
        kept = self.recusal.kept(tx, (one.username for one in able))
        never = {*conversation.declined_by, *barred(kept, conversation.id)}
        able = [one for one in able if one.username not in never]
        if not anyway and not any(_fits(one, to, self.knowledge) for one in able):
            raise NotFree(epoch=conversation.epoch, holder=conversation.holder)
        return conversation

    @property
    def _groups(self) -> set[str]:
        return {str(queue.id) for queue in self.knowledge.escalation.queues}

    def _able(self, tx: Tx, agent: Agent) -> list[Agent]:
        """Who is at the desk beside himself, and has room."""
        loads = counts.loads(tx)
        there = self.staff.there(tx, self.routing.clock.now())
        others = [one for one in there if one.username != agent.username and one.presence in AT_DESK]
        return [one for one in others if loads.get(one.username, 0) < one.limit]


def _fits(agent: Agent, to: str, said: Knowledge) -> bool:
    if to == SENIOR:
        return agent.senior
    if to.startswith(AGENT):
        return agent.username == to.removeprefix(AGENT)
    return takes(agent, to.removeprefix(QUEUE), said)
