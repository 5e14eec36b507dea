"""Complaint forms that are open or were: what has been told, and what was replied to which message.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.model import Act, act_from_json, act_to_json
from bot.db import Tx
from bot.tickets.model import Contact, Draft, DraftState, Step
from bot.tickets.tables import drafts


@dataclass(frozen=True)
class Kept:
    """A draft as it stands in the table, with what was replied to which message."""

    id: int
    conversation_id: str
    opened_seq: int
    draft: Draft
    replies: Mapping[str, Any]

    def reply_to(self, seq: int) -> tuple[Act, ...] | None:
        acts = self.replies.get(str(seq))
        return None if acts is None else tuple(act_from_json(act) for act in acts)


def drafts_of(tx: Tx, conversation_id: str) -> list[Kept]:
    """Newest first."""
    statement = (
        sa.select(drafts).where(drafts.c.conversation_id == conversation_id).order_by(drafts.c.opened_seq.desc())
    )
    return [_kept(row) for row in tx.execute(statement)]


def add_draft(tx: Tx, conversation_id: str, seq: int, draft: Draft, acts: Sequence[Act], at: datetime) -> None:
    tx.execute(
        drafts.insert().values(
            conversation_id=conversation_id,
            opened_seq=seq,
            replies=_replies({}, seq, acts),
            opened_at=at,
            updated_at=at,
            **_draft_values(draft),
        )
    )


def save_draft(tx: Tx, kept: Kept, seq: int, draft: Draft, acts: Sequence[Act], at: datetime) -> None:
    tx.execute(
        drafts.update()
        .where(drafts.c.id == kept.id)
        .values(replies=_replies(kept.replies, seq, acts), updated_at=at, **_draft_values(draft))
    )


def _replies(before: Mapping[str, Any], seq: int, acts: Sequence[Act]) -> dict[str, Any]:
    return {**before, str(seq): [act_to_json(act) for act in acts]}


def _draft_values(draft: Draft) -> dict[str, Any]:
    values = dict(vars(draft))
    return values | {
        "step": draft.step.value,
        "state": draft.state.value,
        "contact": None if draft.contact is None else asdict(draft.contact),
        "accused": list(draft.accused),
    }


def _kept(row: Any) -> Kept:
    return Kept(
        row.id,
        row.conversation_id,
        row.opened_seq,
        Draft(
            step=Step(row.step),
            state=DraftState(row.state),
            facts=row.facts,
            contact=None if row.contact is None else Contact(**row.contact),
            asked=row.asked,
            editing=row.editing,
            case_number=row.case_number,
            request=row.request,
            accused=tuple(row.accused),
        ),
        row.replies,
    )
