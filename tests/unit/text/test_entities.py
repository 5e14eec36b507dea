"""Amounts, terms, card tails and dates as customers type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.entities import extract, number


def read(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in extract(text)]


@pytest.mark.parametrize(
    "text, value",
    [
        ("贷30万", "300000"),
        ("想借五万块", "50000"),
        ("1.5万元存着", "15000"),
        ("50w能批吗", "500000"),
        ("转了2,000.50元", "2000.5"),
        ("5千块钱", "5000"),
        ("3千5", "3500"),
        ("一万二", "12000"),
        ("存两千五", "2500"),
        ("扣了２５元", "25"),
        ("五十萬", "500000"),
        ("一共三千零五十块", "3050"),
        ("2亿", "200000000"),
    ],
)
def test_amounts_become_yuan(text: str, value: str) -> None:
    assert read(text) == [("amount", value)]


def test_a_foreign_amount_keeps_its_currency() -> None:
    (entity,) = extract("换1000美元")
    assert (entity.value, entity.currency) == ("1000", "USD")


@pytest.mark.parametrize(
    "text", ["万一丢了怎么办", "千万不要", "95588", "你好", "第3个", "2号线附近的网点", "每年年费"]
)
def test_what_is_no_amount_or_date(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text, value",
    [
        ("三年定期", "P3Y"),
        ("20年", "P20Y"),
        ("半年", "P6M"),
        ("一年半", "P18M"),
        ("三个月", "P3M"),
        ("分12期", "P12M"),
        ("七天通知存款", "P7D"),
        ("等了3个工作日", "P3D"),
    ],
)
def test_terms_become_durations(text: str, value: str) -> None:
    assert read(text) == [("term", value)]


@pytest.mark.parametrize(
    "text, value",
    [
        ("2026年11月3日", "2026-11-03"),
        ("2026/11/3", "2026-11-03"),
        ("11月3号", "--11-03"),
        ("十一月三号", "--11-03"),
        ("10号还款", "---10"),
        ("昨天转的", "昨天"),
        ("上个月", "上个月"),
    ],
)
def test_dates(text: str, value: str) -> None:
    assert read(text) == [("date", value)]


@pytest.mark.parametrize(
    "text, value",
    [
        ("尾号1234的卡", "1234"),
        ("后四位是8888", "8888"),
        ("〔卡号·尾号123X〕丢了", "123X"),
        ("挂失〔卡号·尾号6789〕", "6789"),
    ],
)
def test_card_tails(text: str, value: str) -> None:
    assert read(text) == [("card_tail", value)]


@pytest.mark.parametrize("text", ["〔手机·尾号8000〕", "〔证件·尾号1234〕", "手机尾号8000", "〔已删除·密码〕"])
def test_other_tails_are_no_card(text: str) -> None:
    assert read(text) == []


def test_several_in_one_message_keep_their_places() -> None:
    text = "昨天存了10万三年定期，尾号1234"
    assert [(e.kind, text[e.start : e.end]) for e in extract(text)] == [
        ("date", "昨天"),
        ("amount", "10万"),
        ("term", "三年"),
        ("card_tail", "1234"),
    ]


@given(st.text(max_size=200))
def test_offsets_lie_inside_and_do_not_overlap(text: str) -> None:
    end = 0
    for entity in extract(text):
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end


@given(st.integers(min_value=0, max_value=10**12))
def test_arabic_numbers_read_as_written(value: int) -> None:
    assert number(f"{value:,}") == Decimal(value)


@pytest.mark.parametrize(
    "written, value",
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("两千五", 2500),
        ("一亿二", 120000000),
        ("三万五千", 35000),
    ],
)
def test_chinese_numbers(written: str, value: int) -> None:
    assert number(written) == value


def test_words_are_no_number() -> None:
    assert number("几个") is None
