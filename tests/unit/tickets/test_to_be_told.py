"""What waits for a person to tell it, as the ticket page shows it: the words, which text it is, an act for each."""

from __future__ import annotations

import pytest
from tickets_support import RESULT, Desk

from bot.console.case_bodies import ACTS
from bot.console.case_history import CaseHistory
from bot.console.cases import Cases
from bot.errors import InvalidInput


@pytest.fixture
def cases(desk: Desk) -> Cases:
    return Cases(desk.entering, desk.house.files, desk.house.staff)


@pytest.fixture
def unreachable(desk: Desk) -> str:
    """No number was left, and the chat is over."""
    conversation = desk.conversation()
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)
    return number


def waiting(desk: Desk, cases: Cases, number: str) -> dict[str, str]:
    """Which texts wait, with their names."""
    tasks = cases.full(desk.officer("super", "supervisor", "head"), number)["tasks"]
    return {task["what"]["id"]: task["what"]["label"] for task in tasks if task["open"] and task["what"]}


def tell(desk: Desk, cases: Cases, number: str, what: str, **how: str) -> dict:
    body = ACTS["told"](**{"how": "phone", "what": what, **how})
    return cases.act(desk.officer("super", "supervisor", "head"), number, "told", body)


def test_each_is_named_and_told_by_itself(desk: Desk, cases: Cases, unreachable: str) -> None:
    desk.act(unreachable, "take")
    desk.act(unreachable, "respond", analysis="正在核实当天的排队记录")
    desk.act(unreachable, "investigate")
    assert waiting(desk, cases, unreachable) == {
        "case_first_response": "首次答复",
        "case_investigating": "处理中通知",
    }
    page = tell(desk, cases, unreachable, "case_investigating", note="本人接听")
    assert set(waiting(desk, cases, unreachable)) == {"case_first_response"}
    assert [(line["action"], line["text"]) for line in page["timeline"][-1:]] == [
        ("told", "处理中通知；电话；本人接听")
    ]
    with pytest.raises(InvalidInput) as refused:
        tell(desk, cases, unreachable, "case_investigating")
    assert refused.value.extra["field"] == "what"


def test_the_words_to_read_out_stand_with_it(desk: Desk, cases: Cases, unreachable: str) -> None:
    desk.act(unreachable, "accept")
    (task,) = [one for one in cases.full(desk.officer("super", "supervisor"), unreachable)["tasks"] if one["what"]]
    assert unreachable in task["text"] and "{" not in task["text"]


def test_whatever_a_customer_is_told_has_a_name(desk: Desk, cases: Cases, unreachable: str) -> None:
    """Through a whole case and its appeal, and what happens beside the way."""
    seen: dict[str, str] = {}

    def acts(*names: str, **values: object) -> None:
        for name in names:
            desk.act(unreachable, name, **values)
            seen.update(waiting(desk, cases, unreachable))

    seen.update(waiting(desk, cases, unreachable))
    acts("take", "investigate")
    acts("pause", reason="请补小票")
    acts("resume")
    acts("respond", analysis="正在核实")
    acts("propose", text="向您道歉")
    acts("resolve", **RESULT)
    acts("report")
    tell(desk, cases, unreachable, "case_result")
    acts("close")
    acts("appeal", reason="不满意")
    desk.tick("2026-12-20T10:00")
    seen.update(waiting(desk, cases, unreachable))
    assert {"case_paused", "case_result", "case_report", "case_closed", "case_reopened", "case_late"} <= set(seen)
    assert [what for what, label in seen.items() if label == what] == []


def test_what_the_list_does_not_know_is_shown_as_it_was_written(desk: Desk) -> None:
    """A text of a version that is gone: no page fails for it."""
    assert CaseHistory(desk.house.knowledge).told("case_of_long_ago") == "case_of_long_ago"
