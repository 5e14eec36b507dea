"""How complaints are graded, classified and timed (knowledge/complaints.yml). The regulator's cap is in no profile."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, get_args

from pydantic import Field

from bot.knowledge.fields import Frozen, Identifier, Label, Text

SeverityName = Literal["一般", "重要", "重大", "紧急"]
ClockKind = Literal[
    "receipt",  # the customer has his number
    "quality",  # the quality department has seen it (004-88)
    "first_response",
    "resolution",
    "cap",  # the regulator's calendar days (L1)
    "result_notice",  # the customer has been told the result (C3)
    "progress",  # the customer has heard nothing for so long: he is told how it stands (001-04, 003-13)
    "tell",  # somebody must tell the customer, no other way is left
    "report",  # the written report in four parts (000-75, 000-76)
    "visit",  # the return visit (000-42)
    "final",  # the final confirmation (000-39)
    "points",  # what the customer raised in the visit is answered (000-37)
    "feedback",  # written feedback after the visit (000-45)
    "apology",  # a clock was missed: is anything due to the customer? (002-50)
    "promise",  # what an agent has promised (002-03)
    "subtask",  # what another department does for the case (001-15)
    "improvement",  # a month below the mark (004-90)
]
CLOCKS: tuple[str, ...] = get_args(ClockKind)
Role = Literal["owner", "agent", "supervisor", "quality", "head"]


class SeverityRule(Frozen):
    severity: SeverityName
    words: tuple[str, ...] = ()
    amount_from: Decimal | None = None


class Sla(Frozen):
    """One row of the profile table (requirements 1B): working days, or elapsed hours where so named."""

    severity: SeverityName
    first_response_wd: int | None = None
    first_response_h: int | None = None
    resolution_wd: int | None = None
    resolution_h: int | None = None
    progress_notice_wd: int | None = Field(None, gt=0, description="silent for so long, he is told how it stands")
    progress_notice_h: int | None = Field(None, gt=0, description="the same in elapsed hours; neither: not by rule")
    owner_queue: str
    alert: tuple[Role, ...] = Field((), description="told at once when such a case is opened, or becomes so grave")
    settled_by: Literal["supervisor", "head"] | None = Field(None, description="who alone settles it or lowers it")


class ClockRule(Frozen):
    """One kind of clock, as it is in every case; where its length depends on the severity, that stands in `slas`."""

    kind: ClockKind
    label: Label
    minutes: int | None = Field(None, gt=0, description="elapsed, nights count")
    working_days: int | None = Field(None, gt=0)
    opens_working_days: int = Field(0, ge=0, description="a task that may not be done earlier")
    pausable: bool = Field(False, description="stands still while the bank waits for the customer")
    apologise: bool = Field(False, description="the customer is told when it was missed (002-50)")
    promised: str = Field("", description="what the customer was promised, after 我们本应在…前; with `apologise`")
    warn: bool = Field(True, description="at the percentages of `warnings`")
    role: Role = "owner"
    script: str = Field("", description="what the agent says or asks, for tasks")


class WarnAt(Frozen):
    percent: int = Field(..., gt=0, le=100)
    to: Role


class AxisValue(Frozen):
    id: Label
    words: tuple[str, ...] = Field((), description="what in the customer's words speaks for it")
    amount_from: Decimal | None = None


class Axis(Frozen):
    """One way to classify (000-78, 001-11, 003-11). The first value is the one where nothing speaks for another."""

    id: Identifier
    label: Label
    values: tuple[AxisValue, ...]


class StandardCode(Frozen):
    """From our own values to a code table of the standard (JR/T 0169-2018); codes are the bank's to enter."""

    axis: Identifier
    value: Label
    name: str = Field(..., description="the standard's name for it")
    code: str = Field("", description="empty: to be confirmed against the bought standard")


class CategoryLimit(Frozen):
    """A matter that is settled faster than its severity says (004-70): one of `words`, and one of `also` beside it."""

    words: tuple[str, ...]
    also: tuple[str, ...] = Field((), description="empty: `words` are enough")
    resolution_wd: int = Field(..., gt=0)


class Burst(Frozen):
    """So many cases on one topic in so many hours are a warning (001-02)."""

    cases: int = Field(3, ge=2)
    hours: int = Field(24, gt=0)


class MeantWords(Frozen):
    """Words that tell whether a complaint is about somebody who talked with the customer (L1)."""

    here: tuple[str, ...] = ()  # somebody who serves customers by chat or phone
    nobody: tuple[str, ...] = ()  # the same words, but no person of ours
    met: tuple[str, ...] = ()  # somebody whom the customer spoke with, here unless one who is not here is named too
    pointing: tuple[str, ...] = ()  # somebody, who may be here
    elsewhere: tuple[str, ...] = ()  # somebody who is not here; what is said after it is said of him
    deeds: tuple[str, ...] = ()  # what is complained of, after 你, 他, 她


class Complaints(Frozen):
    """knowledge/complaints.yml."""

    profile: str
    cap_calendar_days: int = Field(15, le=15)
    extensions: tuple[int, ...] = Field((30, 60), description="calendar days, only with a recorded approval (L1)")
    appeal_calendar_days: int = Field(30, ge=1, description="for a review; later ones are taken too (L1b)")
    severities: tuple[SeverityRule, ...]
    slas: tuple[Sla, ...]
    category_limits: tuple[CategoryLimit, ...] = ()
    repeat_within_days: int
    clocks: tuple[ClockRule, ...] = ()
    warnings: tuple[WarnAt, ...] = ()
    axes: tuple[Axis, ...] = ()
    standard_codes: tuple[StandardCode, ...] = ()
    burst: Burst = Field(default_factory=lambda: Burst(cases=3, hours=24))
    departments: tuple[Label, ...] = ()
    meant: MeantWords = Field(default_factory=lambda: MeantWords())
    promises: tuple[Text, ...] = Field((), description="how an agent promises to do something (回电, 给您答复)")

    def clock(self, kind: str) -> ClockRule:
        """Raises KeyError: check-knowledge wants each kind once."""
        return next(rule for rule in self.clocks if rule.kind == kind)

    def standard(self, axis: str, value: str) -> tuple[str, str]:
        """Name and code in the standard's table, for reports; empty where nobody has mapped it (C6)."""
        found = next((one for one in self.standard_codes if (one.axis, one.value) == (axis, value)), None)
        return (found.name, found.code) if found else ("", "")
