"""When does a customer ask the same again? (design: rule 3)"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.similarity import similarity

HERE = Path(__file__).parent
THRESHOLD = 0.65  # knowledge/escalation.yml; test_the_bank_uses_the_calibrated_threshold keeps them together


def pairs() -> list[tuple[bool, str, str]]:
    rows = [line.split("\t") for line in (HERE / "pairs.tsv").read_text(encoding="utf-8").splitlines()]
    return [(kind == "same", a, b) for kind, a, b in rows]


def precision_and_recall(threshold: float) -> tuple[float, float]:
    judged = [(same, similarity(a, b) >= threshold) for same, a, b in pairs()]
    right = sum(same and said for same, said in judged)
    return right / sum(said for _, said in judged), right / sum(same for same, _ in judged)


def test_enough_pairs_of_both_kinds_to_calibrate_on() -> None:
    kinds = [same for same, _, _ in pairs()]
    assert len(kinds) >= 120
    assert 0.4 <= sum(kinds) / len(kinds) <= 0.6


def test_at_the_threshold_nine_of_ten_repeats_are_found_and_seven_of_eight_calls_are_right() -> None:
    precision, recall = precision_and_recall(THRESHOLD)
    assert precision >= 0.87
    assert recall >= 0.89


def test_the_bank_uses_the_calibrated_threshold() -> None:
    kept = (HERE.parents[2] / "knowledge" / "escalation.yml").read_text(encoding="utf-8")
    assert f"similarity: {THRESHOLD}" in kept


@pytest.mark.parametrize(
    "first, again",
    [
        ("房贷利率多少", "我问的是房贷利率到底是多少"),
        ("银行卡丢了怎么办", "你好 卡不见了"),
        ("转账限额是多少", "轉賬限額是多少？"),  # traditional characters
        ("三年定期利率多少", "３年定期的利息"),
        ("客服电话多少", "客服电话多少"),
    ],
)
def test_same_question_in_other_words(first: str, again: str) -> None:
    assert similarity(first, again) >= THRESHOLD


@pytest.mark.parametrize(
    "first, other",
    [
        ("房贷利率多少", "车贷利率多少"),  # another product
        ("贷款需要什么条件", "贷款需要什么材料"),  # another aspect
        ("存10万利息多少", "存50万利息多少"),  # another amount
        ("一年定期利率", "五年定期利率"),  # another term
        ("怎么绑定微信", "怎么解绑微信"),  # the opposite
        ("短信提醒怎么开通", "公积金怎么查"),
    ],
)
def test_another_entity_or_aspect_is_no_repeat(first: str, other: str) -> None:
    assert similarity(first, other) < THRESHOLD


def test_politeness_alone_is_no_question() -> None:
    assert similarity("你好，请问一下", "你好，我想咨询一下大额存单利率") == 0
    assert similarity("请问", "请问") == 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_symmetric_and_between_zero_and_one(a: str, b: str) -> None:
    score = similarity(a, b)
    assert 0 <= score <= 1
    assert score == similarity(b, a)


@given(st.text(max_size=80))
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert similarity(text, text) == pytest.approx(1)
