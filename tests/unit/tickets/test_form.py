"""The complaint form: what happened, how to reach you, is this right (000-66). One pure step for each message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.model import Act, Answer, EndThread, Flow, Handover, Line
from bot.knowledge import Knowledge
from bot.tickets.drafts import Said, begin, step
from bot.tickets.model import Contact, Draft, DraftState, Step

STORY = "昨天在城南支行办业务，柜员让我等了两个小时"
WISHING = f"{STORY}，希望道歉"
PHONE = Contact("ref-1", "〔手机·尾号8000〕")
OTHER_PHONE = Contact("ref-2", "〔手机·尾号9000〕")

CONFIRMING = Draft(Step.CONFIRM, facts=STORY, contact=PHONE)


def phrases(acts: tuple[Act, ...]) -> list[str]:
    return [act.phrase for act in acts if isinstance(act, Line)]


def flow(acts: tuple[Act, ...]) -> list[str | None]:
    return [act.name for act in acts if isinstance(act, Flow)]


def values(acts: tuple[Act, ...]) -> dict[str, str]:
    return dict(next(act.values for act in acts if isinstance(act, Line)))


class TestOpening:
    @pytest.mark.parametrize("text", ["我要投诉", "我想投诉你们银行！", "投诉", "😡"])
    def test_asks_what_happened(self, text: str, knowledge: Knowledge) -> None:
        draft, acts = begin(Said(text), None, knowledge)
        assert (draft.step, draft.facts) == (Step.FACTS, "")
        assert phrases(acts) == ["complaint_facts"]
        assert flow(acts) == ["complaint:facts"]

    def test_a_story_in_the_first_message_is_not_asked_for_again(self, knowledge: Knowledge) -> None:
        draft, acts = begin(Said(f"我要投诉，{STORY}"), None, knowledge)
        assert draft.facts == f"我要投诉，{STORY}"
        assert phrases(acts) == ["complaint_request"]
        assert flow(acts) == ["complaint:request"]

    def test_a_story_that_says_what_he_wants_is_not_asked_for_it(self, knowledge: Knowledge) -> None:
        draft, acts = begin(Said(f"我要投诉，{STORY}，希望道歉"), None, knowledge)
        assert (draft.step, phrases(acts)) == (Step.CONTACT, ["complaint_contact"])

    def test_a_short_story_in_the_first_message_is_not_lost(self, knowledge: Knowledge) -> None:
        draft, _ = begin(Said("叫号机坏了没人修，我要投诉"), None, knowledge)
        assert (draft.step, "叫号机坏了没人修" in draft.facts) == (Step.REQUEST, True)

    def test_words_beside_a_number_are_no_story(self, knowledge: Knowledge) -> None:
        draft, _ = begin(Said("我要投诉，这是我的联系电话〔手机·尾号8000〕", contact=PHONE), None, knowledge)
        assert (draft.step, draft.facts) == (Step.FACTS, "")

    def test_a_number_given_before_is_offered_in_the_summary(self, knowledge: Knowledge) -> None:
        draft, acts = begin(Said(f"我要投诉，{WISHING}"), PHONE, knowledge)
        assert draft.step is Step.CONFIRM
        assert values(acts)["contact"] == "〔手机·尾号8000〕"

    def test_a_number_given_before_is_not_asked_for_later(self, knowledge: Knowledge) -> None:
        draft, _ = begin(Said("我要投诉"), PHONE, knowledge)
        draft, acts = step(draft, Said(WISHING), knowledge)
        assert draft.step is Step.CONFIRM
        assert phrases(acts) == ["complaint_confirm"]

    def test_story_and_number_in_one_message_go_straight_to_the_summary(self, knowledge: Knowledge) -> None:
        text = f"我要投诉，{WISHING}，我的电话〔手机·尾号8000〕"
        draft, acts = begin(Said(text, contact=PHONE), None, knowledge)
        assert draft.step is Step.CONFIRM
        assert values(acts)["facts"] == text
        assert values(acts)["contact"] == "〔手机·尾号8000〕"

    def test_the_button_asks_what_happened(self, knowledge: Knowledge) -> None:
        assert phrases(begin(Said("我要投诉", choice="complaint"), None, knowledge)[1]) == ["complaint_facts"]


class TestWhatHappened:
    def test_too_little_is_kept_and_asked_about_once(self, knowledge: Knowledge) -> None:
        draft, acts = step(Draft(), Said("态度差"), knowledge)
        assert phrases(acts) == ["complaint_facts_more"]
        draft, acts = step(draft, Said("很差"), knowledge)
        assert draft.facts == "态度差\n很差"
        assert phrases(acts) == ["complaint_request"]

    @pytest.mark.parametrize("text", ["😡😡", "。。。", "你好", "嗯", "我要投诉"])
    def test_nothing_said_is_asked_for_again_as_often_as_needed(self, text: str, knowledge: Knowledge) -> None:
        draft = Draft()
        for _ in range(3):
            draft, acts = step(draft, Said(text), knowledge)
            assert phrases(acts) == ["complaint_facts_more"]
            assert draft.facts == ""

    def test_a_number_typed_here_is_not_lost(self, knowledge: Knowledge) -> None:
        draft, _ = step(Draft(), Said("〔手机·尾号8000〕", contact=PHONE), knowledge)
        draft, acts = step(draft, Said(WISHING), knowledge)
        assert (draft.contact, phrases(acts)) == (PHONE, ["complaint_confirm"])

    def test_taken_up_again_the_form_goes_on_where_it_stood(self, knowledge: Knowledge) -> None:
        """A person was here in between; the customer says "我要投诉" again."""
        _, acts = step(Draft(facts=WISHING), Said("我要投诉"), knowledge)
        assert phrases(acts) == ["complaint_contact"]


class TestWhatHeWants:
    """One question, which he may answer, skip or pass over; it never comes twice."""

    at = Draft(Step.REQUEST, facts=STORY)

    @pytest.mark.parametrize("text", ["退钱", "让他给我道歉", "希望把多扣的手续费退回来，并给个书面说法"])
    def test_an_answer_is_kept_as_what_he_wants_and_not_as_the_story(self, text: str, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, Said(text), knowledge)
        assert (draft.request, draft.facts) == (text, STORY)
        assert phrases(acts) == ["complaint_contact"]
        draft, acts = step(draft, Said("〔手机·尾号8000〕", contact=PHONE), knowledge)
        assert values(acts)["read"] == f"您的要求：{text}\n"

    @pytest.mark.parametrize(
        "message",
        [
            Said("跳过", choice="skip"),
            *map(
                Said,
                ("跳过", "没有", "没什么要求", "不用了", "随便", "不知道", "你们看着办", "嗯", "👍", "确认", "1380013"),
            ),
        ],
    )
    def test_skipped_or_passed_over_the_form_goes_on(self, message: Said, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, message, knowledge)
        assert (draft.request, draft.facts, draft.contact) == ("", STORY, None)
        assert phrases(acts) == ["complaint_contact"]

    def test_a_number_instead_leads_to_the_summary(self, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, Said("〔手机·尾号8000〕", contact=PHONE), knowledge)
        assert (draft.request, draft.contact, phrases(acts)) == ("", PHONE, ["complaint_confirm"])

    def test_both_in_one_message_are_kept(self, knowledge: Knowledge) -> None:
        draft, _ = step(self.at, Said("希望退钱，〔手机·尾号8000〕", contact=PHONE), knowledge)
        assert (draft.request.startswith("希望退钱"), draft.contact) == (True, PHONE)

    def test_who_gives_no_number_may_say_so_here_too(self, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, Said("不想留电话"), knowledge)
        assert (draft.contact, phrases(acts)) == (Contact(), ["complaint_confirm"])

    def test_more_of_the_story_is_added_to_it(self, knowledge: Knowledge) -> None:
        more = "而且那天大堂经理还当着很多人的面骂我不懂规矩"
        draft, acts = step(self.at, Said(more), knowledge)
        assert (draft.facts, draft.request) == (f"{STORY}\n{more}", "")
        assert phrases(acts) == ["complaint_contact"]

    def test_told_later_it_is_kept_as_well(self, knowledge: Knowledge) -> None:
        draft, _ = step(Draft(Step.CONTACT, facts=STORY), Said("要求道歉"), knowledge)
        draft, acts = step(draft, Said("〔手机·尾号8000〕", contact=PHONE), knowledge)
        assert values(acts)["read"] == "您的要求：要求道歉\n"

    def test_at_the_summary_a_wish_is_added(self, knowledge: Knowledge) -> None:
        draft, acts = step(replace(CONFIRMING, request="退钱"), Said("还要求道歉"), knowledge)
        assert draft.request == "退钱\n还要求道歉"
        assert phrases(acts) == ["complaint_confirm"]

    def test_it_can_be_changed_by_itself(self, knowledge: Knowledge) -> None:
        draft, _ = step(replace(CONFIRMING, request="退钱"), Said("修改", choice="edit"), knowledge)
        draft, acts = step(draft, Said("要求"), knowledge)
        assert phrases(acts) == ["complaint_request"]
        draft, acts = step(draft, Said("退钱，还要当面说明白"), knowledge)
        assert (draft.request, draft.facts, phrases(acts)) == ("退钱，还要当面说明白", STORY, ["complaint_confirm"])

    def test_a_new_wish_while_editing_replaces_no_story(self, knowledge: Knowledge) -> None:
        draft, _ = step(replace(CONFIRMING, editing=True), Said("希望退我手续费"), knowledge)
        assert (draft.facts, draft.request, draft.editing) == (STORY, "希望退我手续费", False)

    def test_a_new_story_brings_its_own_wish(self, knowledge: Knowledge) -> None:
        draft, _ = step(replace(CONFIRMING, request="退钱", editing=True), Said(WISHING), knowledge)
        assert (draft.facts, draft.request) == (WISHING, "")

    def test_changing_the_story_does_not_ask_for_it(self, knowledge: Knowledge) -> None:
        draft, _ = step(CONFIRMING, Said("内容不对"), knowledge)
        _, acts = step(draft, Said("是城北支行，等了三个小时"), knowledge)
        assert phrases(acts) == ["complaint_confirm"]


class TestSummary:
    """Only what was read stands in it."""

    def shown(self, story: str, knowledge: Knowledge, **values_: str) -> str:
        _, acts = step(Draft(Step.CONTACT, facts=story, **values_), Said("不想留"), knowledge)
        return values(acts)["read"]

    def test_nothing_read_shows_nothing(self, knowledge: Knowledge) -> None:
        assert self.shown(STORY, knowledge) == ""

    def test_everything_read(self, knowledge: Knowledge) -> None:
        story = "我替我妈投诉，城东支行的理财经理让我们几个人买基金，亏了六万元。要求退钱"
        assert self.shown(story, knowledge).splitlines() == [
            "您的要求：要求退钱",
            "涉及业务：理财产品",
            "涉及金额：60000元",
            "涉及网点：示范银行城东支行",
            "代谁投诉：我妈",
            "多人反映：是",
        ]

    def test_a_company_and_its_dollars(self, knowledge: Knowledge) -> None:
        shown = self.shown("我们公司的账户少了两百美元", knowledge)
        assert "客户类型：单位客户" in shown
        assert "涉及金额：200 USD" in shown


class TestContact:
    at = Draft(Step.CONTACT, facts=STORY)

    def test_a_number_leads_to_the_summary(self, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, Said("〔手机·尾号8000〕", contact=PHONE), knowledge)
        assert draft.contact == PHONE
        assert values(acts) == {"facts": STORY, "contact": "〔手机·尾号8000〕", "severity": "一般", "read": ""}
        assert flow(acts) == ["complaint:confirm"]

    def test_the_name_is_shown_as_token_beside_the_number(self, knowledge: Knowledge) -> None:
        named = replace(PHONE, name_ref="ref-3", name_token="〔姓名·张*〕")
        _, acts = step(self.at, Said("〔姓名·张*〕 〔手机·尾号8000〕", contact=named), knowledge)
        assert values(acts)["contact"] == "〔姓名·张*〕〔手机·尾号8000〕"

    def test_asked_again_kindly_then_this_chat_is_the_contact_so_that_nobody_is_stuck(
        self, knowledge: Knowledge
    ) -> None:
        draft, acts = step(self.at, Said("1380013"), knowledge)
        assert phrases(acts) == ["complaint_contact_again"]
        assert flow(acts) == ["complaint:contact"]
        draft, acts = step(draft, Said("你猜"), knowledge)
        assert draft.contact == Contact()
        assert values(acts)["contact"] == knowledge.phrase("contact_in_chat")[0]

    @pytest.mark.parametrize("text", ["不想留", "不用了", "就在这里联系我", "没有手机号"])
    def test_who_will_not_give_a_number_need_not(self, text: str, knowledge: Knowledge) -> None:
        draft, acts = step(self.at, Said(text), knowledge)
        assert (draft.contact, phrases(acts)) == (Contact(), ["complaint_confirm"])

    def test_more_of_the_story_is_added_not_dropped(self, knowledge: Knowledge) -> None:
        more = "对了，他们还多收了我五十块钱手续费"
        draft, acts = step(self.at, Said(more), knowledge)
        assert draft.facts == f"{STORY}\n{more}"
        assert phrases(acts) == ["complaint_contact_again"]


class TestConfirm:
    @pytest.mark.parametrize(
        "message", [Said("确认提交", choice="confirm"), Said("确认"), Said("是的"), Said("没错，提交吧")]
    )
    def test_clear_words_or_the_button_submit(self, message: Said, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, message, knowledge)
        assert draft.state is DraftState.DONE
        assert acts == (Flow(None), EndThread())

    @pytest.mark.parametrize("text", ["👌", "嗯", "好的", "哦", "谢谢", "我看看"])
    def test_anything_vague_shows_the_summary_again(self, text: str, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, Said(text), knowledge)
        assert draft == CONFIRMING
        assert phrases(acts) == ["complaint_confirm"]

    def test_a_long_story_is_read_back_shortened_and_kept_whole(self, knowledge: Knowledge) -> None:
        long = f"{'柜员让我等了两个小时。' * 60}希望道歉"
        draft, acts = begin(Said(long), PHONE, knowledge)
        assert draft.facts == long
        assert len(values(acts)["facts"]) == 301
        assert values(acts)["facts"].endswith("…")

    def test_more_is_added_and_read_back(self, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, Said("还多扣了我八千元手续费"), knowledge)
        assert draft.facts == f"{STORY}\n还多扣了我八千元手续费"
        assert values(acts)["severity"] != "一般"

    def test_another_number_takes_the_first_ones_place(self, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, Said("换成〔手机·尾号9000〕", contact=OTHER_PHONE), knowledge)
        assert (draft.contact, draft.facts) == (OTHER_PHONE, STORY)
        assert values(acts)["contact"] == "〔手机·尾号9000〕"


class TestEdit:
    @pytest.fixture
    def editing(self, knowledge: Knowledge) -> Draft:
        draft, acts = step(CONFIRMING, Said("修改", choice="edit"), knowledge)
        assert phrases(acts) == ["complaint_edit"]
        assert flow(acts) == ["complaint:confirm"]
        return draft

    @pytest.mark.parametrize("text", ["不对", "我要修改", "写错了"])
    def test_words_do_as_well_as_the_button(self, text: str, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, Said(text), knowledge)
        assert (draft.editing, phrases(acts)) == (True, ["complaint_edit"])

    def test_new_text_takes_the_old_ones_place(self, editing: Draft, knowledge: Knowledge) -> None:
        draft, acts = step(editing, Said("是城北支行，等了三个小时"), knowledge)
        assert (draft.facts, draft.editing) == ("是城北支行，等了三个小时", False)
        assert phrases(acts) == ["complaint_confirm"]

    def test_a_new_number_changes_only_the_number(self, editing: Draft, knowledge: Knowledge) -> None:
        draft, _ = step(editing, Said("〔手机·尾号9000〕", contact=OTHER_PHONE), knowledge)
        assert (draft.facts, draft.contact, draft.editing) == (STORY, OTHER_PHONE, False)

    def test_naming_the_contact_asks_for_it(self, editing: Draft, knowledge: Knowledge) -> None:
        draft, acts = step(editing, Said("联系方式"), knowledge)
        assert (phrases(acts), flow(acts)) == (["complaint_contact"], ["complaint:contact"])
        draft, acts = step(draft, Said("〔手机·尾号9000〕", contact=OTHER_PHONE), knowledge)
        assert (draft.facts, draft.contact, phrases(acts)) == (STORY, OTHER_PHONE, ["complaint_confirm"])

    def test_naming_the_contact_and_then_not_giving_one_keeps_the_old(
        self, editing: Draft, knowledge: Knowledge
    ) -> None:
        draft, _ = step(editing, Said("电话"), knowledge)
        draft, acts = step(draft, Said("138001"), knowledge)
        assert phrases(acts) == ["complaint_contact_again"]
        draft, acts = step(draft, Said("138001"), knowledge)
        assert (draft.contact, phrases(acts)) == (PHONE, ["complaint_confirm"])

    def test_naming_the_facts_asks_for_them_and_replaces_them(self, editing: Draft, knowledge: Knowledge) -> None:
        draft, acts = step(editing, Said("事情经过"), knowledge)
        assert (phrases(acts), flow(acts)) == (["complaint_facts"], ["complaint:facts"])
        draft, acts = step(draft, Said("是城北支行，等了三个小时"), knowledge)
        assert (draft.facts, draft.contact, phrases(acts)) == (
            "是城北支行，等了三个小时",
            PHONE,
            ["complaint_confirm"],
        )

    def test_words_that_name_the_part_at_once_need_no_second_question(self, knowledge: Knowledge) -> None:
        draft, acts = step(CONFIRMING, Said("改一下手机号"), knowledge)
        assert (draft.step, phrases(acts)) == (Step.CONTACT, ["complaint_contact"])

    @pytest.mark.parametrize("text", ["不改了", "不用修改"])
    def test_on_second_thoughts(self, text: str, editing: Draft, knowledge: Knowledge) -> None:
        draft, acts = step(editing, Said(text), knowledge)
        assert (draft, phrases(acts)) == (CONFIRMING, ["complaint_confirm"])

    def test_an_emoji_replaces_nothing(self, editing: Draft, knowledge: Knowledge) -> None:
        draft, acts = step(editing, Said("😤"), knowledge)
        assert (draft.facts, phrases(acts)) == (STORY, ["complaint_edit"])


EVERYWHERE = [
    Draft(),
    Draft(Step.REQUEST, facts=STORY),
    Draft(Step.CONTACT, facts=STORY),
    CONFIRMING,
    replace(CONFIRMING, editing=True),
]


@pytest.mark.parametrize("draft", EVERYWHERE, ids=["facts", "request", "contact", "confirm", "editing"])
class TestAtEveryStep:
    @pytest.mark.parametrize("message", [Said("算了"), Said("我不投诉了"), Said("取消", choice="cancel")])
    def test_cancelling_ends_the_form_and_keeps_what_was_told(
        self, draft: Draft, message: Said, knowledge: Knowledge
    ) -> None:
        after, acts = step(draft, message, knowledge)
        assert (after.state, after.facts) == (DraftState.CANCELLED, draft.facts)
        assert acts == (Line("complaint_cancelled"), Flow(None), EndThread())

    @pytest.mark.parametrize("message", [Said("转人工", wants_person=True), Said("转人工", choice="human")])
    def test_a_person_comes_and_the_draft_waits(self, draft: Draft, message: Said, knowledge: Knowledge) -> None:
        after, acts = step(draft, message, knowledge)
        assert after == draft
        assert acts == (Line("complaint_interrupted"), Handover("asked"))

    def test_danger_is_answered_at_once_and_the_draft_waits(self, draft: Draft, knowledge: Knowledge) -> None:
        after, acts = step(draft, Said("我刚被骗了", answer="fraud_emergency", urgent=True), knowledge)
        assert after.state is DraftState.OPEN
        assert acts == (Answer("fraud_emergency"), Handover("urgent"))

    def test_danger_told_as_a_story_is_kept_for_the_person(self, draft: Draft, knowledge: Knowledge) -> None:
        text = "今天下午接了个电话说是公安局的，让我转了三万过去"
        after, _ = step(draft, Said(text, urgent=True), knowledge)
        assert after.facts.endswith(text)
        assert after.facts.startswith(draft.facts)

    def test_a_question_in_between_is_answered_and_the_form_goes_on(self, draft: Draft, knowledge: Knowledge) -> None:
        after, acts = step(draft, Said("网点几点关门？", answer="branch_hours"), knowledge)
        draft = replace(draft, step=Step.CONTACT) if draft.step is Step.REQUEST else draft  # asked once
        assert after == draft
        assert acts[0] == Answer("branch_hours")
        if draft.step is Step.CONFIRM:
            assert phrases(acts) == ["complaint_confirm"]  # with its buttons
        else:
            asked, _ = knowledge.phrase(f"complaint_{draft.step.value}")
            assert acts[1] == Line("complaint_resume", {"step": asked})

    def test_an_old_button_of_another_script_is_answered_too(self, draft: Draft, knowledge: Knowledge) -> None:
        after, acts = step(draft, Said("挂失", choice="card_loss", answer="card_loss"), knowledge)
        draft = replace(draft, step=Step.CONTACT) if draft.step is Step.REQUEST else draft
        assert (after, acts[0]) == (draft, Answer("card_loss"))

    @pytest.mark.parametrize("choice", ["complaint", "not_solved", "no_such_script"])
    def test_a_button_that_says_nothing_here_shows_where_the_form_stands(
        self, draft: Draft, choice: str, knowledge: Knowledge
    ) -> None:
        after, acts = step(draft, Said("", choice=choice), knowledge)
        draft = replace(draft, step=Step.CONTACT) if draft.step is Step.REQUEST else draft  # asked once
        assert (after, phrases(acts)) == (draft, [f"complaint_{draft.step.value}"])

    def test_the_flow_named_is_always_where_the_draft_stands(self, draft: Draft, knowledge: Knowledge) -> None:
        for text in ("😡", "嗯", STORY, "不想留", "修改", "是的"):
            after, acts = step(draft, Said(text), knowledge)
            wanted = None if after.state is not DraftState.OPEN else f"complaint:{after.step.value}"
            assert flow(acts) == [wanted]


@pytest.mark.parametrize("draft", EVERYWHERE[:3], ids=["facts", "request", "contact"])
def test_nothing_is_submitted_before_the_summary_was_shown(draft: Draft, knowledge: Knowledge) -> None:
    for message in (Said("确认", choice="confirm"), Said("确认"), Said("是的")):
        after, _ = step(draft, message, knowledge)
        assert after.state is DraftState.OPEN


def test_the_form_cannot_be_left_open_by_an_urgent_first_message(knowledge: Knowledge) -> None:
    """The person comes first; the form is not opened over it, but what was told is kept."""
    text = "我要投诉，我在你们这里被骗了十万块钱没人管"
    draft, acts = begin(Said(text, answer="fraud_emergency", urgent=True), None, knowledge)
    assert acts == (Answer("fraud_emergency"), Handover("urgent"))
    assert draft.facts == text
