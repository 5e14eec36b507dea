"""What customers' own words tell, with the words of the demonstration bank. Nothing here needs a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.bringing import foremost
from bot.conversation.signals import read
from bot.knowledge import Knowledge


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("气死我了", ["emotion"]),
        ("你们太过分，什么态度", ["emotion"]),
        ("太过分了！！！", ["emotion"]),
        ("氣死我了", ["emotion"]),
        ("ＴＭＤ", ["emotion"]),
        ("我把钱转错了，怎么办", ["urgent"]),
        ("误转给陌生人三万", ["urgent"]),
        ("我在泰国，卡被吞了", ["urgent"]),
        ("人在東京，提款机把我的卡吞了，卡被吞", ["urgent"]),
        ("我爸过世了，遗产怎么取", ["complex"]),
        ("法院查封了，律师说要财产保全", ["complex"]),
        ("我今年七十三岁", ["care"]),
        ("眼睛看不清字", ["care"]),
        ("转错了，气死我了", ["urgent", "emotion"]),
    ],
)
def test_are_found(said: Knowledge, text: str, reasons: list[str]) -> None:
    assert list(read(text, said).reasons) == reasons


@pytest.mark.parametrize(
    "text",
    [
        "",
        "房贷利率是多少",
        "你们太过分了",  # one word of displeasure is none of strong emotion
        "我没有生气，就是问问",
        "怎么屏蔽垃圾短信",
        "会不会转错",
        "怕转错，先问一下限额",
        "我没转错",
        "ATM吞卡了",  # at home it is an ordinary question
        "去日本用哪张卡好",
        "境外汇款手续费多少",
        "我今年三十岁",
        "APP和ATM怎么用",
        "反洗钱知识哪里学",
    ],
)
def test_are_not_seen_where_there_are_none(said: Knowledge, text: str) -> None:
    seen = read(text, said)
    assert (seen.reasons, seen.flags, seen.ids) == ((), (), ())


def test_displeasure_is_counted_even_where_it_is_too_little(said: Knowledge) -> None:
    assert [read(text, said).mood for text in ("你好", "你们太过分", "气死我了")] == [0, 1, 2]


def test_the_class_of_the_question_counts(said: Knowledge) -> None:
    assert read("公证完了怎么办", said).reasons == ()
    assert read("公证完了怎么办", said, "corporate_banking").reasons == ("complex",)


def test_what_is_no_matter_of_the_banks_is_not_complex(said: Knowledge) -> None:
    assert read("平安保险理赔进度", said, "out_of_scope").reasons == ()
    assert read("平安保险理赔进度", said).reasons == ("complex",)


def test_suspicion_is_a_flag_and_nothing_else(said: Knowledge) -> None:
    seen = read("怎么分几笔转才不被查到", said)
    assert (seen.flags, seen.reasons, seen.ids) == (("laundering",), (), ())


def test_age_makes_careful_and_brings_nobody_by_itself(said: Knowledge) -> None:
    assert foremost(read("我今年七十三岁", said)) is None
    assert foremost(read("我今年七十三岁，钱转错了", said)) == "urgent"


def test_who_shouts_with_nothing_but_capitals(said: Knowledge) -> None:
    assert read("WHY IS IT SO SLOW", said).mood == read("好！！！", said).mood == 1


@given(st.text(max_size=200))
def test_any_text_can_be_read(said: Knowledge, text: str) -> None:
    seen = read(text, said)
    assert seen == read(text, said)
    assert not set(seen.ids) & {signal.id for signal in said.escalation.signals if signal.silent}
