"""A number for the callback: kept and said back; what serves no case ends with the conversation."""

from __future__ import annotations

import pytest
from desk import complaining
from support import NIGHT, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import store, turns
from bot.conversation.callback import PURPOSE, nothing_else
from bot.conversation.model import Answer, Handover, State
from bot.tickets import Kind
from bot.tickets.recusal import Officer
from bot.wiring import House

PHONE = "13800138000"
RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")


TOKEN = "〔手机·尾号8000〕"


class TestAMessageThatOnlyHandsOverANumber:
    @pytest.mark.parametrize(
        "text",
        [
            TOKEN,
            f"{TOKEN}。",
            f"我的手机号是{TOKEN}，谢谢",
            f"好的，请打{TOKEN}",
            f"就用這個號碼吧：{TOKEN}😀",
            f"换成{TOKEN}",
            f"我 {TOKEN}",
        ],
    )
    def test_needs_no_answer_of_its_own(self, text: str) -> None:
        assert nothing_else(text, [TOKEN])

    @pytest.mark.parametrize(
        "text",
        [
            f"{TOKEN}，房贷利率多少",
            f"{TOKEN}是你们的电话吗",
            f"不要打{TOKEN}",
            f"{TOKEN} 下午三点以后打",
            f"我被骗了，对方是{TOKEN}",
            "〔卡号·尾号1234〕",
        ],
    )
    def test_all_else_does(self, text: str) -> None:
        assert not nothing_else(text, [TOKEN])


@pytest.fixture
def chat(any_house: House, clock: FrozenClock) -> Chat:
    """A customer at night, who has not asked for a person yet."""
    clock.set(NIGHT)
    script = {"转人工": understood("human_agent", Handover("asked"))}
    return Chat(any_house, FakeAssistant(script, otherwise=RATE))


@pytest.fixture
def left(chat: Chat) -> Chat:
    """He has, and a callback is promised."""
    chat.says("转人工")
    assert chat.state is State.MESSAGE_LEFT
    return chat


def kept_for(chat: Chat) -> dict[str, tuple[str, ...]]:
    """What the vault still holds of him: token to purposes."""
    with chat.house.db.transaction() as tx:
        return {ref.token: ref.used_for for ref in chat.house.vault.values(tx, chat.id)}


def chain_holds(chat: Chat) -> bool:
    """The log is whole, and so is the ciphertext that it covers."""
    with chat.house.db.transaction() as tx:
        digests = chat.house.vault.digests(tx, chat.id)
        whole = store.broken_at(tx, chat.id) is None
    written = [kept for e in chat.events for kept in (e.payload.get("internal") or {}).get("personal", ())]
    assert written
    return whole and all(digests[kept["id"]] == kept["digest"] for kept in written)


class TestAfterTheMessageWasLeft:
    def test_a_number_is_asked_for(self, left: Chat) -> None:
        assert "手机号" in left.last.payload["text"]

    def test_is_kept_for_the_callback_and_said_back_without_a_turn(self, left: Chat) -> None:
        turns_before = len(left.assistant.turns)
        noted = left.says(PHONE)
        assert (noted.kind, noted.actor.kind) == ("message", "bot")
        assert left.phrases()[-1] == "callback_contact"
        assert TOKEN in noted.payload["text"] and PHONE not in noted.payload["text"]
        assert kept_for(left) == {TOKEN: (PURPOSE,)}
        assert len(left.assistant.turns) == turns_before

    def test_with_a_question_both_are_answered(self, left: Chat) -> None:
        left.says(f"{PHONE}，房贷利率是多少")
        assert left.phrases().count("callback_contact") == 1
        assert left.last.payload["script"]["id"] == "loan_rate_mortgage"
        assert kept_for(left) == {TOKEN: (PURPOSE,)}

    def test_with_his_name_both_are_kept_and_neither_is_in_the_log(self, left: Chat) -> None:
        left.says(f"张三 {PHONE}")
        assert kept_for(left) == {TOKEN: (PURPOSE,), "〔姓名·张*〕": (PURPOSE,)}
        assert not [event for event in left.events if "张三" in str(event.payload) or PHONE in str(event.payload)]

    def test_the_same_message_again_is_kept_once(self, left: Chat) -> None:
        seq = left.sends(PHONE, key="the-same-key")
        assert left.sends(PHONE, key="the-same-key") == seq
        assert left.phrases().count("callback_contact") == 1

    def test_other_messages_get_their_turn_as_before(self, left: Chat) -> None:
        assert left.says("房贷利率是多少").payload["script"]["id"] == "loan_rate_mortgage"
        assert "callback_contact" not in left.phrases()

    def test_the_agent_reads_the_number_that_was_said_back(self, left: Chat) -> None:
        left.says("13911112222")
        left.says(f"打错了，是{PHONE}")
        with left.house.db.transaction() as tx:
            (case,) = left.house.tickets.cases_of(tx, left.id)
        contact = left.house.casework.reveal_contact(Officer("anna", "安娜"), case.number)
        assert (case.kind, contact) == (Kind.CALLBACK, PHONE)


