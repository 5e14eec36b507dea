"""An agent takes back what has not left yet. What would have gone in one message with it goes without it."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest

from bot.channels.wechat import outgoing
from bot.channels.wechat.composing import messages, said
from bot.channels.wechat.outgoing import Delivery, Out
from bot.channels.wechat.text import Outgoing
from bot.conversation import store as log_store
from bot.db import Tx
from bot.knowledge import Knowledge

NEVER_LEFT = (Delivery.SPLIT, Delivery.DROPPED, Delivery.FAILED)
RECALLED = "recalled"


def withdraw(tx: Tx, conversation_id: str, seq: int, knowledge: Knowledge, now: datetime) -> bool:
    """False when it has left, or may have; then nothing is changed. The caller holds the conversation's lock.

    An event that is not in the outbox yet is left out when it is collected.
    """
    parts = [
        out
        for out in outgoing.of_conversation(tx, conversation_id, lock=True)
        if out.from_seq <= seq <= out.seq and out.state not in NEVER_LEFT
    ]
    if any(out.state not in outgoing.TAKEABLE for out in parts):
        return False
    if not parts:
        return True
    events = said(log_store.read(tx, conversation_id, parts[0].from_seq - 1))
    others = messages([e for e in events if e.seq <= parts[0].seq and e.seq != seq], knowledge)
    if len(others) > len(parts):
        return False
    for out, message in zip_longest(parts, others):
        _rewrite(tx, out, message, now)
    return True


def _rewrite(tx: Tx, out: Out, message: Outgoing | None, now: datetime) -> None:
    if message is None:
        outgoing.change(tx, out.id, state=Delivery.DROPPED.value, detail=RECALLED, done_at=now)
        return
    mandatory = [text for text in out.mandatory if text in message.text]
    choices = [list(choice) for choice in message.choices]
    outgoing.change(tx, out.id, text=message.text, mandatory=mandatory, choices=choices)
