"""Which conversations are one customer's, as far as anybody can tell: for recusal only, nothing is shown of it.

Wider than the chain that customers and agents read (`log.chain_of`): here one conversation too many only keeps an
officer out, and one too few lets him in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from bot.conversation.tables import conversations
from bot.db import Tx
from bot.privacy.vault import told_alike
from bot.tickets.contacts import REACHES
from bot.tickets.tables import case_links, cases


def conversations_of(tx: Tx, ids: Collection[str]) -> set[str]:
    """These, and every one that belongs to the same customer: before or after, bound to him by the bank, with the same
    number or address to reach him, or with the same matter told again."""
    found, new = set(ids), set(ids)
    while new:
        new = {other for other in _beside(tx, new) if other not in found}
        found |= new
    return found


def _beside(tx: Tx, ids: Collection[str]) -> Iterator[str]:
    later, former = conversations.alias(), conversations.alias()
    chain = (
        sa.select(later.c.id, former.c.id)
        .join(former, later.c.former_id == former.c.id)
        .where(sa.or_(later.c.id.in_(ids), former.c.id.in_(ids)))
        .where(sa.or_(former.c.customer_id.is_(None), former.c.customer_id == later.c.customer_id))
    )  # what somebody else is bound to ends it, as in the chain
    bound = (
        sa.select(later.c.id, former.c.id)
        .join(former, later.c.customer_id == former.c.customer_id)
        .where(later.c.id.in_(ids))
    )
    again = (
        sa.select(cases.c.conversation_id, case_links.c.conversation_id)
        .join(case_links, case_links.c.number == cases.c.number)
        .where(sa.or_(cases.c.conversation_id.in_(ids), case_links.c.conversation_id.in_(ids)))
    )
    for pairs in (chain, bound, again):
        for pair in tx.execute(pairs):
            yield from pair
    yield from told_alike(tx, ids, REACHES)
