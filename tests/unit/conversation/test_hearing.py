"""What a customer sends that is no text: who answers it in which state, and what of it leaves the house."""

from __future__ import annotations

import json

import pytest
from desk import agent
from support import NIGHT, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import store
from bot.conversation.model import Answer, Event, Heard, State
from bot.conversation.package import wire, wire_outside
from bot.conversation.service import ConversationClosed
from bot.errors import KeyReused, NotFound
from bot.wiring import House

PICTURE = Heard(
    "heard_picture", answer="media_received", reason="media", media={"kind": "image", "ref": "a-secret-media-id"}
)
VOICE = Heard("heard_voice", answer="voice_unreadable", media={"kind": "voice", "ref": "a-secret-media-id"})
PLACE = Heard("heard_location", answer="nearest_branch_unknown")
LEFT = Heard("heard_unsubscribe")


@pytest.fixture
def chat(house: House) -> Chat:
    return Chat(house, FakeAssistant(otherwise=understood("branch_hours", Answer("branch_hours"))))


def hears(chat: Chat, heard: Heard, key: str = "heard-key") -> list[Event]:
    """What came into the log with it."""
    before = chat.conversation.last_seq
    seq = chat.house.conversations.hear(chat.id, key, heard)
    assert seq == before + 1
    return chat.events[before:]


def said(events: list[Event]) -> list[str]:
    """The phrases that were said."""
    return [event.payload["internal"]["phrase"] for event in events if event.actor.kind != "customer"]


def queued(chat: Chat) -> None:
    chat.presses("human")
    assert chat.state is State.QUEUED


def offered(chat: Chat) -> None:
    agent(chat.house, "mei")
    queued(chat)
    chat.house.desk.tick()
    assert chat.state is State.OFFERED


def served(chat: Chat) -> None:
    queued(chat)
    mei = agent(chat.house, "mei", "busy")
    chat.house.desk.claim(mei, chat.id, chat.conversation.epoch)
    assert chat.state is State.HUMAN


def wrapped_up(chat: Chat) -> None:
    served(chat)
    mei = agent(chat.house, "mei", "busy")
    chat.house.desk.close(mei, chat.id, chat.conversation.epoch, "solved", "", "")
    assert chat.state is State.WRAP_UP


def message_left(chat: Chat) -> None:
    chat.house.clock.set(NIGHT)
    chat.presses("human")
    assert chat.state is State.MESSAGE_LEFT


class TestTheAssistantHolds:
    def test_a_place_is_answered_and_nobody_is_called(self, chat: Chat) -> None:
        assert said(hears(chat, PLACE)) == ["nearest_branch_unknown"]
        assert chat.state is State.BOT

    def test_a_picture_is_answered_and_a_person_comes(self, chat: Chat) -> None:
        assert said(hears(chat, PICTURE)) == ["media_received", "handover_unknown"]
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "media")

    def test_a_picture_out_of_hours_leaves_a_message(self, chat: Chat, clock: FrozenClock) -> None:
        clock.set(NIGHT)
        assert said(hears(chat, PICTURE)) == ["media_received", "outside_hours"]
        assert chat.state is State.MESSAGE_LEFT

    def test_a_picture_after_the_message_was_left_opens_no_second_case(self, chat: Chat) -> None:
        message_left(chat)
        assert said(hears(chat, PICTURE)) == ["media_received", "message_left_again"]
        with chat.house.db.transaction() as tx:
            assert len(chat.house.tickets.cases_of(tx, chat.id)) == 1

    def test_what_needs_no_answer_gets_none(self, chat: Chat) -> None:
        assert said(hears(chat, LEFT)) == []

    def test_it_is_no_turn_of_the_assistants(self, chat: Chat) -> None:
        hears(chat, PLACE)
        assert chat.house.conversations.open_turns() == []


class TestNobodyHoldsYet:
    @pytest.mark.parametrize("wait", [queued, offered])
    @pytest.mark.parametrize("heard", [PICTURE, VOICE, PLACE])
    def test_who_waits_reads_his_place_and_nothing_else(self, chat: Chat, wait: object, heard: Heard) -> None:
        wait(chat)
        before = (chat.state, chat.conversation.epoch, chat.conversation.waiting_since)
        events = hears(chat, heard)
        assert said(events) == ["queue_notice"]
        assert events[-1].kind == "notice"
        assert (chat.state, chat.conversation.epoch, chat.conversation.waiting_since) == before

    def test_what_needs_no_answer_gets_no_notice_either(self, chat: Chat) -> None:
        queued(chat)
        assert said(hears(chat, LEFT)) == []


class TestAPersonHolds:
    @pytest.mark.parametrize("heard", [PICTURE, VOICE, PLACE, LEFT])
    def test_nobody_else_says_a_word(self, chat: Chat, heard: Heard) -> None:
        served(chat)
        epoch = chat.conversation.epoch
        assert said(hears(chat, heard)) == []
        assert (chat.state, chat.conversation.epoch) == (State.HUMAN, epoch)

    def test_the_person_sees_it(self, chat: Chat) -> None:
        served(chat)
        hears(chat, PICTURE)
        shown = chat.house.desk.conversation(agent(chat.house, "mei", "busy"), chat.id)["events"][-1]
        assert (shown["actor"]["kind"], shown["media"]) == ("customer", {"kind": "image"})


