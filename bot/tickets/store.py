"""Drafts, cases and their history. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.clock import BEIJING
from bot.conversation.model import Act, act_from_json, act_to_json
from bot.conversation.store import conversations
from bot.db import Json, Moment, Tx, metadata
from bot.errors import Conflict, NotFound
from bot.tickets.model import ENDED, Case, CaseEvent, CaseState, Contact, Draft, DraftState, Kind, Severity, Step

drafts = sa.Table(
    "complaint_drafts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id), nullable=False),
    sa.Column("opened_seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("contact", Json),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("editing", sa.Boolean, nullable=False),
    sa.Column("case_number", sa.String(20)),
    sa.Column("replies", Json, nullable=False),  # customer's seq -> acts: a turn played again finds what it did
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("conversation_id", "opened_seq"),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("repeat_of", sa.String(20), sa.ForeignKey("cases.number")),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id), nullable=False),
    sa.Column("source_seq", sa.Integer, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("respond_by", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("profile", sa.String(40), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("contact", Json),
    sa.Column("contact_ref", sa.String(64), index=True),
    sa.Column("reason", sa.String(40)),
    sa.UniqueConstraint("conversation_id", "source_seq", "kind"),
    sa.Index("ix_cases_state_due_at", "state", "due_at"),
)

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("detail", Json, nullable=False),
)

case_counters = sa.Table(
    "case_counters",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("day", sa.String(8), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


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


# drafts


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


# cases


def next_number(tx: Tx, kind: Kind, at: datetime) -> str:
    """TS20261122-000001. The counter's row is ours until we commit, so numbers are unique and without gaps."""
    key = {"kind": kind.name, "day": f"{at.astimezone(BEIJING):%Y%m%d}"}
    tx.execute(
        sa.text(
            "INSERT INTO case_counters (kind, day, last) VALUES (:kind, :day, 1)"
            " ON CONFLICT (kind, day) DO UPDATE SET last = case_counters.last + 1"
        ),
        key,
    )
    last = tx.execute(sa.select(case_counters.c.last).filter_by(**key)).scalar_one()
    return f"{kind.value}{key['day']}-{last:06d}"


def add_case(tx: Tx, case: Case, actor: str) -> None:
    tx.execute(cases.insert().values(**_case_values(case)))
    opened = {"severity": case.severity.value, "owner": case.owner_queue, "repeat_of": case.repeat_of}
    add_event(tx, case.number, CaseEvent(case.opened_at, actor, "opened", opened))


def case(tx: Tx, number: str) -> Case:
    row = tx.execute(sa.select(cases).where(cases.c.number == number)).one_or_none()
    if row is None:
        raise NotFound(f"no case {number}")
    return _case(row)


def case_from(tx: Tx, conversation_id: str, seq: int, kind: Kind) -> Case | None:
    """The case that this message opened before, if it did."""
    row = tx.execute(
        sa.select(cases).filter_by(conversation_id=conversation_id, source_seq=seq, kind=kind.name)
    ).one_or_none()
    return None if row is None else _case(row)


def cases_in(tx: Tx, conversation_ids: Collection[str]) -> list[Case]:
    """Newest first."""
    return _cases(tx, cases.c.conversation_id.in_(conversation_ids))


def open_cases(tx: Tx, limit: int) -> list[Case]:
    """What is due first stands first."""
    statement = (
        sa.select(cases)
        .where(cases.c.state.notin_([state.value for state in ENDED]))
        .order_by(cases.c.due_at, cases.c.number)
        .limit(limit)
    )
    return [_case(row) for row in tx.execute(statement)]


def taken_by(tx: Tx, numbers: Collection[str]) -> dict[str, str]:
    """Case number to who took it last."""
    taking = [state.value.lower() for state in (CaseState.ACCEPTED, CaseState.ASSIGNED)]
    rows = tx.execute(
        sa.select(case_events.c.number, case_events.c.actor)
        .where(case_events.c.number.in_(numbers), case_events.c.action.in_(taking))
        .order_by(case_events.c.id)
    )
    return {row.number: row.actor for row in rows}


def complaints_since(
    tx: Tx, since: datetime, conversation_ids: Collection[str], contact_refs: Collection[str]
) -> list[Case]:
    """One customer's: told in the same chain of conversations, or with the same contact (000-68)."""
    same = sa.or_(cases.c.conversation_id.in_(conversation_ids), cases.c.contact_ref.in_(contact_refs))
    return _cases(tx, sa.and_(cases.c.kind == Kind.COMPLAINT.name, cases.c.opened_at >= since, same))


def change_case(tx: Tx, before: Case, after: Case, event: CaseEvent) -> None:
    """Compare and set: raises Conflict where somebody moved it meanwhile."""
    done = tx.execute(
        cases.update()
        .where(cases.c.number == before.number, cases.c.state == before.state.value)
        .values(**_case_values(after))
    )
    if done.rowcount != 1:
        raise Conflict(f"case {before.number} has moved on")
    add_event(tx, before.number, event)


def add_event(tx: Tx, number: str, event: CaseEvent) -> None:
    tx.execute(
        case_events.insert().values(
            number=number, at=event.at, actor=event.actor, action=event.action, detail=dict(event.detail)
        )
    )


def events_of(tx: Tx, number: str) -> list[CaseEvent]:
    rows = tx.execute(sa.select(case_events).where(case_events.c.number == number).order_by(case_events.c.id))
    return [CaseEvent(row.at, row.actor, row.action, row.detail) for row in rows]


def _replies(before: Mapping[str, Any], seq: int, acts: Sequence[Act]) -> dict[str, Any]:
    return {**before, str(seq): [act_to_json(act) for act in acts]}


def _draft_values(draft: Draft) -> dict[str, Any]:
    values = dict(vars(draft))
    return values | {
        "step": draft.step.value,
        "state": draft.state.value,
        "contact": None if draft.contact is None else asdict(draft.contact),
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
        ),
        row.replies,
    )


def _cases(tx: Tx, where: Any) -> list[Case]:
    rows = tx.execute(sa.select(cases).where(where).order_by(cases.c.opened_at.desc(), cases.c.number.desc()))
    return [_case(row) for row in rows]


def _case_values(case: Case) -> dict[str, Any]:
    values = {name: value for name, value in vars(case).items() if name != "owner_queue"}
    return values | {
        "owner": case.owner_queue,
        "kind": case.kind.name,
        "state": case.state.value,
        "severity": case.severity.value,
        "contact": None if case.contact is None else asdict(case.contact),
        "contact_ref": None if case.contact is None else case.contact.ref,
    }


def _case(row: Any) -> Case:
    values = dict(row._mapping)
    del values["contact_ref"]
    values["owner_queue"] = values.pop("owner")
    values["kind"] = Kind[values["kind"]]
    values["state"] = CaseState(values["state"])
    values["severity"] = Severity(values["severity"])
    values["contact"] = None if values["contact"] is None else Contact(**values["contact"])
    return Case(**values)
