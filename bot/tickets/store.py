"""Cases and their history. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.clock import BEIJING
from bot.conversation import store as log
from bot.db import Tx, insert_new, locked
from bot.errors import Conflict, NotFound
from bot.tickets.model import Case, CaseEvent, CaseState, Contact, Fields, Kind, Severity
from bot.tickets.tables import case_counters, case_events, case_links, case_requests, cases

SAME_CONTACT, SAME_CUSTOMER = "same_contact", "same_customer"  # why two reports are one matter
SAME = (SAME_CONTACT, SAME_CUSTOMER)
SURVEY, RETURNED = "survey", "returned"  # and why a conversation without a report belongs to a case


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
    opened = {
        "severity": case.severity.value,
        "owner": case.owner_queue,
        "repeat_of": case.repeat_of,
        "channel": case.channel,
        "classes": dict(case.classes),
    }
    add_event(tx, case.number, CaseEvent(case.opened_at, actor, "opened", opened))


def case(tx: Tx, number: str, lock: bool = False) -> Case:
    """With `lock` nobody else changes it until we commit. Raises NotFound."""
    if not number.isprintable():  # PostgreSQL takes no NUL
        raise NotFound("no such case")
    statement = sa.select(cases).where(cases.c.number == number)
    row = tx.execute(locked(tx, statement) if lock else statement).one_or_none()
    if row is None:
        raise NotFound(f"no case {number}")
    return case_of(row._mapping)


def for_act(tx: Tx, number: str) -> Case:
    """For an act: the customer's conversation before the case, always, so that no two wait for each other."""
    log.get(tx, case(tx, number).conversation_id, lock=True)
    return case(tx, number, lock=True)


def case_from(tx: Tx, conversation_id: str, seq: int, kind: Kind) -> Case | None:
    """The case that this message opened before, if it did."""
    row = tx.execute(
        sa.select(cases).filter_by(conversation_id=conversation_id, source_seq=seq, kind=kind.name)
    ).one_or_none()
    return None if row is None else case_of(row._mapping)


def cases_in(tx: Tx, conversation_ids: Collection[str]) -> list[Case]:
    """Newest first; those too whose matter the same customer told there again, or was asked about by a link.

    Who only named the contact of somebody's case is no proven customer of it: it is not his here (see `proving`).
    """
    linked = sa.select(case_links.c.number).where(
        case_links.c.conversation_id.in_(conversation_ids), case_links.c.why.in_((SAME_CUSTOMER, SURVEY))
    )
    return _cases(tx, sa.or_(cases.c.conversation_id.in_(conversation_ids), cases.c.number.in_(linked)))


def cases_of(tx: Tx, conversation_id: str) -> list[Case]:
    """The customer's cases in this conversation and in those before it, newest first."""
    return cases_in(tx, log.chain_of(tx, log.get(tx, conversation_id)))


def complaints_since(
    tx: Tx, since: datetime, conversation_ids: Collection[str], contact_refs: Collection[str]
) -> list[Case]:
    """One customer's: told in the same chain of conversations, or with the same contact (000-68)."""
    linked = sa.select(case_links.c.number).where(
        sa.or_(case_links.c.conversation_id.in_(conversation_ids), case_links.c.contact_ref.in_(contact_refs))
    )
    same = sa.or_(
        cases.c.conversation_id.in_(conversation_ids),
        cases.c.contact_ref.in_(contact_refs),
        cases.c.number.in_(linked),
    )
    return _cases(tx, sa.and_(cases.c.kind == Kind.COMPLAINT.name, cases.c.opened_at >= since, same))


def opened_since(tx: Tx, since: datetime) -> list[Case]:
    """Complaints of all customers, newest first."""
    return _cases(tx, sa.and_(cases.c.kind == Kind.COMPLAINT.name, cases.c.opened_at >= since))


