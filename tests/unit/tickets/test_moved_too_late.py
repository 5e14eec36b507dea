"""Whatever moves or stops a clock that has passed before the worker looked: it was missed all the same (002-50)."""

from __future__ import annotations

from typing import Any

import pytest
from tickets_support import PHONE, STORY, Desk, at

from bot.tickets.deadlines import Deadline
from bot.tickets.entering import Entry

DUE = at("2026-12-02T17:30")  # the resolution
CAP = at("2026-12-08T23:59:59")


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    """Answered; from now on the worker is down."""
    number = desk.complain(conversation)
    for act, values in (("take", {}), ("quality", {}), ("respond", {"analysis": "正在核实"})):
        desk.act(number, act, desk.officer("anna", "complaints", "quality"), **values)
    return number


def breached(desk: Desk, number: str) -> list[str]:
    return [e.detail["clock"] for e in desk.tickets.history(number) if e.action == "breached"]


def resolution(desk: Desk, number: str) -> Deadline:
    return next(clock for clock in desk.clocks(number) if clock.kind == "resolution")


@pytest.mark.parametrize(
    ("moment", "paused"), [("2026-12-03T09:00", False), ("2026-12-03T09:00", True), ("2026-12-02T17:30", True)]
)
def test_an_extension_wipes_out_nothing(desk: Desk, number: str, conversation: str, moment: str, paused: bool) -> None:
    desk.at(moment)
    if paused:
        desk.act(number, "pause", reason="补充材料")
    desk.act(number, "extend", days=30, reason="要外省核实")
    desk.tick()
    clock = resolution(desk, number)
    assert (clock.breached_at, clock.due_at) == (DUE, at("2026-12-23T23:59:59"))
    assert breached(desk, number) == ["resolution"]
    assert desk.clock_of(number, "cap").breached_at is None  # that one was in time
    assert desk.read(conversation).count("case_late") == 1
    assert len(desk.given(number, "breach")) == 1
    (task,) = desk.tasks(number, "apology")
    assert task.detail["clock"] == "resolution"


def test_an_extension_after_the_cap_has_passed_too(desk: Desk, number: str, conversation: str) -> None:
    desk.at("2026-12-10T09:00")
    desk.act(number, "extend", days=30, reason="要外省核实")
    desk.tick()
    assert resolution(desk, number).breached_at == DUE
    assert desk.clock_of(number, "cap").breached_at == CAP
    assert breached(desk, number) == ["resolution", "cap"]
    assert desk.read(conversation).count("case_late") == 1  # one date to the customer


def test_an_extension_in_time_marks_nothing(desk: Desk, number: str, conversation: str) -> None:
    desk.at("2026-12-02T17:29:59")
    desk.act(number, "extend", days=30, reason="要外省核实")
    desk.tick()
    assert breached(desk, number) == []
    assert "case_late" not in desk.read(conversation)


def test_what_stands_still_is_not_late_when_it_is_extended(desk: Desk, number: str) -> None:
    desk.act(number, "pause", reason="补充材料")
    desk.at("2026-12-03T09:00")
    desk.act(number, "extend", days=30, reason="要外省核实")
    assert breached(desk, number) == []
    assert resolution(desk, number).still


def test_seen_by_the_worker_it_is_not_recorded_twice(desk: Desk, number: str, conversation: str) -> None:
    desk.tick("2026-12-03T09:00")
    desk.act(number, "extend", days=30, reason="要外省核实")
    desk.tick()
    assert breached(desk, number) == ["resolution"]
    assert desk.read(conversation).count("case_late") == 1


ACTS: list[tuple[str, dict[str, Any]]] = [
    ("pause", {"reason": "补充材料"}),
    ("severity", {"severity": "紧急", "reason": "客户说钱还在被转走"}),
    ("severity", {"severity": "重要", "reason": "又来电"}),
    ("withdraw", {"reason": "客户撤回"}),
    ("accused", {"usernames": ["anna"], "reason": "点名"}),
]


@pytest.mark.parametrize(("act", "values"), ACTS)
@pytest.mark.parametrize("moment", ["2026-12-02T17:30", "2026-12-03T09:00"])  # the due moment is late already
def test_nor_does_any_other_act(desk: Desk, number: str, act: str, values: dict[str, Any], moment: str) -> None:
    desk.at(moment)
    desk.act(number, act, **values)
    if act == "pause":
        desk.clock.advance(3600)
        desk.act(number, "resume")
    desk.tick()
    assert resolution(desk, number).breached_at == DUE
    assert breached(desk, number) == ["resolution"]


def test_nor_that_it_is_told_once_more_by_another_channel(desk: Desk, number: str) -> None:
    desk.at("2026-12-03T09:00")
    received = at("2026-11-22T09:00")
    entry = Entry(f"{STORY}，媒体要曝光", "phone", contact=PHONE, received_at=received)
    opened = desk.entering.enter(entry, "k", desk.officer("carl", "complaints"))
    assert opened.case.number == number
    desk.tick()
    assert resolution(desk, number).breached_at == DUE


def test_nor_an_appeal(desk: Desk, conversation: str) -> None:
    """The written report was due on 8 December; the appeal comes first."""
    number = desk.complain(conversation)
    desk.resolved(number)
    due = desk.clock_of(number, "report").due_at
    desk.clock.set(due)
    desk.act(number, "appeal", reason="不认可")
    assert desk.clock_of(number, "report").breached_at == due
    assert "report" in breached(desk, number)
