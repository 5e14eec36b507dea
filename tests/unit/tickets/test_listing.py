"""Lists of cases, page by page and filter by filter; and the table for a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from tickets_support import PHONE, Desk

from bot.tickets.entering import Entry
from bot.tickets.export import HEAD, as_csv
from bot.tickets.listing import Filter, search

FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)")


def listed(desk: Desk, who: str = "super", **asked: object) -> list[str]:
    officer = desk.officer(who, *(("supervisor", "head") if who == "super" else ("complaints",)))
    with desk.db.transaction() as tx:
        return [case.number for case in search(tx, officer, Filter(**asked), desk.clock.now())[0]]


def exported(desk: Desk, who: str = "super", most: int = 1000, **asked: object) -> list[list[str]]:
    officer = desk.officer(who, *(("supervisor", "head") if who == "super" else ("complaints",)))
    body = as_csv(officer, Filter(**asked), desk.casework, most)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def filed(desk: Desk, story: str, phone: str = PHONE) -> str:
    return desk.complain(desk.conversation(), story, phone)


@pytest.fixture
def numbers(desk: Desk) -> dict[str, str]:
    """A handful of cases, an hour apart."""
    made = {}
    for name, story in {
        "ordinary": "城南支行的柜员让我等了两个小时",
        "major": "媒体要曝光你们泄露信息的事",
        "urgent": "我的卡昨晚被盗刷了两万块",
    }.items():
        made[name] = filed(desk, story)
        desk.clock.advance(hours=1)
    made["phone"] = desk.entering.enter(
        Entry("手机银行登录不上，一直闪退", "phone", contact="13911112222"),
        "key-0001",
        desk.officer("anna", "complaints"),
    ).case.number
    made["withdrawn"] = filed(desk, "贷款审批拖了一个月没有结果", "13922223333")
    desk.act(made["withdrawn"], "withdraw", reason="不用了")
    return made


class TestTheFilters:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["urgent", "ordinary", "phone", "major"]),  # what is due first
            ({"state": "ended"}, ["withdrawn"]),
            ({"state": "all"}, ["withdrawn", "phone", "urgent", "major", "ordinary"]),  # newest first
            ({"severity": "重大"}, ["major"]),
            ({"channel": "phone"}, ["phone"]),
            ({"owner": "anna"}, ["phone"]),
            ({"owner": "none"}, ["urgent", "ordinary", "major"]),
            ({"kind": "callback"}, []),
            ({"q": "泄露"}, ["major"]),
            ({"q": "%"}, []),
            ({"q": "_"}, []),
            ({"due": "overdue"}, ["urgent", "ordinary", "phone", "major"]),
            ({"due": "overdue", "severity": "一般", "owner": "none"}, ["ordinary"]),
        ],
    )
    def test_asks_for(self, desk: Desk, numbers: dict[str, str], asked: dict, found: list[str]) -> None:
        if "due" in asked:
            desk.clock.advance(days=2)
        assert listed(desk, **asked) == [numbers[name] for name in found]

    def test_me_is_a_word_and_no_part_of_a_name(self, desk: Desk, numbers: dict[str, str]) -> None:
        desk.act(numbers["ordinary"], "take", desk.officer("james", "complaints"))
        assert listed(desk, owner="james") == [numbers["ordinary"]]
        assert listed(desk, "james", owner="me") == [numbers["ordinary"]]

    def test_what_waits_for_the_customer_is_not_late(self, desk: Desk, numbers: dict[str, str]) -> None:
        number = numbers["ordinary"]
        for act in ("take", "quality"):
            desk.act(number, act)
        desk.act(number, "respond", analysis="正在核实")
        desk.act(number, "pause", reason="补充材料")
        desk.at("2026-12-04T10:00")
        assert number not in listed(desk, due="overdue")
        desk.at("2026-12-09T10:00")  # but the regulator does not wait
        assert number in listed(desk, due="overdue")

    def test_shows_nobody_what_he_may_not_see(self, desk: Desk, numbers: dict[str, str]) -> None:
        assert numbers["phone"] not in listed(desk, "bert")
        assert set(listed(desk, "anna")) == {numbers[name] for name in ("ordinary", "major", "urgent", "phone")}


class TestPages:
    @pytest.mark.parametrize("state", ["open", "all"])
    def test_go_on_where_the_former_ended(self, desk: Desk, numbers: dict[str, str], state: str) -> None:
        officer, seen, after = desk.officer("super", "supervisor", "head"), [], ""
        for _ in range(6):
            with desk.db.transaction() as tx:
                page, more = search(tx, officer, Filter(state=state, after=after, limit=2), desk.clock.now())
            seen += [case.number for case in page]
            if more is None:
                break
            after = more
        assert seen == listed(desk, state=state)

    def test_also_where_the_last_one_has_left_the_list_meanwhile(self, desk: Desk, numbers: dict[str, str]) -> None:
        _, second, *rest = listed(desk)
        desk.act(second, "withdraw", reason="不用了")
        assert listed(desk, after=second) == rest

    def test_behind_a_number_that_is_none_there_is_nothing(self, desk: Desk, numbers: dict[str, str]) -> None:
        assert listed(desk, after="TS20990101-000001") == []


class TestTheTable:
    def test_has_a_head_and_a_row_for_each_case_of_the_filter(self, desk: Desk, numbers: dict[str, str]) -> None:
        head, *rows = exported(desk, severity="重大")
        assert head[: head.index("投诉内容") + 1] == [desk.house.knowledge.phrase(f"case_column_{c}")[0] for c in HEAD]
        assert [row[0] for row in rows] == [numbers["major"]]
        assert len(rows[0]) == len(head)

    def test_holds_all_pages_and_no_more_than_it_may(self, desk: Desk, numbers: dict[str, str]) -> None:
        assert [row[0] for row in exported(desk, state="all", limit=2)[1:]] == listed(desk, state="all")
        assert len(exported(desk, state="all", most=3)) == 5  # the head, three cases, and that it was cut

    def test_holds_nothing_of_what_he_may_not_see_and_no_number(self, desk: Desk, numbers: dict[str, str]) -> None:
        table = exported(desk, "bert", state="all")
        assert numbers["phone"] not in {row[0] for row in table}
        assert PHONE not in str(exported(desk, state="all"))

    @pytest.mark.parametrize("formula", FORMULAS)
    def test_a_formula_stays_words(self, desk: Desk, formula: str) -> None:
        filed(desk, f"{formula} 柜员让我等了两个小时")
        (row,) = exported(desk)[1:]
        assert not [cell for cell in row if cell.startswith(tuple("=+-@"))]
        assert row[HEAD.index("facts")] == f"'{formula} 柜员让我等了两个小时"
