"""What agents wanted to say and the guard did not let out: no event, for nothing was said, but in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.conversation import store
from bot.conversation.service import Conversations
from bot.db import Tx
from bot.errors import RefusedByGuard
from bot.privacy.audit import Action, audit, entries

KIND, ROLE = "refusals", "supervisor"


def subject(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def was_asked(tx: Tx, username: str, conversation_id: str, text: str) -> bool:
    """Did the guard hold back these very words of his in this conversation before?"""
    return any(
        entry.action == Action.REFUSED and entry.actor == username and entry.detail["text"] == text
        for entry in entries(tx, subject(conversation_id))
    )


class Refusals:
    def __init__(self, conversations: Conversations) -> None:
        self._db = conversations.db
        self._clock = conversations.clock
        self._knowledge = conversations.knowledge
        self._warn = conversations.warn

    @contextmanager
    def kept(self, username: str, name: str, conversation_id: str, text: str) -> Iterator[None]:
        """Around a sending: a refusal is written down in a transaction of its own, since the sending's is undone.

        `text` is masked already. `after` is the message behind which it would have stood.
        """
        try:
            yield
        except RefusedByGuard as refused:
            with self._db.transaction() as tx:
                detail = {
                    "after": store.get(tx, conversation_id).last_seq,
                    "text": text,
                    "rules": refused.extra["rules"],
                    "reasons": refused.extra["reasons"],
                    "mendable": bool(refused.extra["confirmable"] or refused.extra["completed_text"]),
                }
                audit(tx, self._clock.now(), username, Action.REFUSED, subject(conversation_id), detail)
                self._tell(tx, username, name, conversation_id)
            raise

    def _tell(self, tx: Tx, username: str, name: str, conversation_id: str) -> None:
        """Whoever tries again and again what may not be said is looked at, once a conversation (004-64).

        A forgotten warning, and words that he may look at again and confirm, are no such thing.
        """
        most = self._knowledge.escalation.refusals
        refused = [
            entry
            for entry in entries(tx, subject(conversation_id))
            if entry.action == Action.REFUSED and entry.actor == username and not entry.detail.get("mendable")
        ]
        if len(refused) < most:
            return
        text, _ = self._knowledge.phrase("alert_refusals", agent=name, count=str(most))
        self._warn(
            tx, kind=KIND, role=ROLE, text=text, conversation_id=conversation_id, key=username[:60],
            at=self._clock.now(),
        )  # fmt: skip
