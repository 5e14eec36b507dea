"""The page that is printed and signed."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from specimen import Folder

from bot.errors import InvalidInput
from bot.knowledge import Knowledge
from bot.knowledge.exporting import page

SPRING = date(2026, 4, 1)
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads the text and fails where an element is not closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""
        self.elements: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data


def test_it_has_everything_that_is_approved(folder: Folder) -> None:
    read = Reader(page(folder.load(), "loan", SPRING)).words
    for words in (
        "样例银行 话术审批：loan", "打印日期 2026-04-01；话术 2 条", "loan_rate_mortgage，第1版", "年化3.10%。",
        "目前按年计是3.10%，看城市和征信。", "《利率公告》", "2026-10-01", "关于loan的提示。", "待合规确认", "今天有效",
        "2026-01-01 至 2026-06-30", "合规部 2025-12-20", "起草人：", "业务部门：", "合规部门：", "签字：",
    ):  # fmt: skip
        assert words in read, words
    assert "卡丢了" not in read


def test_drafts_and_what_begins_later_are_on_it_and_what_has_ended_is_not(folder: Folder) -> None:
    folder.change(
        "scripts/all.yml",
        "  valid_to: 2026-12-31\n  approved_by: 合规部\n  approved_on: 2025-12-20\n- id: loan_rate_mortgage",
        "  valid_to: 2026-12-31\n  author: 小王\n- id: loan_rate_mortgage",
    )
    read = Reader(page(folder.load(), "loan", date(2025, 12, 31))).words
    assert "草稿" in read and "待审批" in read and "小王" in read and "尚未生效" in read
    assert "loan_rate_mortgage" not in Reader(page(folder.load(), "loan", date(2026, 7, 1))).words


def test_buttons_lead_somewhere(folder: Folder) -> None:
    folder.change("scripts/all.yml", "  intent: card_loss\n", "  intent: card_loss\n  topics: [fee]\n")
    read = Reader(page(folder.load(), "fee", SPRING)).words
    assert "卡找到了" in read and "card_found" in read and "转人工" in read


def test_nothing_that_staff_write_becomes_markup(folder: Folder) -> None:
    evil = '<script>alert(1)</script> & \\"x\\"'
    folder.change("scripts/all.yml", "各种贷款不同，请说明是哪一种。", f'"{evil}"')
    folder.change("scripts/all.yml", "title: 贷款利率", f'title: "{evil}"')
    html = page(folder.load(), "loan", SPRING)
    assert "<script" not in html and "&lt;script&gt;" in html
    assert '<script>alert(1)</script> & "x"' in Reader(html).words


def test_it_needs_nothing_from_elsewhere_and_prints(folder: Folder) -> None:
    html = page(folder.load(), "loan", SPRING)
    assert not re.search(r"https?://|url\(|@import|src=|href=|@font-face", html)
    assert "@media print" in html and '<meta charset="utf-8">' in html and 'lang="zh-CN"' in html


def test_every_topic_of_the_demonstration_bank_can_be_printed(said: Knowledge) -> None:
    topics = {topic for script in said.scripts.values() for topic in script.topics}
    for topic in topics:
        assert Reader(page(said, topic, date(2026, 11, 22))).elements >= {"h1", "h2", "blockquote", "table"}


@pytest.mark.parametrize(("topic", "said"), [("loans", "there is no topic loans"), ("fund", "no script has the topic")])
def test_a_topic_that_there_is_not(folder: Folder, topic: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        page(folder.load(), topic, SPRING)
