"""What a customer does about his case in the chat, on both databases: once, for the right case, never by a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import PHONE, STORY, Desk, lines

from bot.conversation import store as log
from bot.conversation.model import BOT, Act, Flow, Line
from bot.knowledge.model import Choice
from bot.tickets.model import CaseState
from bot.tickets.proving import PROVING, TRIES

OTHER = "信用卡说好免年费，还是扣了三百元，要求退钱"


def asks(desk: Desk, conversation: str, text: str, choice: str | None = None, seq: int | None = None) -> list[Act]:
    return desk.asking.answer(conversation, seq or desk.hear(conversation, text)[0], text, choice)


def settles(desk: Desk, number: str) -> None:
    for act in ("take", "investigate"):
        desk.act(number, act)
    desk.act(number, "propose", text="向您道歉，并安排优先办理")
    desk.act(number, "agreed", agreed=True)
    desk.act(number, "resolve", basics="柜员态度不好", handling="已道歉", reasons="录像属实")


def in_proof(desk: Desk, conversation: str, number: str) -> None:
    """The conversation stands where the proof was asked for."""
    with desk.db.transaction() as tx:
        log.save(tx, replace(log.get(tx, conversation), flow=f"{PROVING}{number}"))


def said(desk: Desk, conversation: str, text: str, choices: tuple[Choice, ...] = ()) -> None:
    """The assistant says it, and it stands in the log."""
    payload = {"text": text, "choices": [choice.dict() for choice in choices]}
    with desk.db.transaction() as tx:
        talk = log.get(tx, conversation)
        log.append(tx, talk, kind="message", actor=BOT, at=desk.clock.now(), key=None, payload=payload)


def proves(desk: Desk, conversation: str, text: str, seq: int | None = None) -> list[Act] | None:
    heard, masked = (seq, text) if seq is not None else desk.hear(conversation, text)
    return desk.asking.proofs.proof(conversation, heard, masked, None)


@pytest.fixture
def proposed(desk: Desk, conversation: str) -> str:
    number = desk.complain(conversation)
    for act in ("take", "investigate"):
        desk.act(number, act)
    desk.act(number, "propose", text="向您道歉，并安排优先办理")
    return number


class TestProposal:
    def test_a_yes_is_noted_and_the_case_waits_for_its_result(
        self, desk: Desk, conversation: str, proposed: str
    ) -> None:
        assert asks(desk, conversation, "同意", "agree") == [Line("case_agreed_noted", {"number": proposed})]
        case = desk.tickets.case(proposed)
        assert (case.state, case.proposal and case.proposal["agreed"]) == (CaseState.PROPOSED, True)

    def test_a_no_goes_back_to_the_investigation_with_his_reason(
        self, desk: Desk, conversation: str, proposed: str
    ) -> None:
        assert lines(asks(desk, conversation, "这个方案我不接受，要书面道歉")) == ["case_not_agreed_noted"]
        assert desk.tickets.case(proposed).state is CaseState.INVESTIGATING
        said = [e.detail["note"] for e in desk.tickets.history(proposed) if e.action == "not_agreed"]
        assert said == ["这个方案我不接受，要书面道歉"]

    @pytest.mark.parametrize("choice", ["agree", "disagree"])
    def test_played_again_it_is_said_again_and_done_once(
        self, desk: Desk, conversation: str, proposed: str, choice: str
    ) -> None:
        seq, _ = desk.hear(conversation, choice)
        first = asks(desk, conversation, "", choice, seq)
        assert asks(desk, conversation, "", choice, seq) == first
        done = [action for actor, action in desk.history(proposed) if actor == "customer"]
        assert done == ["agreed" if choice == "agree" else "not_agreed"]

    def test_pressed_again_after_the_result_it_changes_nothing(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        settles(desk, number)
        before = desk.tickets.case(number)
        for choice in ("agree", "disagree"):
            assert asks(desk, conversation, "", choice) == [Line("case_nothing_to_do")]
        assert desk.tickets.case(number) == before

    def test_a_yes_twice_is_one_yes(self, desk: Desk, conversation: str, proposed: str) -> None:
        for _ in range(2):
            assert lines(asks(desk, conversation, "", "agree")) == ["case_agreed_noted"]
        assert [action for _, action in desk.history(proposed)].count("agreed") == 1

    def test_a_bare_yes_long_after_something_else_was_said_is_asked_about(
        self, desk: Desk, conversation: str, proposed: str
    ) -> None:
        said(desk, conversation, "营业到五点")
        assert asks(desk, conversation, "同意") == [Line("case_agree_ask", {"number": proposed})]
        assert desk.tickets.case(proposed).proposal == {**desk.tickets.case(proposed).proposal, "agreed": None}

    def test_asked_how_it_stands_the_proposal_is_shown_with_its_buttons(
        self, desk: Desk, conversation: str, proposed: str
    ) -> None:
        (told,) = asks(desk, desk.conversation(former_id=conversation), "投诉进度")
        assert isinstance(told, Line)
        assert (told.phrase, told.values["text"], told.quoted) == (
            "complaint_status_proposed",
            "向您道歉，并安排优先办理",
            ("text",),
        )


class TestWithdrawing:
    def test_words_alone_withdraw_nothing(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        assert asks(desk, conversation, "我不投诉了") == [Line("case_withdraw_confirm", {"number": number})]
        assert desk.tickets.case(number).state is CaseState.NEW

    def test_the_button_does_once(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        seq, _ = desk.hear(conversation, "确认撤回")
        assert asks(desk, conversation, "", "withdraw", seq) == [Line("case_done")]
        assert asks(desk, conversation, "", "withdraw", seq) == [Line("case_done")]
        assert desk.tickets.case(number).state is CaseState.WITHDRAWN
        assert [action for _, action in desk.history(number)].count("withdrawn") == 1
        assert asks(desk, conversation, "", "withdraw") == [Line("case_nothing_to_do")]

    def test_all_clocks_stand_still_afterwards(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        asks(desk, conversation, "", "withdraw")
        assert not [d.kind for d in desk.clocks(number) if d.open and not d.task]

    def test_a_settled_case_is_told_of_without_a_date(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        asks(desk, conversation, "", "withdraw")
        (told,) = asks(desk, conversation, "投诉进度")
        assert isinstance(told, Line)
        assert (told.phrase, told.values["number"], "due" in told.values) == ("complaint_status_over", number, False)


class TestAppeal:
    def test_words_offer_it_and_the_button_begins_anew_once(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        settles(desk, number)
        assert asks(desk, conversation, "对处理结果不满意") == [Line("case_appeal_offer", {"number": number})]
        seq, _ = desk.hear(conversation, "申请核查")
        assert asks(desk, conversation, "", "appeal", seq) == [Line("case_done")]
        assert asks(desk, conversation, "", "appeal", seq) == [Line("case_done")]
        case = desk.tickets.case(number)
        assert (case.state, case.round) == (CaseState.REOPENED, 2)
        assert asks(desk, conversation, "", "appeal") == [Line("case_nothing_to_do")]

    def test_before_there_is_a_result_it_tells_how_the_case_stands(self, desk: Desk, conversation: str) -> None:
        desk.complain(conversation)
        assert lines(asks(desk, conversation, "我要申诉")) == ["complaint_status"]

    def test_nothing_is_closed_by_the_assistant_alone(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        for text in ("我要撤回投诉", "同意", "不同意", "我要申诉", "投诉不用处理了", "算了", "好的"):
            asks(desk, conversation, text)
        assert desk.tickets.case(number).state is CaseState.NEW


class TestTwoCases:
    def test_the_button_acts_on_the_case_under_which_it_stands(self, desk: Desk, conversation: str) -> None:
        """The conversation says the lines; here they are put into its log as the turn does."""
        first = desk.complain(conversation)
        desk.clock.advance(60)
        second = desk.complain(conversation, OTHER)
        assert first != second
        (asked,) = asks(desk, conversation, f"撤回投诉{first}")
        assert isinstance(asked, Line)
        text, choices = desk.house.knowledge.phrase(asked.phrase, **asked.values)
        said(desk, conversation, text, choices)
        asks(desk, conversation, "", "withdraw")
        assert desk.tickets.case(first).state is CaseState.WITHDRAWN
        assert desk.tickets.case(second).state is CaseState.NEW


class TestWhatIsAboutACase:
    def test_only_for_who_has_one(self, desk: Desk, conversation: str) -> None:
        assert not desk.asking.about(conversation, "我要申诉")
        desk.complain(conversation)
        assert desk.asking.about(conversation, "我要申诉")
        assert not desk.asking.about(desk.conversation(), "我要申诉")
        assert desk.asking.about(desk.conversation(former_id=conversation), "我要申诉")

    def test_a_yes_only_where_something_is_proposed(self, desk: Desk, conversation: str) -> None:
        desk.complain(conversation)
        assert not desk.asking.about(conversation, "同意方案")

    def test_a_case_number_alone_for_everybody(self, desk: Desk, conversation: str) -> None:
        assert desk.asking.about(conversation, "TS20261123-000001")
        assert desk.asking.about(conversation, "查一下ts20261123 000001")
        assert not desk.asking.about(
            conversation, "TS20261123-000001这件事你们客服答应三天给我回复，到现在都没有人打电话来"
        )

    def test_not_while_a_complaint_is_being_told(self, desk: Desk, conversation: str) -> None:
        desk.complain(conversation)
        desk.say(conversation, f"我要投诉，{STORY}")
        assert not desk.asking.about(conversation, "我不投诉了")


class TestProof:
    def test_the_right_contact_shows_the_case_and_no_button_that_changes_it(self, desk: Desk) -> None:
        number = desk.complain(desk.conversation())
        stranger = desk.conversation()
        in_proof(desk, stranger, number)
        told = proves(desk, stranger, "+86 138 0013 8000")
        assert told is not None
        assert (lines(told), told[-1]) == (["complaint_status"], Flow(None))

    @pytest.mark.parametrize("phone", [PHONE, "13900139000"])
    def test_a_wrong_number_and_a_wrong_contact_are_answered_alike(self, desk: Desk, phone: str) -> None:
        number = desk.complain(desk.conversation(), phone="13700137000")
        for named in (number, "TS20261123-000999"):
            stranger = desk.conversation()
            in_proof(desk, stranger, named)
            assert proves(desk, stranger, phone) == [Line("status_unproven"), Flow(f"{PROVING}{named}")]

    def test_after_five_wrong_ones_in_a_day_the_right_one_is_wrong_too(self, desk: Desk) -> None:
        number = desk.complain(desk.conversation())
        stranger = desk.conversation()
        in_proof(desk, stranger, number)
        for n in range(TRIES):
            proves(desk, stranger, f"1390013900{n}")
        assert lines(proves(desk, stranger, PHONE) or []) == ["status_unproven"]
        desk.clock.advance(days=1, seconds=1)
        assert lines(proves(desk, stranger, PHONE) or []) == ["complaint_status"]

    def test_a_turn_played_again_fails_once(self, desk: Desk) -> None:
        number = desk.complain(desk.conversation())
        stranger = desk.conversation()
        in_proof(desk, stranger, number)
        seq, masked = desk.hear(stranger, "13900139000")
        for _ in range(3):
            proves(desk, stranger, masked, seq)
        assert [action for _, action in desk.history(number)].count("proof_failed") == 1

    def test_a_case_without_contact_cannot_be_proven(self, desk: Desk) -> None:
        home = desk.conversation()
        desk.say(home, f"我要投诉，{STORY}，希望道歉")
        desk.say(home, "不想留")
        number = desk.press(home, "confirm")[0].values["number"]
        stranger = desk.conversation()
        in_proof(desk, stranger, number)
        assert lines(proves(desk, stranger, PHONE) or []) == ["status_unproven"]

    def test_number_and_contact_in_one_message(self, desk: Desk) -> None:
        number = desk.complain(desk.conversation())
        stranger = desk.conversation()
        in_proof(desk, stranger, "TS20261123-000999")
        assert lines(proves(desk, stranger, f"{number}，{PHONE}") or []) == ["complaint_status"]

    def test_what_is_no_proof_is_something_else(self, desk: Desk) -> None:
        stranger = desk.conversation()
        in_proof(desk, stranger, "TS20261123-000999")
        assert proves(desk, stranger, "房贷利率多少") is None
        assert proves(desk, stranger, "转人工") is None
