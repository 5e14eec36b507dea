"""How texts sound is remarked upon by file and line, and stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from specimen import Folder

from bot.clock import SystemClock
from bot.knowledge.check import main
from bot.knowledge.loading import examine
from bot.knowledge.tone import remarks

FIRST = "各种贷款不同，请说明是哪一种。"


def said(folder: Folder) -> list[str]:
    files, problems = examine(folder.path)
    assert files is not None, problems
    return [str(remark) for remark in remarks(files)]


def remarked(folder: Folder, text: str) -> list[str]:
    return said(folder.change("scripts/all.yml", FIRST, f'"{text}"'))


def test_the_specimen_sounds_well(folder: Folder) -> None:
    assert said(folder) == []


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("你的贷款要看种类。", "语气：“你”不够礼貌（对客户称“您”）"),
        ("没还上是您的错。", "语气：“您的错”像在责怪或推脱（说怎么办，不说是谁的错）"),
        ("贷款看LPR。", "语气：“LPR”是行话（同一段话里解释一下，可以用：市场利率、报价）"),
        ("今天头寸紧。", "语气：“头寸”是行话（换一个客户听得懂的说法）"),
        ("您好！请说明！是哪一种。", "语气：感叹号多于1个（平静一些）"),
        ("字" * 41 + "。", "语气：一句话有41个字（字字字字字字字字字字……）（拆成两句，或分行列出）"),
    ],
)
def test_what_sounds_wrong_is_named_with_its_line(folder: Folder, text: str, remark: str) -> None:
    assert remarked(folder, text) == [f"scripts/all.yml 第31行，loan_rate › texts 几种说法 › 第1项：{remark}"]


@pytest.mark.parametrize(
    "text",
    [
        "请您说明是哪一种贷款。",
        "这不是您的错，请先还款。",
        "骗子会说“你的贷款逾期了，都是您的错”。",
        "贷款看LPR，也就是每月公布的市场利率。",
        "您好！请说明是哪一种。",
        "字" * 40 + "。",
        "字" * 25 + "；" + "字" * 25 + "，再见。",
    ],
)
def test_what_is_proper_is_left_alone(folder: Folder, text: str) -> None:
    assert remarked(folder, text) == []


def test_a_figure_counts_for_four_and_its_name_for_nothing(folder: Folder) -> None:
    folder.change("scripts/all.yml", '"年化{rate}。"', '"' + "字" * 36 + '{rate}。"')
    assert said(folder) == []
    folder.change("scripts/all.yml", "字" * 36, "字" * 37)
    assert len(said(folder)) == 1


def test_phrases_are_read_too(folder: Folder) -> None:
    folder.change("phrases.yml", '"text": "好的。"', '"text": "你好，好的。"')
    (remark,) = said(folder)
    assert remark.startswith("phrases.yml 第") and "“你”不够礼貌" in remark


def test_drafts_are_read_before_somebody_approves_them(folder: Folder) -> None:
    folder.change(
        "scripts/all.yml",
        "  approved_by: 合规部\n  approved_on: 2025-12-20\n- id: loan_rate_mortgage",
        "- id: loan_rate_mortgage",
    )
    assert len(remarked(folder, "你的贷款。")) == 1


def test_the_check_prints_it_as_a_warning_and_ends_well(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("scripts/all.yml", FIRST, "你的贷款要看种类。")
    assert main([str(folder.path)], SystemClock()) == 0
    assert (
        "提醒  scripts/all.yml 第31行，loan_rate › texts 几种说法 › 第1项：语气：“你”不够礼貌"
        in capsys.readouterr().out
    )


def test_a_mistake_in_the_words_is_told_by_its_line(folder: Folder) -> None:
    folder.change("tone.yml", "longest_sentence: 40", "longest_sentence: 很长")
    assert folder.the_problem().startswith("tone.yml 第1行，longest_sentence")


def test_few_remarks_on_the_demonstration_banks_texts() -> None:
    files, _ = examine(Path(__file__).resolve().parents[3] / "knowledge")
    assert files is not None
    found = [str(remark) for remark in remarks(files)]
    assert len(found) <= 15, found
    assert not [remark for remark in found if "不够礼貌" in remark or "责怪" in remark]
