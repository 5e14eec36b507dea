"""Whether many complain together (群体) is proposed by words, and decided by a person (C5, L1a)."""

from __future__ import annotations

import pytest
from tickets_support import STORY, Desk

from bot.console.case_bodies import ACTS
from bot.console.case_history import CaseHistory
from bot.errors import Forbidden

MANY = "我们十几个储户一起来投诉，柜员让我们等了两个小时"


def opened(desk: Desk, story: str) -> str:
    return desk.complain(desk.conversation(), story)


@pytest.mark.parametrize(("story", "decided", "words"), [(MANY, False, "是→否"), (STORY, True, "否→是")])
def test_is_corrected_by_the_act_and_its_history_says_from_what_to_what(
    desk: Desk, story: str, decided: bool, words: str
) -> None:
    number = opened(desk, story)
    assert desk.tickets.case(number).group is not decided
    body = ACTS["classify"](group=decided, reason="核实过了").dict(exclude={"version"})
    assert desk.act(number, "classify", **body).group is decided
    event = desk.tickets.history(number)[-1]
    assert event.detail["changed"] == {"group": [not decided, decided]}
    assert f"群体投诉：{words}" in CaseHistory(desk.house.knowledge).line(event, {})["text"]


def test_stays_where_nothing_is_said_of_it(desk: Desk) -> None:
    number = opened(desk, MANY)
    for said in (None, True):
        assert desk.act(number, "classify", classes={}, reason="核实过了", group=said).group
        assert desk.tickets.history(number)[-1].detail["changed"] == {}


def test_is_no_agents_to_decide_who_has_nothing_to_do_with_it(desk: Desk) -> None:
    number = opened(desk, MANY)
    with pytest.raises(Forbidden):
        desk.act(number, "classify", desk.officer("qi", "quality"), classes={}, reason="不是", group=False)
