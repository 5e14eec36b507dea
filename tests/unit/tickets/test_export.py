"""The table of cases for a spreadsheet. On both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from tickets_support import Desk

from bot.knowledge import Knowledge
from bot.tickets.export import HEAD, as_csv
from bot.tickets.listing import Filter

STORIES = ("昨天在城南支行办业务，柜员让我等了两个小时", "信用卡扣错了三百元", "手机银行登录不上，没人管")


@pytest.fixture
def numbers(desk: Desk) -> list[str]:
    return [desk.complain(desk.conversation(), story, f"1380013800{n}") for n, story in enumerate(STORIES)]


def exported(desk: Desk, limit: int = 50, most: int = 100) -> list[list[str]]:
    """Without the head."""
    body = as_csv(desk.officer("super", "supervisor"), Filter(limit=limit), desk.casework, most)
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]


def value(row: list[str], name: str) -> str:
    return row[HEAD.index(name)]


def test_holds_every_case_once_over_its_pages(desk: Desk, numbers: list[str]) -> None:
    assert sorted(row[0] for row in exported(desk, limit=1)) == sorted(numbers)


def test_says_that_it_was_cut(desk: Desk, numbers: list[str], knowledge: Knowledge) -> None:
    rows = exported(desk, limit=1, most=2)
    assert len(rows) == 3
    assert rows[-1] == [knowledge.phrase("case_export_cut", rows="2")[0]]
    assert len(exported(desk, most=3)) == 3


def test_holds_the_store_for_one_page_at_a_time(desk: Desk, numbers: list[str]) -> None:
    begun = []

    @contextmanager
    def around() -> Iterator[None]:
        begun.append(1)
        yield

    desk.officer("super", "supervisor")
    held, desk.db.around = desk.db.around, around
    exported(desk, limit=1)
    desk.db.around = held
    assert len(begun) >= len(numbers)


def test_asks_for_the_clocks_of_a_page_in_one_statement(desk: Desk, numbers: list[str]) -> None:
    asked: list[str] = []
    sa.event.listen(desk.db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    desk.at("2027-01-20 10:00")
    rows = exported(desk)
    assert len([one for one in asked if "FROM case_deadlines" in one and "starts_at" in one]) == 1
    assert all("办结" in row[HEAD.index("breached")].split("、") for row in rows)


def test_is_written_in_words_that_one_reads(desk: Desk, numbers: list[str]) -> None:
    body = as_csv(desk.officer("super", "supervisor"), Filter(), desk.casework, 100)
    head, *rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert not [heading for heading in head if not any("一" <= char <= "鿿" for char in heading)]
    assert len(set(head)) == len(head) == len(rows[0])
    found = {value(row, name) for row in rows for name in ("kind", "repeat", "group", "state", "channel")}
    assert found == {"投诉", "否", "已登记，等待受理", "网页聊天"}
    assert {value(row, "customer_type") for row in rows} == {"个人"}


def test_tells_how_it_was_settled_and_what_the_customer_says_of_it(desk: Desk) -> None:
    """000-85: handling time, result, satisfaction, what became of the problem, improvement."""
    number = desk.complain(desk.conversation(), STORIES[0])
    (open_one,) = exported(desk)
    assert [value(open_one, name) for name in ("settled_at", "handling_hours", "result", "satisfaction")] == [""] * 4
    boss = desk.officer("super", "supervisor", "head")
    desk.clock.advance(26.5 * 3600)
    desk.resolved(number, boss)
    desk.at("2026-11-27T10:00")
    answers = {"satisfaction": "非常满意", "continuity": "没有再出现", "suggestions": "没有"}
    (visit,) = desk.tasks(number, "visit")
    with desk.db.transaction() as tx:
        desk.casework.aftercare.done(tx, visit, boss, desk.clock.now(), "已回访", answers)
    (row,) = exported(desk)
    names = ("settled_at", "handling_hours", "result", "reasons", "satisfaction", "rectification", "root_cause")
    assert [value(row, name) for name in names] == [
        "2026-11-24T12:30:00.000+08:00", "26.5", "已道歉", "叫号记录属实", "非常满意", "没有再出现", "人手不足",
    ]  # fmt: skip


def test_of_an_appeal_only_what_is_settled_anew_counts(desk: Desk) -> None:
    number = desk.complain(desk.conversation(), STORIES[0])
    desk.resolved(number)
    desk.act(number, "appeal", reason="不认可")
    (row,) = exported(desk)
    assert [value(row, name) for name in ("round", "settled_at", "handling_hours", "result")] == ["2", "", "", ""]


def test_the_hours_of_an_appeal_count_from_the_appeal(desk: Desk) -> None:
    number = desk.complain(desk.conversation(), STORIES[0])
    desk.resolved(number)
    desk.at("2026-11-27T10:00")
    desk.act(number, "appeal", reason="不认可")
    desk.at("2026-11-27T15:00")
    desk.resolved(number, desk.officer("head2", "supervisor", "head"))
    (row,) = exported(desk)
    assert [value(row, name) for name in ("round", "handling_hours")] == ["2", "5.0"]
