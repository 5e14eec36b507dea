"""Who can take a customer well: agents with his group, his line of business and enough experience."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.conversation.matter import line_of
from bot.conversation.model import Conversation
from bot.conversation.queueing import Room
from bot.knowledge import Knowledge

if TYPE_CHECKING:
    from bot.desk.staff import Agent


def lacks(agent: Agent, conversation: Conversation, said: Knowledge) -> int:
    """How much he lacks, 0 to 3. Skills count within their kind: who names no group takes all, and so with lines."""
    skills, lines = set(agent.skills), {str(one.id) for one in said.escalation.lines}
    line = line_of(conversation, said)
    return (
        (not takes(agent, conversation.queue, said))
        + bool(line is not None and skills & lines and line not in skills)
        + bool(conversation.senior and not agent.senior)
    )


def takes(agent: Agent, queue: str, said: Knowledge) -> bool:
    """Is that one of his groups?"""
    mine = {str(one.id) for one in said.escalation.queues}.intersection(agent.skills)
    return not mine or queue in mine


def room(agents: Iterable[Agent], loads: Mapping[str, int], conversation: Conversation, said: Knowledge) -> Room:
    """What agents have free for this customer: those who lack nothing, and where none is there, all the others.

    Who declined him has nothing.
    """
    others = [a for a in agents if a.username not in conversation.declined_by]
    able = [a for a in others if not lacks(a, conversation, said)] or others
    free = sum(max(a.limit - loads.get(a.username, 0), 0) for a in able)
    return Room(free, sum(a.limit for a in able))
