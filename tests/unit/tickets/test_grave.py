"""A grave case is known at once to who handles it, to supervisors and to the head (000-72, 001-12)."""

from __future__ import annotations

import pytest
from tickets_support import PHONE, STORY, Desk

from bot.knowledge import Knowledge
from bot.tickets.entering import Entry
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MAJOR = "你们泄露了我的信息，媒体要曝光，损失80000元"
URGENT = "我的卡被盗刷了二十万，钱被转走了"


@pytest.fixture
def knowledge(said: Knowledge) -> Knowledge:
    """With the demonstration bank's own levels."""
    return said


@pytest.fixture
def staff(desk: Desk) -> list[Officer]:
    return [desk.officer("anna", "complaints"), desk.officer("sofia", "supervisor"), desk.officer("hana", "head")]


def told(desk: Desk, who: Officer, number: str) -> list[str]:
    return [text for kind in ("grave", "raised", "graver") for text in desk.alerts(who, kind) if number in text]


@pytest.mark.parametrize(("story", "level"), [(URGENT, "紧急"), (MAJOR, "重大")])
def test_opened_it_is_known_before_any_time_has_gone(desk: Desk, staff: list[Officer], story: str, level: str) -> None:
    number = desk.complain(desk.conversation(), story)
    for who in staff:
        (text,) = told(desk, who, number)
        assert level in text
    assert told(desk, desk.officer("bert"), number) == []


def test_one_that_is_not_grave_waits_for_its_turn(desk: Desk, staff: list[Officer]) -> None:
    number = desk.complain(desk.conversation())
    assert [told(desk, who, number) for who in staff] == [[], [], []]


def test_raised_by_an_officer_it_is_known_to_the_owner_and_above(desk: Desk, staff: list[Officer]) -> None:
    anna, sofia, hana = staff
    number = desk.complain(desk.conversation())
    desk.act(number, "take", anna)
    desk.act(number, "severity", sofia, severity="重要", reason="又来电")
    assert [told(desk, who, number) for who in staff] == [[], [], []]
    desk.act(number, "severity", sofia, severity="紧急", reason="客户说钱被转走")
    for who in staff:
        (text,) = told(desk, who, number)
        assert "紧急" in text and "2026年11月24日 10:00" in text
    assert told(desk, desk.officer("bert", "complaints"), number) == []  # it has an owner
    desk.act(number, "severity", sofia, severity="一般", reason="误会")
    assert len(told(desk, hana, number)) == 1
    desk.act(number, "severity", sofia, severity="紧急", reason="不是误会")
    assert len(told(desk, hana, number)) == 2  # raised anew


def test_raised_by_what_is_told_again_too(desk: Desk, staff: list[Officer]) -> None:
    number = desk.complain(desk.conversation())
    entry = Entry(f"{STORY}，媒体要曝光", "phone", contact=PHONE)
    assert desk.entering.enter(entry, "k", desk.officer("carl", "complaints")).case.number == number
    assert [len(told(desk, who, number)) for who in staff] == [1, 1, 1]


def test_whom_it_is_about_hears_nothing(desk: Desk, staff: list[Officer]) -> None:
    number = desk.complain(desk.conversation(), f"{MAJOR}，是小前hana说出去的")
    assert desk.tickets.case(number).accused == ("hana",)
    assert [len(told(desk, who, number)) for who in staff] == [1, 1, 0]
