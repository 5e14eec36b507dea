"""Amounts, terms, dates, card tails and phones as customers type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.entities import extract, number
from bot.text.mask import mask


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
        ("十万", "100000"),
        ("10w", "100000"),
        ("10W", "100000"),
        ("１０Ｗ", "100000"),
        ("5千", "5000"),
        ("两万五", "25000"),
        ("兩萬五", "25000"),
        ("一千二", "1200"),
        ("1,000.50元", "1000.5"),
        ("１，０００．５０元", "1000.5"),
        ("1万2千", "12000"),
        ("3万5千块", "35000"),
        ("12万8", "128000"),
        ("伍拾萬圓整", "500000"),  # as on a slip
        ("¥500", "500"),
        ("￥1,000.00", "1000"),
        ("rmb500", "500"),
        ("500RMB", "500"),
        ("两块五", "2.5"),
        ("25块5的手续费", "25.5"),
        ("五六万", "60000"),  # of a range the upper end
        ("两三块钱", "3"),
        ("十几万", "100000"),  # of what is only about, the round number
        ("被骗30多万", "300000"),
        ("一百来万", "1000000"),
        ("10万个人贷款", "100000"),
    ],
)
def test_amounts_become_yuan(text: str, value: str) -> None:
    assert read(text) == [("amount", value)]


def test_a_foreign_amount_keeps_its_currency() -> None:
    (entity,) = extract("换1000美元")
    assert (entity.value, entity.currency) == ("1000", "USD")
    (entity,) = extract("$100")
    assert (entity.value, entity.currency) == ("100", "USD")


@pytest.mark.parametrize(
    "text",
    [
        "万一丢了怎么办",
        "千万不要",
        "95588",
        "你好",
        "第3个",
        "2号线附近的网点",
        "每年年费",
        "几万",
        "5万积分怎么换",
        "群里有两万人",
        "百分之三点五",
        "千分之五",
        "24小时",
        "三成",
        "一号窗口",
        "3号楼",
        "2月30日",
        "说明日期",
        "资本周转",
        "以上月供",
        "第三年",
        "第12期账单",
        "第二天",
        "三年前办的",
        "半年前",
        "三个月前",
        "两周年",
    ],
)
def test_what_is_no_amount_term_or_date(text: str) -> None:
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
        ("三年期", "P3Y"),
        ("36个月", "P36M"),
        ("３６個月", "P36M"),
        ("12期", "P12M"),
        ("一年半", "P18M"),
        ("2年3个月", "P27M"),
        ("两年零三个月", "P27M"),
        ("半个月", "P15D"),
        ("90天", "P90D"),
        ("三百六十五天", "P365D"),
        ("30日内", "P30D"),
        ("一周到账", "P7D"),
        ("两个星期", "P14D"),
        ("两三天", "P3D"),  # of a range the upper end, as in the next one
        ("3-5个工作日", "P5D"),
        ("三五年", "P5Y"),
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
        ("２０２６年１１月３日", "2026-11-03"),
        ("2026.11.03", "2026-11-03"),
        ("十二月二十五日", "--12-25"),
        ("3月15到期", "--03-15"),
        ("二十号还款", "---20"),
        ("15日还款", "---15"),
        ("月底到期", "月底"),
        ("下周三", "下周三"),
        ("明日", "明日"),
        ("下個月初", "下个月初"),
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
        ("末4位 5678", "5678"),
        ("尾號１２３４", "1234"),
        ("尾数是八八八八", "8888"),
        ("尾号幺二三四", "1234"),
        ("卡号最后四位1234", "1234"),
        ("1234结尾的储蓄卡", "1234"),
    ],
)
def test_card_tails(text: str, value: str) -> None:
    assert read(text) == [("card_tail", value)]


@pytest.mark.parametrize(
    "text",
    [
        "〔证件·尾号1234〕",
        "〔已删除·密码〕",
        "手机尾号8000",
        "手机号后四位8000",
        "身份证最后四位1234",
        "尾号12345",
        "8000结尾的手机号",
    ],
)
def test_other_tails_are_no_card(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(("text", "tail"), [("打我〔手机·尾号8000〕", "8000"), ("座机〔电话·尾号0002〕", "0002")])
def test_a_phone_is_known_by_its_token(text: str, tail: str) -> None:
    assert read(text) == [("phone", tail)]


def test_as_masking_writes_it() -> None:
    assert read(mask("打13800138000，卡6222020000000000000丢了").text) == [("phone", "8000"), ("card_tail", "0000")]


def test_within_a_token_nothing_else_is_read() -> None:
    assert read("〔邮箱·十***〕〔姓名·万*〕") == []


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
