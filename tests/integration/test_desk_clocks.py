"""Clocks that run out: in the record once, and the supervisor told in the same breath (rule 10, 004-20, 004-21)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation import breaches, handovers
from bot.conversation.model import State
from bot.desk.staff import Agent
from bot.tickets import alerts
from bot.wiring import House, officer_of


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant())


@pytest.fixture
def sue(any_house: House) -> Agent:
    return agent(any_house, "sue", "busy", "supervisor")


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna", "busy")


def written(chat: Chat) -> list[tuple[str, str | None]]:
    with chat.house.db.transaction() as tx:
        return [(row.name, row.agent) for row in breaches.of_conversations(tx, [chat.id])]


def told(chat: Chat, who: Agent) -> list[str]:
    """What this officer reads of clocks, oldest first."""
    with chat.house.db.transaction() as tx:
        rows = alerts.page(tx, officer_of(who), chat.house.clock.now())[0]
    return [row.text for row in reversed(rows) if row.kind == breaches.KIND and row.conversation_id == chat.id]


def serve(chat: Chat, by: Agent) -> int:
    chat.presses("human")
    return chat.house.desk.claim(by, chat.id, chat.conversation.epoch)


class TestWaiting:
    def test_after_ten_minutes_the_supervisor_is_told_and_then_the_customer(self, chat: Chat, sue: Agent) -> None:
        chat.presses("human")
        chat.waits(599)
        assert (written(chat), told(chat, sue), "waiting_long" in chat.phrases()) == ([], [], False)
        chat.waits(1)
        assert written(chat) == [("waiting", None)]
        assert len(told(chat, sue)) == 1
        assert "主管" in chat.last.payload["text"]  # and it is true

    def test_once_however_long_and_however_often_looked_at(self, chat: Chat, sue: Agent) -> None:
        chat.presses("human")
        for _ in range(6):
            chat.waits(300)
        assert written(chat) == [("waiting", None)]
        assert len(told(chat, sue)) == 1
        assert chat.phrases().count("waiting_long") == 1

    def test_once_when_two_workers_look_at_the_same_instant(self, chat: Chat, sue: Agent) -> None:
        chat.presses("human")
        chat.house.clock.advance(600)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: chat.house.conversations.tick(), range(8)))
        assert written(chat) == [("waiting", None)]
        assert len(told(chat, sue)) == 1

    def test_agents_are_not_told(self, chat: Chat, anna: Agent, sue: Agent) -> None:
        chat.presses("human")
        chat.waits(600)
        assert told(chat, anna) == []

    def test_who_is_taken_in_time_leaves_no_breach(self, chat: Chat, anna: Agent, clock: FrozenClock) -> None:
        chat.presses("human")
        clock.advance(599)
        epoch = chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        chat.house.desk.send(anna, chat.id, epoch, "key-000001", "您好，请讲")
        chat.waits(60)
        assert written(chat) == []

    def test_who_is_offered_round_waits_on_the_same_clock(self, chat: Chat, sue: Agent) -> None:
        for name in ("bert", "carl"):
            agent(chat.house, name)
        chat.presses("human")
        for _ in range(60):
            chat.waits(12)
            for name in ("bert", "carl", "sue"):
                chat.house.staff.seen(name)
        assert written(chat) == [("waiting", None)]
        assert len(told(chat, sue)) == 1


class TestServing:
    def test_no_answer_for_30_seconds_then_five_minutes_each_once(self, chat: Chat, anna: Agent, sue: Agent) -> None:
        serve(chat, anna)
        chat.waits(29)
        assert written(chat) == []
        chat.waits(1)
        assert written(chat) == [("first_answer", "anna")]
        for _ in range(28):
            chat.waits(10)
            chat.house.staff.seen("anna")
        assert chat.state is State.HUMAN
        assert written(chat) == [("first_answer", "anna"), ("handling", "anna")]
        assert len(told(chat, sue)) == 2
        assert all("坐席anna" in text for text in told(chat, sue))

    def test_an_answer_in_time_is_no_breach(self, chat: Chat, anna: Agent) -> None:
        epoch = serve(chat, anna)
        chat.waits(20)
        chat.house.desk.send(anna, chat.id, epoch, "key-000001", "您好，请讲")
        chat.waits(20)
        assert written(chat) == []

    def test_another_agent_has_clocks_of_his_own(self, chat: Chat, anna: Agent) -> None:
        bert = agent(chat.house, "bert", "busy")
        epoch = serve(chat, anna)
        chat.waits(30)
        chat.house.desk.transfer(anna, chat.id, epoch, "", "请接着办")
        chat.house.desk.claim(bert, chat.id, chat.conversation.epoch)
        chat.waits(30)
        assert written(chat) == [("first_answer", "anna"), ("first_answer", "bert")]

    def test_the_record_of_the_handover_is_kept_as_it_goes(self, chat: Chat, anna: Agent, clock: FrozenClock) -> None:
        epoch = serve(chat, anna)
        clock.advance(5)
        chat.house.desk.send(anna, chat.id, epoch, "key-000001", "您好，请讲")
        clock.advance(5)
        chat.house.desk.transfer(anna, chat.id, epoch, "", "请接着办")
        clock.advance(5)
        epoch = chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        chat.house.desk.close(anna, chat.id, epoch, "solved", "贷款", "")
        with chat.house.db.transaction() as tx:
            first, second = handovers.of_chain(tx, [chat.id])
        assert (first.how, first.agent, second.how, second.result, second.category) == (
            "transfer", "anna", "close", "solved", "贷款",
        )  # fmt: skip
        assert first.first_answer_at is not None and first.claimed_at is not None
        assert (first.first_answer_at - first.claimed_at).total_seconds() == 5
        assert second.first_answer_at is None and second.claimed_at is not None
        assert (second.claimed_at - second.entered_at).total_seconds() == 5


class TestOtherEnds:
    @pytest.mark.parametrize(
        ("choice", "how"), [("cancel", "cancel"), ("stay", "cancel"), ("leave_message", "message")]
    )
    def test_who_leaves_the_queue(self, chat: Chat, choice: str, how: str) -> None:
        chat.presses("human")
        chat.presses(choice)
        with chat.house.db.transaction() as tx:
            [entry] = handovers.of_chain(tx, [chat.id])
        assert (entry.how, entry.agent, entry.claimed_at) == (how, None, None)

    def test_who_is_given_back_and_whose_agent_is_gone(self, chat: Chat, anna: Agent) -> None:
        serve(chat, anna)
        chat.waits(61)  # her console is silent
        assert chat.state is State.QUEUED
        bert = agent(chat.house, "bert", "busy")
        epoch = chat.house.desk.claim(bert, chat.id, chat.conversation.epoch)
        chat.house.desk.return_to_bot(bert, chat.id, epoch)
        with chat.house.db.transaction() as tx:
            ends = [entry.how for entry in handovers.of_chain(tx, [chat.id])]
            assert handovers.standing(tx, [chat.id]) == {}
        assert ends == ["lost", "return"]


class TestOnTheDesk:
    def test_in_lists_snapshot_and_frames(self, chat: Chat, anna: Agent) -> None:
        chat.presses("human")
        [item] = chat.house.desk.view(anna)["queue"]
        [clock] = item["clocks"]
        assert set(clock) == {"name", "label", "due_at", "near_at", "breached"}
        assert (clock["name"], clock["label"], clock["breached"]) == ("waiting", "等待接入", False)
        chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        [mine] = chat.house.desk.view(anna)["mine"]
        [frame] = chat.house.desk.updates(anna, {})
        shown = chat.house.desk.conversation(anna, chat.id)
        for got in (mine, frame, shown):
            assert [clock["name"] for clock in got["clocks"]] == ["first_answer", "handling"]
