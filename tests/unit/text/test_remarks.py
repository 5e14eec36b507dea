"""A remark at the end of a conversation, and what is more than a remark."""

from __future__ import annotations

import pytest

from bot.text.remarks import LONG, wants_more


@pytest.mark.parametrize(
    "text", ["很好", "服务态度不错，谢谢", "小梅很耐心，点赞", "希望夜里也有人", "没什么了", "", "👍"]
)
def test_a_remark_is_thanked_for(text: str) -> None:
    assert not wants_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "转人工", "找真人", "我要投诉", "我要去金监局举报你们", "到现在都没解决", "我的问题没有解决", "乱扣我钱",
        "客服态度很差", "太差了", "被骗了", "房贷利率多少", "你们几点开门", "能不能快点？", "钱还能退吗",
        "为什么这么慢",
    ],
)  # fmt: skip
def test_a_complaint_a_question_or_a_call_for_a_person_is_more(text: str) -> None:
    assert wants_more(text)


def test_so_is_a_story() -> None:
    assert not wants_more("好" * LONG)
    assert wants_more("好" * (LONG + 1))
