"""What replies in the form mean: strict where it binds, generous where a person is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.text import person
from bot.tickets import words
from bot.tickets.model import Step

READERS: list[Callable[[str], Any]] = [
    words.confirms,
    words.cancels,
    words.declines,
    words.edits,
    words.keeps,
    words.refuses_contact,
    person.asks_for_person,
    person.refuses_person,
    words.looks_like_question,
    words.names_part,
    words.substance,
    words.numbers_in,
]


@pytest.mark.parametrize(
    "text",
    [
        "是",
        "是的",
        "对",
        "对的",
        "对对对",
        "确认",
        "确认提交",
        "提交",
        "提交吧",
        "没错",
        "没问题",
        "嗯，确认",
        "好的，确认提交",
        "確認",
        "确认👌",
        "是的，没有问题",
    ],
)
def test_clear_words_confirm(text: str) -> None:
    assert words.confirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "👌",
        "👍👍",
        "[OK]",
        "OK",
        "嗯",
        "嗯嗯",
        "哦",
        "好",
        "好的",
        "好吧",
        "行",
        "可以",
        "谢谢",
        "不是",
        "不对",
        "不确认",
        "先别提交",
        "是不是",
        "对，但是金额错了",
        "确认什么？",
        "提交了会怎样",
        "",
    ],
)
def test_vague_words_and_emoji_confirm_nothing(text: str) -> None:
    assert not words.confirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "算了",
        "算了吧",
        "那算了",
        "算了，我不投诉了",
        "不投诉了",
        "我不想投诉了",
        "取消",
        "取消投诉",
        "取消这次投诉",
        "撤销投诉",
        "放弃",
        "退出",
        "不弄了",
        "還是取消吧",
    ],
)
def test_giving_up(text: str) -> None:
    assert words.cancels(text)


@pytest.mark.parametrize(
    "text",
    ["我取消分期你们不给退钱", "不能就这么算了", "你们取消了我的额度", "我要投诉", "不取消", "算错利息了"],
)
def test_a_complaint_about_cancelling_is_no_cancelling(text: str) -> None:
    assert not words.cancels(text)


@pytest.mark.parametrize(
    "text", ["不对", "不是的", "错了", "写错了", "我要修改", "改一下", "金额要改一下", "修改联系方式", "不"]
)
def test_wanting_to_change_something(text: str) -> None:
    assert words.edits(text)


@pytest.mark.parametrize("text", ["不用修改", "不改了", "不需要改", "对", "确认"])
def test_wanting_to_change_nothing(text: str) -> None:
    assert not words.edits(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("联系方式", Step.CONTACT),
        ("电话错了", Step.CONTACT),
        ("改一下手机号", Step.CONTACT),
        ("内容", Step.FACTS),
        ("事情经过不对", Step.FACTS),
        ("要求", Step.REQUEST),
        ("诉求改一下", Step.REQUEST),
        ("要求退钱", None),
        ("联系方式和内容", None),
        ("改一下", None),
        ("他们的电话一直打不通，而且态度很差", None),
    ],
)
def test_naming_the_part(text: str, part: Step | None) -> None:
    assert words.names_part(text) is part


@pytest.mark.parametrize(
    "text",
    [
        "没有",
        "没有电话",
        "不给电话，就在这说",
        "不想留",
        "不想留电话",
        "我不想提供手机号",
        "不方便",
        "不留",
        "就在这里联系",
        "在这里回复我就行",
        "用微信联系",
        "在聊天里通知我",
        "保密",
    ],
)
def test_no_contact_wanted(text: str) -> None:
    assert words.refuses_contact(text)


@pytest.mark.parametrize("text", ["1380013", "王先生", "我在城南支行", "打我电话", "好的"])
def test_an_unclear_answer_is_no_refusal(text: str) -> None:
    assert not words.refuses_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "人工客服",
        "我要人工",
        "帮我转人工客服",
        "找个真人",
        "轉人工",
        "别废话了转人工",
        "麻烦转接人工，谢谢",
        "能不能转人工",
        "要不转人工吧",
        "可不可以给我转人工",
        "为什么不给我转人工",
        "不转人工吗",
    ],
)
def test_asking_for_a_person(text: str) -> None:
    assert person.asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "不要转人工",
        "先别转人工",
        "不用给我转人工",
        "没说要转人工",
        "人工费太高",
        "我上周打电话转人工等了四十分钟，最后还被挂断了，你们必须给个说法",
    ],
)
def test_not_asking_for_a_person(text: str) -> None:
    assert not person.asks_for_person(text)


@pytest.mark.parametrize("text", ["投诉多久有结果？", "贷款利率是多少", "网点几点关门", "怎么查进度", "周末上班吗"])
def test_questions(text: str) -> None:
    assert words.looks_like_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "凭什么扣我钱？",
        "你们为什么乱收费？",
        "怎么能这样对客户？",
        "柜员态度恶劣，你们管不管？",
        "上周三在城南支行办业务，柜员让我等了两个小时，最后说系统坏了办不了，这是怎么办事的？",
    ],
)
def test_a_reproach_in_the_form_of_a_question_belongs_to_the_complaint(text: str) -> None:
    assert not words.looks_like_question(text)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("我要投诉", 0, 0),
        ("你好，我想投诉一下你们银行！", 0, 0),
        ("😡😡😡", 0, 0),
        ("〔手机·尾号8000〕", 0, 0),
        ("投诉服务态度", 4, 4),
        ("我要投诉柜员态度恶劣让我等了两个小时", 12, 20),
    ],
)
def test_substance_is_what_goes_beyond_the_formula(text: str, least: int, most: int) -> None:
    assert least <= words.substance(text) <= most


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("TS20261122-000001", {"TS20261122-000001"}),
        ("ts20261122 000001 到哪了", {"TS20261122-000001"}),
        ("ＴＳ２０２６１１２２－０００００１", {"TS20261122-000001"}),
        ("TS20261122000001和HF20261122-000002", {"TS20261122-000001", "HF20261122-000002"}),
        ("TS2026112-000001", set()),
        ("20261122-000001", set()),
    ],
)
def test_case_numbers_however_typed(text: str, numbers: set[str]) -> None:
    assert words.numbers_in(text) == numbers


@pytest.mark.parametrize(
    "piece",
    ["我", "不", "是的", "在这里", "算了", "取消这个投诉", "确认提交", "ts20261122-", "不想要", "没有电话手机号码"],
)
def test_a_long_text_of_one_piece_is_read_in_no_time(piece: str) -> None:
    """1,000 characters, the longest message there is: no pattern may go through all ways of cutting it up."""
    text = (piece * 1000)[:999] + "x"
    started = time.perf_counter()
    for read in READERS:
        read(text)
    assert time.perf_counter() - started < 0.5
