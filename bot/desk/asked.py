"""What a customer wrote last: an agent who takes it up is not the one who promises."""

from __future__ import annotations

from bot.conversation import store
from bot.db import Tx

LAST = 5


def asked(tx: Tx, conversation_id: str) -> tuple[str, ...]:
    return tuple(event.payload["text"] for event in store.last_said(tx, conversation_id, "customer", LAST))
