"""Who is complained about has nothing to do with that customer (L1): as if he were not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from bot.conversation.model import Conversation
from bot.db import Tx
from bot.desk.staff import Agent
from bot.errors import NotFound

KeptFrom = Callable[[Tx, str], Collection[str]]  # conversations whose customers complain about this agent
Kept = Mapping[str, Collection[str]]  # the same for several agents, read once; who is not in it is free of it


class Recusal:
    """`ever`: all who were ever complained about; they are few, and only of them conversations must be looked for."""

    def __init__(self, kept_from: KeptFrom, ever: Callable[[Tx], Collection[str]]) -> None:
        self.kept_from = kept_from
        self.ever = ever

    def kept(self, tx: Tx, usernames: Iterable[str]) -> Kept:
        ever = set(self.ever(tx))
        return {username: self.kept_from(tx, username) for username in usernames if username in ever}

    def meets(self, tx: Tx, agent: Agent, conversation_id: str) -> None:
        """Raises NotFound where the customer complains about this agent."""
        if conversation_id in self.kept_from(tx, agent.username):
            raise NotFound("no such conversation")

    def without_own(self, tx: Tx, agent: Agent, found: Sequence[Conversation]) -> list[Conversation]:
        """Without customers who complain about himself."""
        kept = self.kept_from(tx, agent.username)
        return [conversation for conversation in found if conversation.id not in kept]


def barred(kept: Kept, conversation_id: str) -> set[str]:
    """Whom this customer complains about."""
    return {username for username, conversations in kept.items() if conversation_id in conversations}
