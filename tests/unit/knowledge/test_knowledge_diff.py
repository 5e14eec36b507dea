"""What changes between two days, as customers would notice it."""

from __future__ import annotations

from datetime import date

import pytest
from specimen import Folder

from bot.errors import InvalidInput
from bot.knowledge.diff import difference

SPRING, AUTUMN = date(2026, 4, 1), date(2026, 11, 22)


def lines(folder: Folder, first: date = SPRING, second: date = AUTUMN) -> list[str]:
    return [line.strip() for line in difference(folder.load(), first, second)]


def test_the_same_day_is_no_different(folder: Folder) -> None:
    assert lines(folder, SPRING, SPRING) == ["从 2026-04-01 到 2026-04-01，客户看到的有什么不同：", "没有不同。"]


def test_what_ends_and_who_answers_then(folder: Folder) -> None:
    said = lines(folder)
    assert "贷款利率（房贷）：没有专门的话术了，由不分产品的 loan_rate 回答" in said
    assert "结束 card_found（卡找到了，第1版），有效到 2026-06-30" in said
    assert "变化 card_loss（卡丢了怎么办，第3版）：按钮少了“卡找到了”" in said


def test_a_question_without_an_answer_is_loud(folder: Folder) -> None:
    assert "挂失补卡：没有话术了，客户会被转给人工！" in lines(folder, AUTUMN, date(2027, 1, 1))


def test_what_begins_and_what_it_takes_the_place_of(folder: Folder) -> None:
    new = (
        "- id: card_loss_2027\n  version: 1\n  title: 卡丢了\n  intent: card_loss\n  texts: [先挂失。, 打电话。]\n"
        "  valid_from: 2027-01-01\n  valid_to: 2027-12-31\n  approved_by: 合规部\n  approved_on: 2026-12-01\n"
    )
    folder.write("scripts/next.yml", new)
    said = lines(folder, AUTUMN, date(2027, 1, 1))
    assert "挂失补卡：由 card_loss_2027 回答，原来是 card_loss" in said
    assert "开始 card_loss_2027（卡丢了，第1版），从 2027-01-01 起，有效到 2027-12-31" in said


def test_mandatory_texts_by_version_where_they_stand_and_where_they_are_said(folder: Folder) -> None:
    folder.change(
        "disclosures.yml",
        '"id": "about_loan",\n  "version": 1,',
        '"id": "about_loan",\n  "version": 1, "valid_to": "2026-06-30",',
    )
    said = lines(folder)
    assert "结束 about_loan（loan，第1版），有效到 2026-06-30" in said
    assert "变化 loan_rate（贷款利率，第1版）：必须提示少了“about_loan（loan，第1版）”" in said


def test_a_script_that_names_a_text_out_of_force_cannot_go_out(folder: Folder) -> None:
    folder.change(
        "disclosures.yml",
        '"id": "about_fee",\n  "version": 1,',
        '"id": "about_fee",\n  "version": 1, "valid_to": "2026-06-30",',
    )
    folder.change(
        "scripts/all.yml",
        "  figures: [card_fee, card_days]",
        "  disclosures: [about_fee]\n  figures: [card_fee, card_days]",
    )
    assert any("写明要带的提示 about_fee 没有生效版本，这条话术发不出去！" in line for line in lines(folder))


def test_figures_used_no_longer_and_renewed_meanwhile(folder: Folder) -> None:
    said = lines(folder)
    assert "不再用到 rate 房贷利率 3.10%" in said
    assert "其间更新 card_fee 补卡工本费，现在是 10元（数据日期 2026-11-01）" in said
    assert "开始用到 rate 房贷利率 3.10%（数据日期 2026-10-01）" in lines(folder, date(2025, 12, 31), SPRING)


def test_a_draft_is_never_said(folder: Folder) -> None:
    folder.change(
        "scripts/all.yml", "  approved_by: 合规部\n  approved_on: 2025-12-20\n- id: card_found", "- id: card_found"
    )
    assert not any("card_loss（" in line for line in lines(folder))


def test_the_earlier_day_comes_first(folder: Folder) -> None:
    with pytest.raises(InvalidInput, match="earlier day first"):
        lines(folder, AUTUMN, SPRING)
