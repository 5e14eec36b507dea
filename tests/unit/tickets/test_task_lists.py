"""The lists of tasks: nobody's own disappear behind what he may not see, however much that is. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tickets_support import MONDAY, Desk

from bot.console.cases import Cases
from bot.console.tasks import Tasks
from bot.tickets import alerts, store
from bot.tickets.recusal import Officer

MANY = 201  # more than a page


def promise(desk: Desk, person: str, text: str = "", number: str | None = None, times: int = 1) -> None:
    clockwork = desk.casework.clockwork
    with desk.db.transaction() as tx:
        case = store.case(tx, number) if number else None
        for n in range(times):
            key, due = f"{person}/{number}/{text}/{n}", MONDAY + timedelta(hours=9 if text else 1)
            clockwork.task(tx, "promise", key, MONDAY, case=case, due_at=due, person=person, text=text)


def tasks(desk: Desk) -> Tasks:
    house = desk.house
    return Tasks(Cases(house.entering, house.files, house.staff))


def listed(desk: Desk, officer: Officer, owner: str) -> list[str]:
    return [task["text"] for task in tasks(desk).listed(officer, "open", owner == "me", 200, None)["tasks"]]


@pytest.mark.parametrize("owner", ["me", "all"])
def test_ones_own_task_stands_there_behind_many_of_others(desk: Desk, owner: str) -> None:
    anna = desk.officer("anna")
    promise(desk, "bert", times=MANY)
    promise(desk, "anna", "回电")
    assert listed(desk, anna, owner) == ["回电"]


def test_a_supervisor_finds_what_stands_behind_a_case_about_himself(desk: Desk, conversation: str) -> None:
    boss = desk.officer("sofia", "supervisor")
    number = desk.complain(conversation, "小前sofia骂人，态度恶劣")
    assert desk.tickets.case(number).accused == ("sofia",)
    promise(desk, "bert", number=number, times=MANY)
    promise(desk, "bert", "回电")
    assert listed(desk, boss, "all") == ["回电"]


def test_all_are_those_of_the_cases_that_one_may_see(desk: Desk, conversation: str) -> None:
    anna, carl = desk.officer("anna"), desk.officer("carl", "complaints")
    taken, free = desk.complain(conversation), desk.complain(desk.conversation(), "信用卡扣错了三百元", "13900139000")
    desk.act(taken, "take", desk.officer("bert", "complaints"))
    promise(desk, "bert", "有人的", taken)
    promise(desk, "bert", "没人的", free)
    promise(desk, "bert", "没有工单的")
    assert listed(desk, anna, "all") == []
    assert listed(desk, carl, "all") == ["没人的"]
    assert sorted(listed(desk, desk.officer("bert", "complaints"), "all")) == ["有人的", "没人的", "没有工单的"]
    assert listed(desk, carl, "me") == []


def test_a_long_list_is_read_page_by_page_and_nothing_comes_twice(desk: Desk) -> None:
    anna = desk.officer("anna")
    promise(desk, "anna", "一", times=3)  # all due at the same moment
    promise(desk, "bert", "别人的")
    promise(desk, "anna", times=2)
    pages, after = [], None
    while not pages or after is not None:
        page = tasks(desk).listed(anna, "open", True, 2, after)
        pages.append([task["id"] for task in page["tasks"]])
        after = page["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    found = [id_ for page in pages for id_ in page]
    assert len(set(found)) == 5
    assert found == [task["id"] for task in tasks(desk).listed(anna, "open", True, 200, None)["tasks"]]


def test_alerts_are_read_page_by_page(desk: Desk) -> None:
    anna, at = desk.officer("anna"), desk.clock.now()
    with desk.db.transaction() as tx:
        for n in range(5):
            alerts.give(tx, alerts.Alert(f"k{n}", "warning", "owner", f"n{n}", person="anna"), at)
    first = tasks(desk).alerts(anna, 2, None)
    second = tasks(desk).alerts(anna, 2, first["next"])
    third = tasks(desk).alerts(anna, 2, second["next"])
    assert [[one["text"] for one in page["alerts"]] for page in (first, second, third)] == [
        ["n4", "n3"], ["n2", "n1"], ["n0"],
    ]  # fmt: skip
    assert third["next"] is None
