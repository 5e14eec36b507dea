"""Cases as a table for a spreadsheet: UTF-8 with a byte order mark, for the programs that need one to read Chinese."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from bot.clock import rfc3339
from bot.tickets import deadlines
from bot.tickets.casework import Casework
from bot.tickets.listing import Filter, search
from bot.tickets.model import Case
from bot.tickets.recusal import Officer

HEAD = (
    "number", "kind", "severity", "repeat", "group", "state", "owner", "owner_user", "channel", "received_at",
    "opened_at", "first_response_due", "due", "provisional", "breached", "round", "cap_days", "customer_type",
    "product", "amount", "branch", "root_cause", "facts",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(officer: Officer, asked: Filter, casework: Casework, most: int) -> bytes:
    """What the officer may see of what the filter asks, at most `most` rows; if more were left out,
    the last line says so. Axes of the classification stand last.

    Each page is a transaction of its own: customers do not wait for a long table.
    """
    rules = casework.knowledge.complaints
    axes = [axis.id for axis in rules.axes]
    mapped = list(dict.fromkeys(one.axis for one in rules.standard_codes))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([*HEAD, *axes, *(f"standard_{axis}{part}" for axis in mapped for part in ("", "_code"))])
    more, left = asked.after or None, most
    while True:
        page = replace(asked, after=more or "", limit=min(asked.limit, left))
        found, late, more = _page(officer, page, casework)
        for case in found:
            classes = [case.classes.get(axis, "") for axis in axes]
            standard = [part for axis in mapped for part in rules.standard(axis, case.classes.get(axis, ""))]
            table.writerow([_safe(value) for value in (*_row(case, late[case.number]), *classes, *standard)])
        left -= len(found)
        if more is None or left <= 0:
            break
    if more is not None:
        table.writerow([casework.knowledge.phrase("case_export_cut", rows=str(most))[0]])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _page(officer: Officer, page: Filter, casework: Casework) -> tuple[list[Case], dict[str, list[str]], str | None]:
    """Cases, the clocks that each of them has missed, and the number to go on after."""
    now = casework.clock.now()
    with casework.db.transaction() as tx:
        found, more = search(tx, officer, page, now)
        ran = deadlines.ever_of_cases(tx, [case.number for case in found])
    return (
        found,
        {case.number: [d.kind for d in ran if d.number == case.number and d.missed(now)] for case in found},
        more,
    )


def _row(case: Case, late: list[str]) -> list[str]:
    fields = case.fields
    return [
        case.number, case.kind.name.lower(), case.severity.value, str(int(case.repeat)), str(int(case.group)),
        case.state.value, case.owner_queue, case.owner_user or "", case.channel, rfc3339(case.since),
        rfc3339(case.opened_at), rfc3339(case.respond_by), rfc3339(case.due_at), str(int(case.provisional)),
        " ".join(late), str(case.round), str(case.cap_days), fields.customer_type, fields.product, fields.amount,
        fields.branch, case.root_cause, case.facts,
    ]  # fmt: skip


def _safe(value: str) -> str:
    """A customer's words that a spreadsheet would run as a formula stay words."""
    return f"'{value}" if value.startswith(_FORMULA) else value
