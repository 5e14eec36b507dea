"""While the bank waits for the customer: what stands still, by how much, and what does not (desk notes)."""

from __future__ import annotations

import pytest
from tickets_support import Desk, at, filed

from bot.clock import BEIJING
from bot.tickets import deadlines

WAIT = "等客户补充材料"


def due(desk: Desk, number: str) -> str:
    return f"{desk.tickets.case(number).due_at.astimezone(BEIJING):%m-%d %H:%M:%S}"


def paused(desk: Desk, number: str, since: str, until: str) -> None:
    desk.at(since)
    desk.act(number, "pause", reason=WAIT)
    desk.at(until)
    desk.act(number, "resume")


@pytest.mark.parametrize(
    ("since", "until", "due_at"),
    [
        ("2026-11-27T17:30", "2026-11-30T09:00", "12-02 17:30:00"),  # a weekend adds nothing
        ("2026-11-24T20:00", "2026-11-25T08:00", "12-02 17:30:00"),  # nor does a night
        ("2026-11-25T10:00", "2026-11-25T12:00", "12-03 11:00:00"),  # two office hours add two
        ("2026-11-27T16:30", "2026-11-30T10:00", "12-03 11:00:00"),  # one before the weekend, one after it
        ("2026-11-25T10:00", "2026-11-25T10:00", "12-02 17:30:00"),
    ],
)
def test_a_pause_adds_the_office_time_in_it_and_no_more(desk: Desk, since: str, until: str, due_at: str) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    paused(desk, number, since, until)
    assert due(desk, number) == due_at


def test_pauses_add_up_and_count_once(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    paused(desk, number, "2026-11-24T10:00", "2026-11-24T11:00")
    paused(desk, number, "2026-11-24T11:00", "2026-11-24T12:00")
    assert due(desk, number) == "12-03 11:00:00"


def test_first_response_and_cap_do_not_stand_still(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    paused(desk, number, "2026-11-24T09:00", "2026-11-24T17:30")
    assert desk.clock_of(number, "first_response").due_at == at("2026-11-25T10:00")
    assert desk.clock_of(number, "cap").due_at == at("2026-12-08T23:59:59")
    assert due(desk, number) == "12-03 17:30:00"


def test_no_pause_goes_past_the_regulators_cap(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    paused(desk, number, "2026-11-24T09:00", "2026-12-07T17:30")
    assert due(desk, number) == "12-08 23:59:59"


def test_while_it_stands_still_nothing_is_warned_of_and_its_percentage_stands_too(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    desk.act(number, "respond", analysis="正在核实")
    desk.at("2026-11-25T17:30")
    stood = desk.casework.clockwork.percent(desk.clock_of(number, "resolution"), desk.clock.now(), ())
    desk.act(number, "pause", reason=WAIT)
    desk.tick("2026-12-03T10:00")  # past its date
    clock = desk.clock_of(number, "resolution")
    with desk.db.transaction() as tx:
        breaks = desk.casework.clockwork.breaks(tx, number, desk.clock.now())
    assert desk.casework.clockwork.percent(clock, desk.clock.now(), breaks) == stood
    assert (clock.level, clock.breached_at) == (0, None)
    assert not clock.missed(desk.clock.now())


def test_waiting_does_not_heal_what_was_missed(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    desk.tick("2026-12-03T09:00")
    paused(desk, number, "2026-12-03T10:00", "2026-12-03T16:00")
    clock = desk.clock_of(number, "resolution")
    assert (clock.breached_at, clock.due_at) == (at("2026-12-02T17:30"), at("2026-12-02T17:30"))


def test_settled_while_the_clock_stands_still_it_goes_on_first_and_nothing_is_missed(desk: Desk) -> None:
    """The customer's material came; nobody pressed 恢复 before the result."""
    number = filed(desk, "2026-11-23T10:00").number
    for act in ("take", "investigate"):
        desk.act(number, act)
    desk.act(number, "propose", text="向您道歉")
    desk.at("2026-12-01T10:00")
    desk.act(number, "pause", reason=WAIT)
    desk.at("2026-12-03T10:00")
    desk.act(number, "resolve", basics="排队", handling="道歉", reasons="属实", no_agreement="联系不上")
    clock = desk.clock_of(number, "resolution")
    assert (clock.state, clock.breached_at) == (deadlines.DONE, None)
    with desk.db.transaction() as tx:
        assert desk.casework.clockwork.paused(tx, number) is None


def test_a_graver_case_after_a_pause_keeps_it_and_another_pause_of_no_time_changes_nothing(desk: Desk) -> None:
    number = filed(desk, "2026-11-23T10:00").number
    desk.act(number, "take")
    paused(desk, number, "2026-11-24T10:00", "2026-11-24T12:00")
    desk.act(number, "severity", severity="重要", reason="多次来电")
    assert due(desk, number) == "12-01 11:00:00"  # five working days, and the two hours
    paused(desk, number, "2026-11-25T10:00", "2026-11-25T10:00")
    assert due(desk, number) == "12-01 11:00:00"