def change_case(tx: Tx, before: Case, after: Case, event: CaseEvent) -> Case:
    """Compare and set: raises Conflict where somebody changed it meanwhile. Gives the case with its new version."""
    after = replace(after, version=before.version + 1, updated_at=event.at)
    done = tx.execute(
        cases.update()
        .where(cases.c.number == before.number, cases.c.version == before.version)
        .values(**_case_values(after))
    )
    if done.rowcount != 1:
        raise Conflict(phrase="problem_case_changed")
    add_event(tx, before.number, event)
    return after


def link(tx: Tx, number: str, conversation_id: str, seq: int, contact_ref: str | None, at: datetime, why: str) -> bool:
    """The matter was told there too. False: that is known already."""
    return insert_new(
        tx,
        case_links,
        number=number,
        conversation_id=conversation_id,
        seq=seq,
        contact_ref=contact_ref,
        at=at,
        why=why,
    )


def returned(tx: Tx, case: Case, conversation_id: str, at: datetime) -> None:
    """The customer has come back there and hears of it: kept from whom it is about, like where it was told (L1)."""
    if conversation_id != case.conversation_id:
        link(tx, case.number, conversation_id, 0, None, at, RETURNED)


def links_of(tx: Tx, number: str) -> list[sa.engine.Row]:
    """(conversation_id, seq, at, why), oldest first."""
    return tx.execute(sa.select(case_links).where(case_links.c.number == number).order_by(case_links.c.at)).all()


def linked_case(tx: Tx, conversation_id: str, seq: int) -> Case | None:
    """The case that this message joined before, if it did."""
    statement = sa.select(case_links.c.number).filter_by(conversation_id=conversation_id, seq=seq)
    number = tx.execute(statement).scalar()
    return None if number is None else case(tx, number)


def requested(tx: Tx, key: str) -> sa.engine.Row | None:
    """(fingerprint, number) of what was asked for under this key, if it was done."""
    return tx.execute(sa.select(case_requests).where(case_requests.c.key == key)).one_or_none()


def keep_request(tx: Tx, key: str, fingerprint: str, number: str, at: datetime) -> bool:
    """It is done once only. False: somebody else has, under this key."""
    return insert_new(tx, case_requests, key=key, fingerprint=fingerprint, number=number, at=at)


def add_event(tx: Tx, number: str, event: CaseEvent) -> None:
    tx.execute(
        case_events.insert().values(
            number=number, at=event.at, actor=event.actor, action=event.action, detail=dict(event.detail)
        )
    )


def events_of(tx: Tx, number: str) -> list[CaseEvent]:
    rows = tx.execute(sa.select(case_events).where(case_events.c.number == number).order_by(case_events.c.id))
    return [CaseEvent(row.at, row.actor, row.action, row.detail) for row in rows]


def _cases(tx: Tx, where: Any) -> list[Case]:
    rows = tx.execute(sa.select(cases).where(where).order_by(cases.c.opened_at.desc(), cases.c.number.desc()))
    return [case_of(row._mapping) for row in rows]


def _case_values(case: Case) -> dict[str, Any]:
    values = {name: value for name, value in vars(case).items() if name != "owner_queue"}
    return values | {
        "owner": case.owner_queue,
        "kind": case.kind.name,
        "state": case.state.value,
        "severity": case.severity.value,
        "contact": None if case.contact is None else asdict(case.contact),
        "contact_ref": None if case.contact is None else case.contact.ref,
        "accused": list(case.accused),
        "fields": asdict(case.fields),
        "classes": dict(case.classes),
    }


def case_of(row: Mapping[str, Any]) -> Case:
    """From the columns of its row."""
    values = dict(row)
    del values["contact_ref"]
    values["owner_queue"] = values.pop("owner")
    values["kind"] = Kind[values["kind"]]
    values["state"] = CaseState(values["state"])
    values["severity"] = Severity(values["severity"])
    values["contact"] = None if values["contact"] is None else Contact(**values["contact"])
    values["accused"] = tuple(values["accused"])
    fields = values["fields"]
    values["fields"] = Fields(**{**fields, "representatives": tuple(fields.get("representatives", ()))})
    return Case(**values)
