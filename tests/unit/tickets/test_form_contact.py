"""Name and contact are asked in one question, authority and representatives in the same (000-66, L1a). Both stores."""

from __future__ import annotations

import pytest
from tickets_support import STORY, Desk, lines

from bot.conversation.model import Act, Line
from bot.tickets.model import Case, Contact

MOTHERS = "我替我妈投诉，城东支行把她的存折写错了名字，要求道歉"
MANY = "我们十几个储户一起来投诉，柜员让我们等了两个小时，要求道歉"


def words(desk: Desk, acts: list[Act]) -> str:
    (line,) = (act for act in acts if isinstance(act, Line))
    return desk.house.knowledge.phrase(line.phrase, **line.values)[0]


def confirmed(desk: Desk, conversation: str) -> Case:
    acts = desk.press(conversation, "confirm")
    return desk.tickets.case(next(act.values["number"] for act in acts if isinstance(act, Line)))


class TestTheName:
    def test_is_asked_together_with_the_contact_and_stands_in_the_case(self, desk: Desk, conversation: str) -> None:
        desk.say(conversation, "我要投诉")
        acts = desk.say(conversation, f"{STORY}，要求道歉")
        assert lines(acts) == ["complaint_contact"]
        assert all(part in words(desk, acts) for part in ("姓名（可以不写）", "手机号或邮箱"))
        assert lines(desk.say(conversation, "王小明 13800138000")) == ["complaint_confirm"]
        case = confirmed(desk, conversation)
        assert case.contact is not None
        assert (case.contact.name_token, case.contact.token) == ("〔姓名·王*〕", "〔手机·尾号8000〕")
        assert desk.anywhere("王小明", "13800138000") == []

    @pytest.mark.parametrize("reply", ["13800138000", "我姓王，13800138000"])
    def test_is_not_asked_for_again_where_it_was_not_given(self, desk: Desk, conversation: str, reply: str) -> None:
        desk.say(conversation, f"我要投诉，{STORY}，要求道歉")
        assert lines(desk.say(conversation, reply)) == ["complaint_confirm"]
        case = confirmed(desk, conversation)
        assert case.contact is not None and case.contact.name_token == ""
        assert reply not in case.facts


class TestForSomebodyElse:
    def test_he_is_asked_in_the_same_question_by_what_authority_and_it_is_kept(
        self, desk: Desk, conversation: str
    ) -> None:
        acts = desk.say(conversation, f"我要投诉，{MOTHERS}")
        assert lines(acts) == ["complaint_contact_behalf"]
        assert "授权书" in words(desk, acts)
        assert lines(desk.say(conversation, "13800138000，我是她儿子，有她签名的授权书")) == ["complaint_confirm"]
        case = confirmed(desk, conversation)
        assert case.fields.on_behalf == "我妈"
        assert "我是她儿子，有她签名的授权书" in case.facts

    def test_and_not_asked_again_where_he_says_nothing_of_it(self, desk: Desk, conversation: str) -> None:
        desk.say(conversation, f"我要投诉，{MOTHERS}")
        assert lines(desk.say(conversation, "王小明，电话13800138000")) == ["complaint_confirm"]
        assert confirmed(desk, conversation).facts == f"我要投诉，{MOTHERS}"

    def test_who_leaves_no_number_is_not_held_up_by_it(self, desk: Desk, conversation: str) -> None:
        desk.say(conversation, f"我要投诉，{MOTHERS}")
        assert lines(desk.say(conversation, "不想留")) == ["complaint_confirm"]
        assert confirmed(desk, conversation).contact == Contact()

    def test_many_are_told_to_name_five_at_most_but_no_names_are_asked_in_the_chat(
        self, desk: Desk, conversation: str
    ) -> None:
        acts = desk.say(conversation, f"我要投诉，{MANY}")
        assert lines(acts) == ["complaint_contact_group"]
        assert "推举代表（最多5名）" in words(desk, acts)
        assert lines(desk.say(conversation, "13800138000")) == ["complaint_confirm"]
        assert confirmed(desk, conversation).group
