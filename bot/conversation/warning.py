"""How a conversation warns the bank's staff. Kept by `tickets`, which stands above this floor."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.db import Tx


class Warn(Protocol):
    def __call__(
        self,
        tx: Tx,
        *,
        kind: str,
        role: str,
        text: str,
        conversation_id: str,
        key: str,
        at: datetime,
        person: str | None = None,
    ) -> bool:
        """Tell those with this role, or this `person` alone, in the caller's transaction; nobody hears of his own
        accusation.

        `kind` (16 characters at most) and `key` (60) say what it is about: the same once more in this conversation is
        given to nobody, and the answer is False. `text` holds no personal data.
        """
