"""What agents wanted to say and the guard did not let out: no event, for nothing was said, but in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.conversation import store
from bot.db import Database, Tx
from bot.errors import RefusedByGuard
from bot.privacy.audit import audit, entries

REFUSED = "desk:message:refuse"


def subject(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def was_asked(tx: Tx, username: str, conversation_id: str, text: str) -> bool:
    """Did the guard hold back these very words of his in this conversation before?"""
    return any(
        entry.action == REFUSED and entry.actor == username and entry.detail["text"] == text
        for entry in entries(tx, subject(conversation_id))
    )


@contextmanager
def refusals_kept(db: Database, clock: Clock, username: str, conversation_id: str, text: str) -> Iterator[None]:
    """Around a sending: a refusal is written down in a transaction of its own, since the sending's is undone.

    `text` is masked already. `after` is the message behind which it would have stood.
    """
    try:
        yield
    except RefusedByGuard as refused:
        with db.transaction() as tx:
            detail = {
                "after": store.get(tx, conversation_id).last_seq,
                "text": text,
                "rules": refused.extra["rules"],
                "reasons": refused.extra["reasons"],
            }
            audit(tx, clock.now(), username, REFUSED, subject(conversation_id), detail)
        raise