def test_before_a_message_was_left_a_number_is_no_callback(chat: Chat) -> None:
    chat.says(f"我的手机号{PHONE}收不到短信")
    assert "callback_contact" not in chat.phrases()
    assert kept_for(chat) == {TOKEN: ()}


def test_a_number_in_the_complaint_form_is_the_complaints_alone(any_house: House, clock: FrozenClock) -> None:
    """The form says that the number is used for the complaint only."""
    clock.set(NIGHT)
    script = {"转人工": understood("human_agent", Handover("asked"))}
    chat = Chat(any_house, FakeAssistant(script, otherwise=lambda turn: complaining(any_house, turn)))
    chat.says("转人工")
    chat.says("我要投诉，昨天在城南支行柜员让我等了两个小时")
    assert chat.conversation.flow == "complaint:request"
    chat.says(PHONE)
    assert "callback_contact" not in chat.phrases()
    number = chat.presses("confirm").payload["case"]["number"]
    assert kept_for(chat) == {TOKEN: (number,)}


class TestAtTheEnd:
    def test_what_served_no_case_is_destroyed_and_the_chain_still_holds(self, chat: Chat) -> None:
        chat.says(f"我的手机号{PHONE}收不到短信")
        chat.waits(3600)
        assert chat.state is State.CLOSED
        assert kept_for(chat) == {}
        assert chain_holds(chat)

    def test_the_number_for_the_callback_stays(self, left: Chat) -> None:
        left.says(PHONE)
        left.waits(3600)
        assert left.state is State.CLOSED
        assert kept_for(left) == {TOKEN: (PURPOSE,)}
        assert chain_holds(left)

    def test_while_he_is_there_nothing_is_destroyed(self, chat: Chat) -> None:
        chat.says(f"我的手机号{PHONE}收不到短信")
        chat.waits(600)
        assert kept_for(chat) == {TOKEN: ()}


class TestWhenTheCallbackIsDone:
    def called_back(self, chat: Chat) -> None:
        with chat.house.db.transaction() as tx:
            chat.house.conversations.called_back(tx, chat.id)

    def test_the_conversation_that_waited_for_it_ends_and_says_so(self, left: Chat) -> None:
        left.sends("房贷利率是多少")
        self.called_back(left)
        assert (left.state, left.phrases()[-1]) == (State.CLOSED, "callback_done")
        with left.house.db.transaction() as tx:
            assert not turns.is_open(tx, left.id)

    def test_a_form_that_is_open_is_not_cut_off(self, any_house: House, clock: FrozenClock) -> None:
        clock.set(NIGHT)
        script = {"转人工": understood("human_agent", Handover("asked"))}
        chat = Chat(any_house, FakeAssistant(script, otherwise=lambda turn: complaining(any_house, turn)))
        chat.says("转人工")
        chat.says("我要投诉")
        self.called_back(chat)
        assert chat.state is State.MESSAGE_LEFT

    def test_a_conversation_that_went_on_goes_on(self, chat: Chat) -> None:
        chat.says("房贷利率是多少")
        self.called_back(chat)
        assert chat.state is State.BOT
