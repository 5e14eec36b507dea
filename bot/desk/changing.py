"""One conversation, changed by the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.conversation import store
from bot.conversation.model import Conversation, State
from bot.db import Database, Tx
from bot.errors import Conflict, StaleEpoch
from bot.wakeups import DESK, Wakeups


@contextmanager
def changed(db: Database, wakeups: Wakeups, conversation_id: str) -> Iterator[tuple[Tx, Conversation]]:
    """A transaction on one locked conversation; everybody who watches it is woken when it has committed."""
    with db.transaction() as tx:
        yield tx, store.get(tx, conversation_id, lock=True)
    wakeups.notify(conversation_id, DESK)


def check_holder(conversation: Conversation, username: str, epoch: int) -> None:
    """Only who speaks with the customer now does anything to the conversation. Raises StaleEpoch, Conflict."""
    if conversation.epoch != epoch:
        raise StaleEpoch(holder=conversation.holder, epoch=conversation.epoch)
    if conversation.state is not State.HUMAN or conversation.holder != username:
        raise Conflict(phrase="problem_taken", holder=conversation.holder, epoch=conversation.epoch)
