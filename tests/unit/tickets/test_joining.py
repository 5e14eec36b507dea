"""The same matter told twice: a repetition on the same way, one case where it comes by another (001-10, 000-68)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import AGAIN, PHONE, STORY, Desk

from bot.conversation import store as log
from bot.errors import Forbidden
from bot.tickets import store
from bot.tickets.entering import Entry
from bot.tickets.model import CaseState, Severity
from bot.tickets.opening import SAME_CONTACT, SAME_CUSTOMER, Opened
from bot.tickets.recusal import Officer

STORY_BY_PHONE = "城南支行柜员让我等了两个小时，昨天办业务的时候"


def calls(desk: Desk, facts: str = STORY_BY_PHONE, contact: str = PHONE, key: str = "key-0001", **more: str) -> Opened:
    """He tells it to an officer on the phone."""
    return desk.entering.enter(Entry(facts, "phone", contact=contact, **more), key, desk.officer("bert", "complaints"))


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


class TestByAnotherWay:
    def test_the_same_number_and_matter_become_part_of_the_open_case_and_it_says_why(
        self, desk: Desk, number: str
    ) -> None:
        opened = calls(desk)
        assert (opened.case.number, opened.joined, opened.why) == (number, True, SAME_CONTACT)
        (joined,) = [e for e in desk.tickets.history(number) if e.action == "joined"]
        assert (joined.detail["why"], joined.detail["channel"]) == (SAME_CONTACT, "phone")
        assert joined.detail["facts"] == STORY_BY_PHONE  # what is told once more is kept whole
        assert ("sms", "complaint_joined_same_contact") in desk.sent()

    def test_its_dates_stay_and_no_second_set_of_clocks_begins(self, desk: Desk, number: str) -> None:
        before = [(clock.kind, clock.due_at) for clock in desk.clocks(number)]
        desk.clock.advance(hours=5)
        calls(desk)
        assert [(clock.kind, clock.due_at) for clock in desk.clocks(number)] == before

    def test_graver_words_make_it_graver_and_sooner(self, desk: Desk, number: str) -> None:
        before = desk.tickets.case(number)
        calls(desk, STORY_BY_PHONE + "，我的卡还被盗刷了")
        after = desk.tickets.case(number)
        assert after.severity is Severity.URGENT
        assert after.due_at < before.due_at
        assert desk.clock_of(number, "resolution").due_at == after.due_at

    def test_both_conversations_belong_to_it(self, desk: Desk, number: str) -> None:
        calls(desk)
        with desk.db.transaction() as tx:
            (link,) = store.links_of(tx, number)
        assert link.why == SAME_CONTACT

    def test_in_the_chain_of_his_conversations_no_number_is_needed(self, desk: Desk) -> None:
        entered = calls(desk).case.conversation_id
        acts = desk.complain_again(desk.conversation(former_id=entered), phone="不想留")
        assert acts[0].phrase == f"complaint_joined_{SAME_CUSTOMER}"

    @pytest.mark.parametrize(
        ("facts", "contact"), [("信用卡被扣了年费300元，当初说免年费", PHONE), (STORY_BY_PHONE, "13911112222")]
    )
    def test_another_matter_or_another_number_is_a_case_of_its_own(
        self, desk: Desk, number: str, facts: str, contact: str
    ) -> None:
        opened = calls(desk, facts, contact)
        assert not opened.joined and opened.case.number != number

    def test_once_the_result_is_given_it_is_a_repetition_not_a_part(self, desk: Desk, number: str) -> None:
        """It would lie in a case that nobody works on any more."""
        desk.resolved(number)
        opened = calls(desk)
        assert (opened.joined, opened.case.repeat_of) == (False, number)
        assert desk.clock_of(opened.case.number, "resolution").open


class TestByTheSameWay:
    def test_it_is_a_case_of_its_own_and_marked_as_a_repetition(self, desk: Desk, number: str) -> None:
        case = desk.tickets.case(desk.complain(desk.conversation(), AGAIN))
        assert (case.repeat_of, case.state) == (number, CaseState.NEW)


class TestABurst:
    def warned(self, desk: Desk) -> list[str]:
        return [text for who in ("super", "hana") for text in desk.alerts(self.heads(desk)[who], "group")]

    def heads(self, desk: Desk) -> dict:
        return {"super": desk.officer("sofia", "supervisor"), "hana": desk.officer("hana", "head")}

    def test_the_third_customer_on_one_topic_is_a_warning_to_each_head_once(self, desk: Desk) -> None:
        for nth in range(5):
            desk.complain(desk.conversation(), f"第{nth}次去城南支行柜台排队没人理", f"1380013800{nth}")
            assert len(self.warned(desk)) == (2 if nth >= 2 else 0)

    @pytest.mark.parametrize(
        "stories",
        [
            ("我的工资卡莫名其妙被你们弄成这样", "抽奖活动骗人，说好的奖品没有", "打了一上午都打不通电话"),
            ("贷款的事你们看着办", "贷款的人莫名其妙", "贷款真是气死我了"),  # one business, nothing said of it
        ],
    )
    def test_matters_of_which_nothing_is_known_have_no_topic_in_common(
        self, desk: Desk, stories: tuple[str, ...]
    ) -> None:
        for nth, story in enumerate(stories):
            desk.complain(desk.conversation(), story, f"1380013800{nth}")
        assert self.warned(desk) == []

    def test_the_first_value_counts_where_the_words_name_it(self, desk: Desk) -> None:
        for nth, story in enumerate(("昨天转账扣错了两百块钱", "手机银行把我的账弄错了", "微信支付的钱给我算错了")):
            desk.complain(desk.conversation(), story, f"1380013800{nth}")
        assert [text.count("支付结算·业务差错") for text in self.warned(desk)] == [1, 1]

    def test_what_a_person_has_classified_counts(self, desk: Desk) -> None:
        for nth, story in enumerate(
            ("停车位被你们的车占了一整天", "门口的路被你们的车堵了一上午", "网点门口的台阶占了人行道")
        ):
            number = desk.complain(desk.conversation(), story, f"1380013800{nth}")
            if nth < 2:
                classes = {"business": "网点服务", "nature": "业务差错", "content": "操作流程"}
                desk.act(number, "classify", classes=classes, reason="核对过")
        assert self.warned(desk) == []  # of the third nothing is known but the business
        desk.complain(desk.conversation(), "网点把我的停车登记弄错了", "13800138009")
        assert len(self.warned(desk)) == 2

    def test_three_times_the_same_customer_is_none(self, desk: Desk) -> None:
        for _ in range(3):
            desk.complain(desk.conversation(), STORY, PHONE)
        assert self.warned(desk) == []

    def test_nor_three_within_two_days(self, desk: Desk) -> None:
        for nth in range(3):
            desk.complain(desk.conversation(), f"第{nth}次去城南支行柜台排队没人理", f"1380013800{nth}")
            desk.clock.advance(hours=13)
        assert self.warned(desk) == []


class TestToldAgainItMayBeAboutItsOwner:
    """She talked with the customer and was asked first; told again it may be about her, or is (L1)."""

    @pytest.fixture
    def anna(self, desk: Desk) -> Officer:
        return desk.officer("anna", "complaints")

    @pytest.fixture
    def hers(self, desk: Desk, conversation: str, anna: Officer) -> str:
        desk.speaks(conversation, "anna")
        number = desk.complain(conversation)
        return desk.act(number, "take", anna).number

    def test_she_gives_it_back_and_does_not_decide_it(self, desk: Desk, hers: str, anna: Officer) -> None:
        case = calls(desk, f"{STORY_BY_PHONE}，接待我的人态度太差了").case
        assert (case.number, case.owner_user, case.accused) == (hers, None, ())
        assert ("bert", "given_back") in desk.history(hers)
        (warning,) = desk.given(hers, "recused")
        assert hers in warning.text and not [task for task in desk.tasks(hers) if task.person == "anna"]
        for act, values in (("assign", {"to": "anna"}), ("investigate", {})):
            with pytest.raises(Forbidden) as refused:
                desk.act(hers, act, anna, **values)
            assert refused.value.phrase == "problem_case_unsure"

    def test_it_is_kept_from_her_where_it_says_so(self, desk: Desk, hers: str, anna: Officer) -> None:
        case = calls(desk, f"{STORY_BY_PHONE}，后来客服骂我").case
        assert (case.number, case.owner_user, case.accused) == (hers, None, ("anna",))

    def test_about_others_it_stays_hers(self, desk: Desk, hers: str) -> None:
        assert calls(desk).case.owner_user == "anna"

    def test_who_talked_with_him_where_it_is_told_again_does_not_take_it(self, desk: Desk, number: str) -> None:
        carl, chat = desk.officer("carl", "complaints"), desk.conversation()
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, chat), channel="wechat"))
        desk.speaks(chat, "carl")
        desk.complain_again(chat, f"{STORY_BY_PHONE}，接待我的人态度太差了", PHONE)
        desk.officer("anna", "complaints")
        assert ("bot", "joined") in desk.history(number)
        with pytest.raises(Forbidden):
            desk.act(number, "take", carl)
