"""`make check-knowledge`: what a clerk sees, and what needs a look soon."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from specimen import Folder

from bot.clock import FrozenClock
from bot.knowledge.check import main
from bot.knowledge.warnings import warnings

LATE = FrozenClock(datetime(2026, 6, 30, 16, 30, tzinfo=timezone.utc))  # in Beijing it is the first of July already


def test_a_good_folder_ends_with_zero_and_counts(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder.path)], LATE) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "话术 4 条（今天有效 2 条，样例 0 条），说法 8 种" in lines
    assert "必须提示 11 条，待合规确认 1 条：about_loan" in lines
    assert lines[-1].startswith("没有错误，")


def test_a_mistake_ends_with_one_and_is_printed(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("figures.yml", "  source: 《价目表》\n", "")
    assert main([str(folder.path)], LATE) == 1
    assert capsys.readouterr().out.splitlines() == [
        "错误  figures.yml 第1行，card_fee › source 出处：缺少这一项，必须填写",
        "共 1 处错误，改好后再运行一次。",
    ]


def test_today_is_beijings(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder.path)], LATE)
    assert "提醒  话术 card_found 已于 2026-06-30 过期，不再使用" in capsys.readouterr().out


def test_what_expires_soon_needs_a_look(folder: Folder) -> None:
    assert "话术 card_found 将于 2026-06-30 过期，请及时复审" in warnings(folder.load(), date(2026, 6, 10))
    assert not [w for w in warnings(folder.load(), date(2026, 5, 1)) if "过期" in w]


def test_what_is_not_yet_valid(folder: Folder) -> None:
    notes = list(warnings(folder.load(), date(2025, 12, 31)))
    assert "话术 card_loss 到 2026-01-01 才生效" in notes
    assert "问题类型 card_loss 今天没有有效的话术，客户会被转给人工" in notes
    assert "主题 loan 今天没有生效的必须提示" in notes
    assert "必须提示 about_loan 今天不在有效期内" in notes


def test_figures_from_the_future_and_from_long_ago(folder: Folder) -> None:
    early, late = list(warnings(folder.load(), date(2026, 10, 15))), list(warnings(folder.load(), date(2027, 10, 15)))
    assert "数字 card_fee 的数据日期 2026-11-01 在今天之后" in early
    assert not [w for w in early if "rate 的" in w]
    assert "数字 rate 的数据日期是 2026-10-01，已经超过一年，请核对" in late


def test_a_figure_that_no_answer_uses(folder: Folder, autumn: date) -> None:
    more = (folder.path / "figures.yml").read_text("utf-8").split("- id: card_days")[0].replace("card_fee", "old_fee")
    folder.write("figures.yml", (folder.path / "figures.yml").read_text("utf-8") + more)
    assert "数字 old_fee 没有话术用到" in warnings(folder.load(), autumn)


def test_a_phrase_that_code_does_not_know(folder: Folder, autumn: date) -> None:
    phrases = (folder.path / "phrases.yml").read_text("utf-8").rstrip().removesuffix("]")
    folder.write("phrases.yml", phrases + ', {"id": "welcom", "text": "您好"}]')
    assert "短句 welcom 没有被系统用到，请检查编号" in warnings(folder.load(), autumn)


def test_drafts_are_listed(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("scripts/all.yml", "  approved_by: 合规部\n  approved_on: 2025-12-20\n", "")
    assert main([str(folder.path)], LATE) == 0
    printed = capsys.readouterr().out
    assert "提醒  话术 card_loss 是草稿（没有审批人和审批日期），不会发给客户" in printed
    assert "草稿 1 条，不会发给客户：card_loss" in printed.splitlines()
    assert "话术 4 条（今天有效 1 条" in printed
