"""What is kept from those whom complaints are about, as the store knows it (L1, 回避).

Kept from somebody are conversations: whatever is told, owed, filed or warned of in one of them is not for him to get,
to see or to close, whichever case it belongs to and whenever that was opened.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.db import Tx, dumps
from bot.tickets.customers import conversations_of
from bot.tickets.model import ENDED, DraftState
from bot.tickets.tables import case_links, cases, drafts

_ENDED = [state.value for state in ENDED]
_BEGUN = drafts.c.state != DraftState.DONE.value  # what was told to the end is a case, or part of one


def kept_from(tx: Tx, username: str) -> set[str]:
    """Conversations: all of a customer's while a case of his about this officer is open; for ever those in which it was
    told, or was begun to be told, whatever became of it."""
    found, begun = cases_about(tx, username), _about(tx, drafts, username, _BEGUN)
    told = {row.conversation_id for row in (*found, *begun)}
    if found:
        again = sa.select(case_links.c.conversation_id).where(case_links.c.number.in_([row.number for row in found]))
        told.update(tx.execute(again).scalars())
    return told | conversations_of(tx, {row.conversation_id for row in found if row.state not in _ENDED})


def cases_about(tx: Tx, username: str) -> list[sa.engine.Row]:
    """Rows of `cases`, open or not."""
    return _about(tx, cases, username)


def accused_now(tx: Tx) -> list[str]:
    """From whom something may have to be taken: for a case that is open, or for what became no case."""
    case = sa.select(cases.c.accused).where(_somebody(cases), cases.c.state.notin_(_ENDED))
    draft = sa.select(drafts.c.accused).where(_somebody(drafts), _BEGUN)
    return sorted({user for row in tx.execute(sa.union(case, draft)) for user in row.accused})


def accused_ever(tx: Tx) -> set[str]:
    """Everybody from whom anything may be kept."""
    told = sa.union(*(sa.select(table.c.accused).where(_somebody(table)) for table in (cases, drafts)))
    return {user for row in tx.execute(told) for user in row.accused}


def _about(tx: Tx, table: sa.Table, username: str, *where: sa.sql.ColumnElement) -> list[sa.engine.Row]:
    """LIKE may take capital letters for small ones, so each is looked at."""
    named = sa.type_coerce(table.c.accused, sa.Text).contains(dumps(username), autoescape=True)
    rows = tx.execute(sa.select(table).where(_somebody(table), named, *where))
    return [row for row in rows if username in row.accused]


def _somebody(table: sa.Table) -> sa.sql.ColumnElement:
    """Written as the index of these rows has it."""
    return sa.type_coerce(table.c.accused, sa.Text) != sa.literal_column("'[]'")
