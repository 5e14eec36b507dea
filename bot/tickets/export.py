"""Cases as a table for a spreadsheet: UTF-8 with a byte order mark, for the programs that need one to read Chinese."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import rfc3339
from bot.conversation.survey import store as surveyed
from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.casework import Casework
from bot.tickets.deadlines import Deadline
from bot.tickets.listing import Filter, search
from bot.tickets.model import Case
from bot.tickets.recusal import Officer
from bot.tickets.worded import worded

HEAD = (
    "number", "kind", "severity", "repeat", "group", "state", "owner", "owner_user", "channel", "received_at",
    "opened_at", "first_response_due", "due", "provisional", "breached", "round", "cap_days", "customer_type",
    "product", "amount", "branch", "request", "basis", "settled_at", "handling_hours", "result", "reasons",
    "satisfaction", "assessment", "rectification", "improvement", "root_cause", "facts",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(officer: Officer, asked: Filter, casework: Casework, most: int) -> bytes:
    """What the officer may see of what the filter asks, at most `most` rows; if more were left out,
    the last line says so. Headings and values are knowledge/'s words; axes of the classification stand last.

    Each page is a transaction of its own: customers do not wait for a long table.
    """
    rules = casework.knowledge.complaints
    axes = [axis.id for axis in rules.axes]
    mapped = list(dict.fromkeys(one.axis for one in rules.standard_codes))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_head(casework.knowledge, mapped))
    more, left = asked.after or None, most
    while True:
        page = replace(asked, after=more or "", limit=min(asked.limit, left))
        found, more = _page(officer, page, casework)
        for one in found:
            case = one.case
            classes = [case.classes.get(axis, "") for axis in axes]
            standard = [part for axis in mapped for part in rules.standard(axis, case.classes.get(axis, ""))]
            table.writerow([_safe(value) for value in (*_row(one, casework.knowledge), *classes, *standard)])
        left -= len(found)
        if more is None or left <= 0:
            break
    if more is not None:
        table.writerow([casework.knowledge.phrase("case_export_cut", rows=str(most))[0]])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


@dataclass(frozen=True)
class _Tracked:
    """A case, all that ever ran for it, and what the customer says of how it was settled (000-85)."""

    case: Case
    ran: Sequence[Deadline]
    rated: str
    now: datetime


def _head(knowledge: Knowledge, mapped: Sequence[str]) -> list[str]:
    labels = {str(axis.id): str(axis.label) for axis in knowledge.complaints.axes}
    standard = [
        knowledge.phrase(f"case_column_{name}", axis=labels.get(axis, axis))[0]
        for axis in mapped
        for name in ("standard", "standard_code")
    ]
    return [*(knowledge.phrase(f"case_column_{name}")[0] for name in HEAD), *labels.values(), *standard]


def _page(officer: Officer, page: Filter, casework: Casework) -> tuple[list[_Tracked], str | None]:
    """What was found, and the number to go on after."""
    now, survey = casework.clock.now(), casework.knowledge.survey
    question = survey.question(survey.score_of)
    labels = {str(one.id): str(one.label) for one in question.answers} if question else {}
    with casework.db.transaction() as tx:
        found, more = search(tx, officer, page, now)
        numbers = [case.number for case in found]
        ran = deadlines.ever_of_cases(tx, numbers)
        rated = surveyed.answers_of_cases(tx, numbers, survey.score_of)
    return [
        _Tracked(case, [d for d in ran if d.number == case.number], labels.get(rated.get(case.number, ""), ""), now)
        for case in found
    ], more


def _row(one: _Tracked, knowledge: Knowledge) -> list[str]:
    case, fields, result = one.case, one.case.fields, one.case.result or {}
    kind, state = case.kind.name.lower(), case.state.value.lower()

    def words(phrase: str) -> str:
        return knowledge.phrase(phrase)[0]

    repeat, group, provisional = (worded(knowledge, it, getattr(case, it)) for it in ("repeat", "group", "provisional"))
    customer, product = (worded(knowledge, it, getattr(fields, it)) for it in ("customer_type", "product"))
    late = "、".join(dict.fromkeys(knowledge.complaints.clock(d.kind).label for d in one.ran if d.missed(one.now)))
    settled = next((d.done_at for d in one.ran if d.kind == "resolution" and d.round == case.round and d.done_by), None)
    rounds = {d.round: d.starts_at for d in one.ran if d.kind == "cap"}
    began = case.since if case.round == 1 else rounds.get(case.round, case.since)
    hours = f"{(settled - began) / timedelta(hours=1):.1f}" if settled else ""
    visits = [d.detail.get("answers") or {} for d in one.ran if d.kind == "visit"]
    continuity = next((str(answers["continuity"]) for answers in visits[::-1] if answers.get("continuity")), "")
    return [
        case.number, words(f"case_kind_{kind}"), case.severity.value, repeat, group,
        words(f"case_state_{state}"), case.owner_queue, case.owner_user or "", words(f"case_channel_{case.channel}"),
        rfc3339(case.since), rfc3339(case.opened_at), rfc3339(case.respond_by), rfc3339(case.due_at),
        provisional, late, str(case.round), str(case.cap_days),
        customer, product, fields.amount, fields.branch, fields.request, fields.basis,
        rfc3339(settled) if settled else "", hours,
        result.get("handling", ""), result.get("reasons", ""), one.rated, result.get("satisfaction", ""), continuity,
        result.get("improvement", ""), case.root_cause, case.facts,
    ]  # fmt: skip


def _safe(value: str) -> str:
    """A customer's words that a spreadsheet would run as a formula stay words."""
    return f"'{value}" if value.startswith(_FORMULA) else value
