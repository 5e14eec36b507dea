"""Taking a message back: whose, how long, and that the record keeps it (desk-notes: deleting overwrites evidence)."""

from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import store
from bot.conversation.model import Answer, Event, Handover
from bot.conversation.package import wire
from bot.conversation.recalls import outside
from bot.desk.staff import Agent
from bot.errors import Conflict, NotFound, RefusedByGuard, StaleEpoch
from bot.evidence.gather import gather
from bot.evidence.words import lines
from bot.wiring import House

WRONG = "您说的是张先生的那件事吗"


@pytest.fixture
def chat(any_house: House) -> Chat:
    known = {"转人工": understood("human_agent", Handover("asked"))}
    return Chat(any_house, FakeAssistant(known, otherwise=understood("branch_hours", Answer("branch_hours"))))


@pytest.fixture
def anna(any_house: House, chat: Chat) -> Agent:
    """She serves the customer."""
    anna = agent(any_house, "anna")
    chat.says("转人工")
    any_house.desk.tick()
    any_house.desk.claim(anna, chat.id, chat.conversation.epoch)
    return anna


def says(chat: Chat, who: Agent, text: str = WRONG, key: str = "reply-1") -> int:
    return chat.house.desk.send(who, chat.id, chat.conversation.epoch, key, text)


def recalls(chat: Chat, who: Agent, seq: int, epoch: int | None = None) -> int:
    return chat.house.desk.recalls.recall(who, chat.id, epoch or chat.conversation.epoch, seq)


def at(chat: Chat, seq: int) -> Event:
    return chat.events[seq - 1]


class TestRecall:
    def test_the_message_stays_in_the_record_and_the_chain_holds(self, chat: Chat, anna: Agent) -> None:
        seq = says(chat, anna)
        before = at(chat, seq)
        again = recalls(chat, anna, seq)
        assert at(chat, seq) == before and before.payload["text"] == WRONG
        event = at(chat, again)
        assert (event.payload["recalls"], event.payload["internal"]["by"], event.actor.name) == (
            seq,
            "anna",
            "坐席anna",
        )
        with chat.house.db.transaction() as tx:
            assert store.broken_at(tx, chat.id) is None

    def test_the_customer_reads_the_place_and_no_word(self, chat: Chat, anna: Agent) -> None:
        seq = says(chat, anna)
        again = recalls(chat, anna, seq)
        whole = outside(chat.events)
        assert WRONG not in str(whole) and "anna" not in str([whole[again - 1].get("internal")])
        assert whole[seq - 1] == {**wire(at(chat, seq)), "text": ""}
        assert whole[again - 1]["recalls"] == seq
        later = outside(chat.events[again - 1 :])  # who had read the message before is told of its end
        assert [event["recalls"] for event in later] == [seq]

    def test_warnings_and_script_of_it_are_gone_too(self, chat: Chat, anna: Agent) -> None:
        text = chat.house.desk.handoff.speech.script("loan_rate_mortgage", 0, chat.house.clock.now()).text
        warned = chat.house.knowledge.disclosures["loan_cost"].text
        seq = says(chat, anna, f"{text}\n{warned}")
        assert at(chat, seq).payload["disclosures"]
        recalls(chat, anna, seq)
        assert set(outside(chat.events)[seq - 1]) == {"seq", "at", "kind", "actor", "text"}

    def test_evidence_shows_the_words_and_who_took_them_back(self, chat: Chat, anna: Agent) -> None:
        seq = says(chat, anna)
        again = recalls(chat, anna, seq)
        with chat.house.db.transaction() as tx:
            found = gather(tx, f"{chat.id}:{seq}")
        assert found["message"]["text"] == WRONG
        assert (found["recalled"]["seq"], found["recalled"]["username"]) == (again, "anna")
        told = "\n".join(lines(found))
        assert WRONG in told and "账号 anna" in told and found["recalled"]["at"] in told

    def test_evidence_of_the_next_message_still_has_what_was_refused_before_it(self, chat: Chat, anna: Agent) -> None:
        first = says(chat, anna)
        with pytest.raises(RefusedByGuard):
            says(chat, anna, "这款理财保本的，您放心买", key="reply-2")
        recalls(chat, anna, first)
        second = says(chat, anna, "您好，请稍等", key="reply-3")
        with chat.house.db.transaction() as tx:
            attempts = gather(tx, f"{chat.id}:{second}")["attempts"]
        assert [attempt["text"] for attempt in attempts] == ["这款理财保本的，您放心买"]

    def test_twice_is_once(self, chat: Chat, anna: Agent) -> None:
        seq = says(chat, anna)
        first = recalls(chat, anna, seq)
        chat.house.clock.advance(3600)
        chat.house.staff.seen("anna")
        assert recalls(chat, anna, seq) == first
        assert len(chat.events) == first


class TestRefused:
    def test_when_it_is_too_late_to_the_second(self, chat: Chat, anna: Agent) -> None:
        limit = chat.house.knowledge.escalation.recall_s
        seq, other = says(chat, anna), says(chat, anna, "另一句话", key="reply-2")
        chat.house.clock.advance(limit)
        recalls(chat, anna, other)
        chat.house.clock.advance(0.001)
        with pytest.raises(Conflict) as refused:
            recalls(chat, anna, seq)
        assert refused.value.phrase == "problem_recall_late"

    def test_what_is_not_his(self, chat: Chat, anna: Agent) -> None:
        """The customer's, the assistant's, a change of state, and a colleague's of before."""
        mine = says(chat, anna)
        chat.sends("好的")
        epoch = chat.house.desk.transfer(anna, chat.id, chat.conversation.epoch, "", "")
        bert = agent(chat.house, "bert")
        chat.house.desk.claim(bert, chat.id, chat.conversation.epoch)
        for seq in range(1, len(chat.events) + 1):
            with pytest.raises(Conflict) as refused:
                recalls(chat, bert, seq)
            assert refused.value.phrase == "problem_recall_others"
        with pytest.raises(Conflict):
            recalls(chat, anna, mine)
        with pytest.raises(StaleEpoch):
            recalls(chat, bert, mine, epoch)

    def test_what_was_never_said(self, chat: Chat, anna: Agent) -> None:
        with pytest.raises(NotFound):
            recalls(chat, anna, 999)

    def test_what_the_channel_has_delivered(self, chat: Chat, anna: Agent) -> None:
        seq = says(chat, anna)
        asked = []
        chat.house.desk.recalls.withdraw = lambda _tx, conversation, n: bool(asked.append((conversation.id, n)))
        before = len(chat.events)
        with pytest.raises(Conflict) as refused:
            recalls(chat, anna, seq)
        assert (refused.value.phrase, asked, len(chat.events)) == (
            "problem_recall_delivered",
            [(chat.id, seq)],
            before,
        )
