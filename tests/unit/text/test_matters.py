"""Two matters in one message, and messages that lean on the one before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.matters import leans, parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("转账限额多少？另外手续费怎么收", ["转账限额多少", "手续费怎么收"]),
        ("信用卡怎么还款 还有积分怎么换", ["信用卡怎么还款", "积分怎么换"]),
        ("网点几点开门。顺便问一下存款利率多少", ["网点几点开门", "问一下存款利率多少"]),
        ("你好。房贷利率多少", []),
        ("房贷利率多少", []),
        ("我有20万想存三年，利息是多少", []),
        ("一。二三四。五六七八。九十一二。三四五六。七八九十", []),  # a story is one matter
        ("", []),
        ("？！。", []),
    ],
)
def test_parts(text: str, found: list[str]) -> None:
    assert parts(text) == found


def test_parts_between_commas() -> None:
    assert parts("我卡丢了，房贷利率多少", weak=True) == ["我卡丢了", "房贷利率多少"]
    assert parts("昨天去网点，柜员让我等了两个小时，态度差，我要投诉", weak=True) == []


@pytest.mark.parametrize(
    "text",
    ["多久", "要带什么", "怎么操作", "需要什么材料", "要钱吗", "在哪办", "几天到", "利率多少", "那手续费呢", "為什麼"],
)
def test_an_aspect_alone_leans_on_the_matter_before(text: str) -> None:
    assert leans(text) == "aspect"


@pytest.mark.parametrize("text", ["那信用贷呢", "那车贷呢？", "那定期呢", "信用卡呢"])
def test_another_thing_for_the_same_question(text: str) -> None:
    assert leans(text) == "thing"


@pytest.mark.parametrize(
    "text",
    [
        "卡丢了",
        "我要挂失",
        "房贷利率多少",
        "好的",
        "谢谢",
        "",
        "？",
        "转人工",
        "信用卡",
        "请问这个业务一共要多长时间才能办好呢",
    ],
)
def test_what_stands_by_itself(text: str) -> None:
    assert leans(text) is None


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert leans(text) in ("aspect", "thing", None)
    assert len(parts(text)) != 1 and len(parts(text)) <= 3
