"""`qiantai survey`: what the bank's staff read of a month."""

from __future__ import annotations

import pytest
from support import Chat

from bot import cli
from bot.assistant.fake import FakeAssistant
from bot.wiring import House


@pytest.fixture
def at_home(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Commands work on this house."""
    monkeypatch.setenv("QIANTAI_HOME", str(house.settings.home))
    for name in ("QIANTAI_ENV", "QIANTAI_DATABASE_URL", "QIANTAI_KNOWLEDGE"):
        monkeypatch.delenv(name, raising=False)
    return house


def rated(house: House, *presses: str) -> Chat:
    chat = Chat(house, FakeAssistant())
    chat.waits(1800)
    for choice in presses:
        chat.presses(choice)
    return chat


def test_a_month_with_its_dimensions_channels_and_words(at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
    rated(at_home)
    steps = ("rate_2", "rate_solved_3", "rate_skip_attitude", "rate_efficiency_1")
    chat = rated(at_home, *steps)
    chat.says("等得太久，\n打13800138000找我")
    assert cli.main(["survey", "--month", "2026-11", "--words"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "2026-11 满意度 60.0 分，1 份评价，请客户评价 2 次",
        "  低于 90 分：要分析原因，提出改进措施。",
        "【各方面】",
        "  总体满意度 60.0 分，1 份评价",
        "  问题解决 100.0 分，1 份评价",
        "  效率 0.0 分，1 份评价",
        "【按渠道】",
        "  网页 60.0 分，1 份评价",
        "【按对象】",
        "  会话 60.0 分，1 份评价",
        f"意见 2026-11-22 13:00 会话 {chat.id}：等得太久， 打〔手机·尾号8000〕找我",
    ]


def test_a_month_that_reached_the_mark(at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
    rated(at_home, "rate_3")
    assert cli.main(["survey", "--month", "2026/11"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "  达到 90 分。"


def test_this_month_without_any_answer(at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["survey"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("满意度 — 分，0 份评价，请客户评价 0 次") and lines[1:] == ["  这个月还没有评价。"]


@pytest.mark.parametrize("month", ["2026", "2026-13", "11月", "2026-11-22"])
def test_what_is_no_month_is_one_line(at_home: House, capsys: pytest.CaptureFixture[str], month: str) -> None:
    assert cli.main(["survey", "--month", month]) == 1
    assert capsys.readouterr().err == f"qiantai: {month!r} is no month: write it like 2026-11\n"
