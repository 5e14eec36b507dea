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
from bot.tickets.export import as_csv
from bot.tickets.listing import Filter

STORIES = ("昨天在城南支行办业务，柜员让我等了两个小时", "信用卡扣错了三百元", "手机银行登录不上，没人管")


@pytest.fixture
def numbers(desk: Desk) -> list[str]:
    return [desk.complain(desk.conversation(), story, f"1380013800{n}") for n, story in enumerate(STORIES)]


def exported(desk: Desk, limit: int = 50, most: int = 100) -> list[list[str]]:
    """Without the head."""
    body = as_csv(desk.officer("super", "supervisor"), Filter(limit=limit), desk.casework, most)
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]


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
    assert all("resolution" in row[14].split() for row in rows)