class TestThePersonHasClosed:
    @pytest.mark.parametrize("heard", [PICTURE, VOICE])
    def test_what_only_people_understand_goes_back_to_the_same_one(self, chat: Chat, heard: Heard) -> None:
        wrapped_up(chat)
        assert said(hears(chat, heard)) == ["queue_notice"]
        assert (chat.state, chat.conversation.offered_to) == (State.QUEUED, "mei")

    def test_what_the_assistant_can_answer_is_answered(self, chat: Chat) -> None:
        wrapped_up(chat)
        assert said(hears(chat, PLACE)) == ["nearest_branch_unknown"]
        assert chat.state is State.WRAP_UP

    def test_leaving_the_account_calls_nobody_back(self, chat: Chat) -> None:
        wrapped_up(chat)
        assert said(hears(chat, LEFT)) == []
        assert chat.state is State.WRAP_UP


def test_a_closed_conversation_hears_nothing(chat: Chat) -> None:
    chat.waits(3600)
    before = chat.events
    with pytest.raises(ConversationClosed):
        chat.house.conversations.hear(chat.id, "heard-key", PICTURE)
    assert chat.events == before


@pytest.mark.parametrize("conversation_id", ["nobody", "", "\0"])
def test_a_conversation_that_is_not_there(house: House, conversation_id: str) -> None:
    with pytest.raises(NotFound):
        house.conversations.hear(conversation_id, "heard-key", PLACE)


class TestTheKey:
    def test_the_same_one_is_the_same_message(self, any_house: House) -> None:
        chat = Chat(any_house, FakeAssistant())
        (heard, *_) = hears(chat, PICTURE)
        count, epoch = len(chat.events), chat.conversation.epoch
        assert any_house.conversations.hear(chat.id, "heard-key", PICTURE) == heard.seq
        assert (len(chat.events), chat.conversation.epoch) == (count, epoch)

    def test_the_same_one_is_found_after_the_end(self, chat: Chat) -> None:
        (heard, *_) = hears(chat, PLACE)
        chat.waits(3600)
        assert chat.state is State.CLOSED
        assert chat.house.conversations.hear(chat.id, "heard-key", PLACE) == heard.seq

    def test_another_one_is_another_message(self, chat: Chat) -> None:
        hears(chat, PLACE, "heard-key-1")
        hears(chat, PLACE, "heard-key-2")
        assert said(chat.events).count("nearest_branch_unknown") == 2

    def test_a_text_under_the_key_of_what_was_heard_is_the_same_message(self, chat: Chat) -> None:
        """A flood is heard as such; the delivery that is played again after a crash may pass the limit."""
        (heard, *_) = hears(chat, Heard("heard_too_fast", answer="too_fast"))
        assert chat.sends("几点开门", key="heard-key") == heard.seq
        assert chat.house.conversations.open_turns() == []

    def test_two_texts_under_one_key_are_still_refused(self, chat: Chat) -> None:
        chat.sends("几点开门", key="the-key-0")
        with pytest.raises(KeyReused):
            chat.sends("几点关门", key="the-key-0")


class TestWhatIsKept:
    def test_the_file_is_named_inside_only(self, chat: Chat) -> None:
        (event, *_) = hears(chat, PICTURE)
        assert event.payload["internal"]["media_ref"] == "a-secret-media-id"
        for sent in (wire(event), wire_outside(event)):
            assert sent["media"] == {"kind": "image"}
            assert "a-secret-media-id" not in json.dumps(sent)

    def test_no_file_no_media_on_the_wire(self, chat: Chat) -> None:
        assert "media" not in wire(hears(chat, PLACE)[0])

    def test_it_stands_in_the_log_under_the_banks_name(self, chat: Chat) -> None:
        (event, *_) = hears(chat, Heard("heard_scan", {"scene": "城东支行"}))
        assert event.payload["text"] == chat.house.knowledge.phrase("heard_scan", scene="城东支行")[0]
        assert "城东支行" in event.payload["text"]

    def test_a_number_in_a_name_is_masked(self, chat: Chat) -> None:
        (event, *_) = hears(chat, Heard("heard_scan", {"scene": "13800138000"}))
        assert "13800138000" not in event.payload["text"]

    def test_the_chain_holds(self, any_house: House) -> None:
        chat = Chat(any_house, FakeAssistant())
        hears(chat, PICTURE)
        with any_house.db.transaction() as tx:
            assert store.broken_at(tx, chat.id) is None


class TestTheContext:
    def test_is_remembered_beside_what_was_known(self, any_house: House) -> None:
        chat = Chat(any_house, FakeAssistant())
        hears(chat, Heard("heard_scan", {"scene": "x"}, context={"branch": "east"}), "scan-key-1")
        hears(chat, Heard("heard_scan", {"scene": "x"}, context={"campaign": "spring"}), "scan-key-2")
        assert chat.conversation.context == {"branch": "east", "campaign": "spring"}

    def test_the_newest_of_a_kind_counts(self, chat: Chat) -> None:
        for number, branch in enumerate(("east", "west")):
            hears(chat, Heard("heard_scan", {"scene": "x"}, context={"branch": branch}), f"scan-key-{number}")
        assert chat.conversation.context == {"branch": "west"}

    def test_stays_when_something_without_context_is_heard(self, chat: Chat) -> None:
        hears(chat, Heard("heard_scan", {"scene": "x"}, context={"branch": "east"}), "scan-key-1")
        hears(chat, PICTURE, "picture-key")
        chat.sends("几点开门")
        assert chat.conversation.context == {"branch": "east"}
