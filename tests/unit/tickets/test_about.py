"""What plain words say of a case that one has."""

from __future__ import annotations

import pytest

from bot.tickets.about import Meant, meant

PROPOSAL = ("agree", "disagree", "human")
RESULT = ("appeal", "human")


@pytest.mark.parametrize(
    "text",
    [
        "我要撤回投诉",
        "撤销我的投诉",
        "我不投诉了",
        "不想投诉了",
        "取消投诉",
        "投诉撤了吧",
        "我想撤诉",
        "问题解决了，投诉不用处理了",
        "投诉我要撤回",
    ],
)
def test_taking_it_back(text: str) -> None:
    assert meant(text, ()) is Meant.WITHDRAW


@pytest.mark.parametrize(
    "text", ["撤销投诉电话是多少", "我要投诉", "不投诉不行", "要我不投诉怎么可能", "取消转账", "投诉办得怎么样了"]
)
def test_not_taking_it_back(text: str) -> None:
    assert meant(text, ()) is not Meant.WITHDRAW


@pytest.mark.parametrize(
    "text",
    [
        "对处理结果不满意",
        "不满意这个处理结果",
        "我要申诉",
        "我不服，要求重新处理",
        "我要复议",
        "这个结果我不接受",
        "你们的处理结果太敷衍了",
        "申请核查",
        "对答复有异议",
    ],
)
def test_another_look_at_the_result(text: str) -> None:
    assert meant(text, ()) is Meant.APPEAL


@pytest.mark.parametrize(
    "text",
    [
        "我同意你们的方案",
        "同意方案",
        "同意这个处理方案",
        "接受你们的方案",
        "可以，就按这个方案办",
        "按你们的方案处理",
        "这个方案我同意",
        "方案可以",
    ],
)
def test_a_yes_that_names_the_proposal_needs_no_button(text: str) -> None:
    assert meant(text, ()) is Meant.AGREE


@pytest.mark.parametrize("text", ["同意", "我同意", "同意。", "接受", "行，没意见", "那就这么办吧", "好的，同意"])
def test_a_bare_yes_counts_where_it_was_asked_for(text: str) -> None:
    assert meant(text, PROPOSAL) is Meant.AGREE
    assert meant(text, RESULT) is not Meant.AGREE
    assert meant(text, ()) is not Meant.AGREE


@pytest.mark.parametrize(
    "text", ["帮我催一下", "催一下我的投诉", "还没有人联系我", "怎么一直没人处理", "怎么还没有答复"]
)
def test_asking_how_it_goes_without_naming_it(text: str) -> None:
    assert meant(text, ()) is Meant.PROGRESS


@pytest.mark.parametrize("text", ["催收电话怎么投诉", "贷款催收", "没人接电话", "还没放款", "怎么还没到账"])
def test_not_asking_how_it_goes(text: str) -> None:
    assert meant(text, ()) is None


@pytest.mark.parametrize("text", ["你好", "您好，在吗", "谢谢", "👍"])
def test_a_greeting_is_no_answer(text: str) -> None:
    assert meant(text, PROPOSAL) is None


@pytest.mark.parametrize("text", ["这还差不多，同意", "加一百我就同意", "如果书面道歉我就接受", "方案是谁定的"])
def test_what_is_neither_a_yes_nor_a_no_is_asked_once_more(text: str) -> None:
    assert meant(text, PROPOSAL) is Meant.VAGUE


@pytest.mark.parametrize("text", ["好的", "可以", "行", "嗯", "ok", "不行", "是的"])
def test_what_is_vague_is_asked_once_more(text: str) -> None:
    assert meant(text, PROPOSAL) is Meant.VAGUE
    assert meant(text, ()) is None


@pytest.mark.parametrize(
    "text",
    ["不同意你们的方案", "这个方案我不接受", "方案不行", "我不认可这个方案", "方案不合理", "你们的方案赔得太少不接受"],
)
def test_a_no_that_names_the_proposal(text: str) -> None:
    assert meant(text, ()) is Meant.DISAGREE


@pytest.mark.parametrize("text", ["不同意", "我不同意", "不接受，赔太少了", "不能接受", "不满意", "没法同意"])
def test_a_bare_no_counts_where_it_was_asked_for(text: str) -> None:
    assert meant(text, PROPOSAL) is Meant.DISAGREE


def test_a_bare_no_under_the_result_is_about_the_result() -> None:
    assert meant("不满意", RESULT) is Meant.APPEAL
    assert meant("不接受", RESULT) is Meant.APPEAL


@pytest.mark.parametrize(
    "text",
    [
        "房贷利率多少",
        "谢谢",
        "你好",
        "不满意，我要投诉",
        "同意书在哪里签",
        "我同意提前还款，怎么办理",
        "理财方案有哪些",
        "分期方案怎么选",
        "还款方案",
        "我上次投诉你们，客服说处理结果会在三天内告诉我，可是到现在都没有人联系过我，太让人不满意了",
    ],
)
def test_anything_else_is_no_word_about_a_case(text: str) -> None:
    assert meant(text, ()) is None


def test_a_long_text_is_not_tried() -> None:
    assert meant("我同意" * 300, PROPOSAL) is None
