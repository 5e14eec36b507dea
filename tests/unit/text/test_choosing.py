"""A number or the words of a choice mean that choice, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.choosing import chosen

HUMAN, CANCEL = ("human", "转人工"), ("cancel", "取消")
CANCEL = ("cancel", "取消排队")
THREE = (HUMAN, CANCEL, ("stay", "继续问机器人"))
TWELVE = tuple((f"c{place}", f"选项{letter}") for place, letter in enumerate("甲乙丙丁戊己庚辛壬癸子丑", start=1))


FIRST = [
    "1",
    " 1 ",
    "１",
    "1.",
    "1、",
    "1。",
    "１．",
    "①",
    "⑴",
    "⒈",
    "1️⃣",
    "(1)",
    "1)",
    "一",
    "一、",
    "选1",
    "选择1",
    "我选1",
]
FIRST += [
    "选一",
    "第一个",
    "第1个",
    "选第一个",
    "第一项",
    "第一",
    "转人工",
    " 转人工\n",
    "轉人工",
    "1 转人工",
    "1转人工",
]
NONE = [
    "",
    " ",
    "0",
    "4",
    "10",
    "11",
    "1万",
    "1.5",
    "1,000",
    "-1",
    "+1",
    "01",
    "1%",
    "1元",
    "1个月",
    "1号",
    "一万",
    "十",
    "零",
]
NONE += [
    "两",
    "1 2",
    "1和2",
    "1?",
    "不选1",
    "第一个月",
    "转人工吧",
    "不要转人工",
    "人工",
    "第个",
    "选",
    "一下",
    "一二三",
    "½",
    "1²",
    "①②",
]


@pytest.mark.parametrize("said", FIRST)
def test_the_first_choice(said: str) -> None:
    assert chosen(said, THREE) == "human"


@pytest.mark.parametrize("said", NONE)
def test_what_is_no_choice(said: str) -> None:
    assert chosen(said, THREE) is None


@pytest.mark.parametrize(
    ("said", "place"), [("2", 2), ("三", 3), ("10", 10), ("十", 10), ("⑩", 10), ("十一", 11), ("第十二个", 12)]
)
def test_larger_numbers(said: str, place: int) -> None:
    assert chosen(said, TWELVE) == f"c{place}"


@pytest.mark.parametrize("said", ["13", "十三", "二十", "99"])
def test_numbers_beyond_the_list(said: str) -> None:
    assert chosen(said, TWELVE) is None


def test_nothing_offered_nothing_chosen() -> None:
    assert chosen("1", ()) is None
    assert chosen("", (("x", ""),)) is None


def test_a_label_that_is_a_number_leaves_no_doubt_or_no_choice() -> None:
    years = (("y1", "1"), ("y3", "3"), ("y5", "5"))
    assert chosen("1", years) == "y1"
    assert chosen("5", years) == "y5"
    assert chosen("3", years) is None  # the label of one, the place of another


def test_one_label_for_two_choices_is_no_choice() -> None:
    assert chosen("同名", (("a", "同名"), ("b", "同名"))) is None
    assert chosen("2", (("a", "同名"), ("b", "同名"))) == "b"


@given(st.text(st.characters()), st.lists(st.tuples(st.text(max_size=3), st.text(max_size=5)), max_size=5))
def test_any_text_means_one_of_the_choices_or_none(said: str, choices: list[tuple[str, str]]) -> None:
    assert chosen(said, choices) in {None, *(id_ for id_, _ in choices)}


@given(st.lists(st.text(st.characters(categories=["Lo"]), min_size=4, max_size=8), min_size=1, max_size=9, unique=True))
def test_every_line_that_is_shown_can_be_answered(labels: list[str]) -> None:
    choices = tuple((f"c{place}", label) for place, label in enumerate(labels))
    for place, (id_, _) in enumerate(choices, start=1):
        assert chosen(str(place), choices) == id_
