"""The edges of the calendar and of time itself: what a case promises there, and what its clocks do (1B, desk notes)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from tickets_support import Desk, at, filed

from bot.calendar import WorkCalendar
from bot.clock import FrozenClock
from bot.errors import CalendarMissing
from bot.health import readiness
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints, Sla, Span
from bot.tickets import deadlines
from bot.tickets.clocks import due_dates, regulator_cap
from bot.tickets.model import Severity

LITERAL = Path(__file__).with_name("handbook_literal.yml")


# The calendar


@pytest.mark.parametrize(
    ("received", "respond_by", "due_at", "cap"),
    [
        pytest.param(*row.split(), id=name)
        for name, row in {
            "Friday 23:59: the weekend is no working day, but 48 hours run":
                "2026-11-20T23:59 2026-11-22T23:59 2026-12-01T17:30 2026-12-05T23:59:59",
            "National Day (国庆): seven working days end on the cap's own day, six hours before it":
                "2026-09-30T23:59 2026-10-02T23:59 2026-10-15T17:30 2026-10-15T23:59:59",
            "Spring Festival (春节): the seventh working day is 2 March, the fifteenth day 28 February":
                "2026-02-13T10:00 2026-02-15T10:00 2026-02-28T23:59:59 2026-02-28T23:59:59",
            "Spring Festival, received in the holidays":
                "2026-02-16T10:00 2026-02-18T10:00 2026-03-03T17:30 2026-03-03T23:59:59",
            "a make-up Saturday (10 October) is the first working day":
                "2026-10-09T10:00 2026-10-11T10:00 2026-10-19T17:30 2026-10-24T23:59:59",
            "received on a make-up Saturday":
                "2026-10-10T10:00 2026-10-12T10:00 2026-10-20T17:30 2026-10-25T23:59:59",
        }.items()
    ],
)  # fmt: skip
def test_the_earlier_of_both_calendars_counts(
    desk: Desk, received: str, respond_by: str, due_at: str, cap: str
) -> None:
    case = filed(desk, received)
    assert (case.respond_by, case.due_at) == (at(respond_by), at(due_at))
    assert desk.clock_of(case.number, "cap").due_at == at(cap)
    assert not case.provisional


def test_a_leap_day_is_a_day(rules: Complaints) -> None:
    """Nobody has published 2028 yet: the file gives its days."""
    leap = WorkCalendar(
        [Span(start="08:00", end="22:00")], [Span(start="09:00", end="17:30")], True,
        holidays=(date(2028, 1, 3),), complete_years=(2028,),
    )  # fmt: skip
    dates = due_dates(at("2028-02-24T10:00"), Severity.ORDINARY, rules, leap)
    assert dates.due_at == at("2028-03-06T17:30")  # 25, 28, 29 February, 1, 2, 3, 6 March
    assert dates.cap_at == at("2028-03-10T23:59:59")
    assert not dates.provisional
    assert regulator_cap(at("2028-02-29T10:00"), 15) == at("2028-03-15T23:59:59")


def test_where_the_calendar_ends_the_dates_are_provisional_and_the_file_is_named(desk: Desk) -> None:
    """Settled on the last day, so that everything after it lies in a year that nobody has published."""
    case = filed(desk, "2026-11-23T10:00")
    assert not case.provisional
    assert case.due_at == at("2026-12-02T17:30")
    desk.at("2026-12-24T16:00")
    desk.resolved(case.number)
    ends = {kind: desk.clock_of(case.number, kind) for kind in ("result_notice", "report", "visit", "final")}
    assert [kind for kind, clock in ends.items() if clock.provisional] == ["report", "visit", "final"]
    assert ends["visit"].due_at <= at("2027-01-04T17:30")  # never later than the seventh working day can be
    with pytest.raises(CalendarMissing, match=r"knowledge/calendar\.yml") as missing:
        desk.house.calendar.end_of_working_day(at("2026-12-24T16:00"), 10)
    assert missing.value.extra["year"] == 2027
    warnings = readiness(desk.house, True)["warnings"]
    assert any("add the next year to knowledge/calendar.yml" in warning for warning in warnings)


# The handbook by its letter


def literal(knowledge: Knowledge) -> Knowledge:
    rules = yaml.safe_load(LITERAL.read_text("utf-8"))
    slas = tuple(Sla(**line) for line in rules["slas"])
    return replace(knowledge, complaints=knowledge.complaints.copy(update={"profile": rules["profile"], "slas": slas}))


@pytest.mark.parametrize("severity", list(Severity))
def test_under_the_handbook_by_its_letter_the_regulators_cap_holds(
    knowledge: Knowledge, calendar: WorkCalendar, severity: Severity
) -> None:
    """15 working days are 21 calendar days; 重要 has no time at all in the handbook."""
    dates = due_dates(at("2026-11-23T10:00"), severity, literal(knowledge).complaints, calendar)
    assert dates.due_at <= at("2026-12-08T23:59:59") == dates.cap_at
    if severity is Severity.MAJOR:
        assert dates.nominal_at == at("2026-12-14T17:30")
        assert dates.due_at == dates.cap_at
        assert dates.respond_by == at("2026-11-25T17:30")  # never after the level below (C4)


def test_a_case_keeps_its_dates_and_its_profile_when_the_bank_changes_it(
    desk: Desk, tmp_path: Path, database_url: str, knowledge: Knowledge, clock: FrozenClock
) -> None:
    case = filed(desk, "2026-11-23T10:00", "媒体要来采访，城南支行的柜员乱来")
    assert (case.severity, case.due_at) == (Severity.MAJOR, at("2026-12-08T23:59:59"))
    slow = literal(knowledge)
    later = Desk(tmp_path, database_url, slow, clock)  # the bank starts again with other rules
    later.tick("2026-11-24T09:00")
    kept = later.tickets.case(case.number)
    assert (kept.profile, kept.respond_by, kept.due_at) == ("standard", case.respond_by, case.due_at)
    assert later.clock_of(case.number, "first_response").due_at == at("2026-11-24T17:30")
    assert filed(later, "2026-11-24T09:00").profile == "handbook_literal"
    later.db.dispose()


# Severity changed on the way


def test_graver_moves_the_dates_and_only_earlier(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.at("2026-11-23T15:00")
    raised = desk.act(number, "severity", severity="重要", reason="多次来电")
    assert (raised.respond_by, raised.due_at) == (at("2026-11-24T17:30"), at("2026-11-30T17:30"))
    assert desk.clock_of(number, "resolution").due_at == raised.due_at
    raised = desk.act(number, "severity", severity="重大", reason="媒体来问")  # its own 15 working days are later
    assert raised.due_at == at("2026-11-30T17:30")
    assert raised.owner_queue == "负责人"


def test_less_grave_leaves_them_as_they_were_promised(desk: Desk) -> None:
    case = filed(desk, "2026-11-23T10:00", "我的卡昨晚在外地被人盗刷了")
    lowered = desk.act(case.number, "severity", severity="一般", reason="核实是本人消费")
    assert (lowered.respond_by, lowered.due_at) == (case.respond_by, case.due_at)
    assert desk.clock_of(case.number, "resolution").due_at == at("2026-11-24T10:00")


def test_found_grave_late_the_new_time_counts_from_then_and_nothing_is_missed_in_the_past(desk: Desk) -> None:
    """24 hours since the receipt are over: nobody promised them, and no officer could have kept them."""
    number = filed(desk, "2026-11-23T10:00").number
    for act in ("take", "quality"):
        desk.act(number, act)
    desk.act(number, "respond", analysis="正在核实")
    desk.at("2026-11-26T10:00")
    raised = desk.act(number, "severity", severity="紧急", reason="客户说钱还在被转走")
    assert raised.due_at == at("2026-11-27T10:00")
    desk.tick()
    assert not [d for d in desk.clocks(number) if d.breached_at]


# Workers


def test_two_workers_at_once_give_each_warning_once(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    for act in ("take", "quality"):
        desk.act(number, act)
    for moment in ("2026-11-24T10:00", "2026-11-25T00:24", "2026-11-25T10:00:01"):
        desk.at(moment)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: desk.tick(), range(4)))
    levels = [row.level for row in desk.given(number, "warning") if "首次答复" in row.text]
    assert levels == [50, 80, 100]
    assert len(desk.given(number, "breach")) == 1
    assert [action for _, action in desk.history(number)].count("breached") == 1


def test_down_over_the_due_time_one_look_afterwards_does_everything_once(desk: Desk) -> None:
    desk.at("2026-11-23T10:00")
    chat = desk.conversation()
    number = desk.complain(chat)
    desk.act(number, "take")
    desk.act(number, "quality")
    for moment in ("2026-11-26T09:00", "2026-11-26T09:00:01", "2026-11-27T09:00"):
        desk.tick(moment)
    clock = desk.clock_of(number, "first_response")
    assert (clock.breached_at, clock.state) == (at("2026-11-25T10:00"), deadlines.OPEN)
    assert [row.level for row in desk.given(number, "warning") if "首次答复" in row.text] == [100]
    assert len(desk.given(number, "breach")) == 1
    assert desk.read(chat).count("case_late") == 1
    assert [task.kind for task in desk.tasks(number)] == ["apology"]


@pytest.mark.parametrize(
    ("kind", "label", "act", "values"),
    [("first_response", "首次答复", "respond", {"analysis": "正在核实"}), ("quality", "报质检部门", "quality", {})],
)
def test_what_is_done_too_late_before_anybody_looked_is_a_breach_all_the_same(
    desk: Desk, kind: str, label: str, act: str, values: dict
) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    desk.at("2026-11-26T09:00")
    desk.act(number, act, **values)
    desk.tick()
    assert desk.clock_of(number, kind).breached_at is not None
    assert [label in row.text for row in desk.given(number, "breach")].count(True) == 1


def test_what_is_void_too_late_before_anybody_looked_is_a_breach_all_the_same(desk: Desk) -> None:
    """No first response, and then the result: the customer waited for it in vain."""
    desk.at("2026-11-23T10:00")
    chat = desk.conversation()
    number = desk.complain(chat)
    for act in ("take", "investigate"):
        desk.act(number, act)
    desk.act(number, "propose", text="向您道歉")
    desk.at("2026-11-26T09:00")
    desk.act(number, "resolve", basics="排队", handling="道歉", reasons="属实", no_agreement="联系不上")
    clock = desk.clock_of(number, "first_response")
    assert (clock.state, clock.breached_at) == (deadlines.VOID, at("2026-11-25T10:00"))
    assert desk.read(chat).count("case_late") == 1
    assert len(desk.tasks(number, "apology")) == 1


def test_an_urgent_case_runs_at_night_and_on_holidays(desk: Desk) -> None:
    number = filed(desk, "2026-10-01T03:00", "我的卡昨晚在外地被人盗刷了").number
    desk.tick("2026-10-01T03:48")
    assert [row.level for row in desk.given(number, "warning") if "首次答复" in row.text] == [80]
    desk.tick("2026-10-02T03:00:01")
    assert desk.clock_of(number, "resolution").breached_at == at("2026-10-02T03:00")
    assert timedelta(hours=24) == desk.clock_of(number, "resolution").due_at - at("2026-10-01T03:00")
