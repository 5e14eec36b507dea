"""Warnings to the staff: at half, at eighty percent, at the end, each to whom it concerns, each once."""

from __future__ import annotations

import pytest
from tickets_support import Desk, at

from bot.tickets import alerts
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anna(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints")


@pytest.fixture
def sofia(desk: Desk) -> Officer:
    return desk.officer("sofia", "supervisor")


@pytest.fixture
def hana(desk: Desk) -> Officer:
    return desk.officer("hana", "head")


@pytest.fixture
def number(desk: Desk, conversation: str, anna: Officer) -> str:
    number = desk.complain(conversation)
    for act in ("take", "quality"):
        desk.act(number, act, desk.officer("super", "supervisor", "head"))
    desk.act(number, "assign", to="anna")
    return number


def test_half_the_time_to_the_owner_eighty_to_a_supervisor_the_end_to_the_head(
    desk: Desk, number: str, anna: Officer, sofia: Officer, hana: Officer
) -> None:
    desk.tick("2026-11-24T10:00:00")
    assert [len(desk.alerts(who, "warning")) for who in (anna, sofia, hana)] == [1, 0, 0]
    desk.tick("2026-11-25T00:24:00")
    assert [len(desk.alerts(who, "warning")) for who in (anna, sofia, hana)] == [1, 1, 0]
    desk.tick("2026-11-25T10:00:01")
    assert [len(desk.alerts(who, "warning")) for who in (anna, sofia, hana)] == [1, 1, 1]
    assert len(desk.alerts(hana, "breach")) == 1


def test_before_the_time_there_is_nothing(desk: Desk, number: str, anna: Officer) -> None:
    assert desk.tick("2026-11-24T09:59:00") == 0
    assert desk.alerts(anna, "warning") == []


def test_while_nobody_has_it_those_who_take_new_cases_are_warned_and_no_other(desk: Desk, conversation: str) -> None:
    desk.complain(conversation)
    desk.tick("2026-11-24T10:00")
    assert desk.alerts(desk.officer("bert", "complaints"), "warning")
    assert desk.alerts(desk.officer("clara"), "warning") == []


def test_seen_by_one_it_still_stands_before_the_others(desk: Desk, number: str, sofia: Officer) -> None:
    desk.tick("2026-11-25T00:24:00")
    with desk.db.transaction() as tx:
        for row in alerts.page(tx, sofia, desk.clock.now())[0]:
            for _ in range(2):
                alerts.see(tx, sofia, row.id, desk.clock.now())
        alerts.see(tx, sofia, 99999, desk.clock.now())
    assert desk.alerts(sofia, "warning") == []
    assert desk.alerts(desk.officer("simon", "supervisor"), "warning")


def test_what_is_moved_is_warned_of_anew_by_its_new_time(desk: Desk, number: str, hana: Officer) -> None:
    desk.act(number, "respond", analysis="正在核实")
    desk.tick("2026-11-30T12:00")
    before = len([row for row in desk.given(number, "warning") if "办结" in row.text])
    desk.act(number, "extend", hana, days=30, reason="要查旧账")
    desk.tick("2026-12-08T18:00")
    after = [row for row in desk.given(number, "warning") if "办结" in row.text]
    assert len(after) == before + 1
    assert "2026年12月23日" in after[-1].text
    assert not [clock for clock in desk.clocks(number) if clock.breached_at]


def test_the_last_years_warnings_are_history(desk: Desk, number: str, sofia: Officer) -> None:
    desk.tick("2026-11-25T00:24:00")
    desk.clock.set(at("2026-12-26T10:00"))
    assert desk.alerts(sofia, "warning") == []
    assert desk.given(number, "warning")
