"""The loop that answers: one turn at a time for a conversation, each with a deadline, and no customer stranded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Act, Answer, Line, State, TurnInput, TurnOutput
from bot.conversation.turns import turns
from bot.turns import LEASE_MARGIN_S, MAX_ATTEMPTS, TurnRunner, wordless
from bot.wiring import House

HOURS = understood("branch_hours", Answer("branch_hours"))


async def directly(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def runner(house: House, assistant: FakeAssistant, deadline_s: float = 10.0, in_thread: Any = directly) -> TurnRunner:
    return TurnRunner(house.conversations, assistant, house.wakeups, deadline_s, in_thread=in_thread)


def states(house: House) -> list[tuple[str, int]]:
    with house.db.transaction() as tx:
        return [(row.state, row.attempts) for row in tx.execute(sa.select(turns).order_by(turns.c.seq))]


async def until(reached: Callable[[], bool]) -> None:
    async def look() -> None:
        while not reached():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(look(), 10)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(otherwise=HOURS)


@pytest.fixture
def chat(house: House, assistant: FakeAssistant) -> Chat:
    return Chat(house, assistant)


class TestATurn:
    def test_is_answered_and_done(self, chat: Chat) -> None:
        chat.says("几点开门")
        assert states(chat.house) == [("done", 1)]

    def test_waiting_turns_are_taken_in_the_order_in_which_they_were_written(self, chat: Chat) -> None:
        for text in ("一", "二", "三"):
            chat.sends(text)
        chat.answer()
        assert [turn.text for turn in chat.assistant.turns] == ["一", "二", "三"]

    async def test_that_misses_its_deadline_is_given_up_and_a_person_comes(
        self, chat: Chat, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def slow(turn: TurnInput) -> TurnOutput:
            await asyncio.Event().wait()
            return HOURS

        chat.assistant.otherwise = slow
        chat.sends("几点开门，我的问题很长")
        await runner(chat.house, chat.assistant, deadline_s=0.02).take_turns(chat.id)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "failed")
        assert states(chat.house) == [("failed", 1)]
        assert "几点开门" not in caplog.text

    async def test_the_deadline_is_the_runners_own_whatever_the_assistant_does_with_it(self, chat: Chat) -> None:
        class Deaf(FakeAssistant):
            async def handle(self, turn: TurnInput, deadline_s: float = 10.0) -> TurnOutput:
                await asyncio.Event().wait()
                return HOURS

        chat.sends("几点开门")
        await runner(chat.house, Deaf(), deadline_s=0.02).take_turns(chat.id)
        assert chat.conversation.reason == "failed"

    @pytest.mark.parametrize("fault", [RuntimeError("broken"), KeyError("x"), MemoryError(), asyncio.CancelledError()])
    def test_that_fails_in_any_way_is_owned_up_to(self, chat: Chat, fault: BaseException) -> None:
        def fail(turn: TurnInput) -> TurnOutput:
            raise fault

        chat.assistant.otherwise = fail
        if isinstance(fault, asyncio.CancelledError):  # the server stops: the turn stays open for the next start
            with pytest.raises(asyncio.CancelledError):
                chat.says("几点开门")
            assert states(chat.house) == [("running", 1)]
            return
        chat.says("几点开门")
        assert "turn_failed" in chat.phrases()
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "failed")

    @pytest.mark.parametrize("act", [Line("no_such_phrase"), Line("too_long"), Answer("")])
    def test_whose_output_cannot_be_said_strands_nobody(self, chat: Chat, act: Act) -> None:
        chat.assistant.otherwise = understood("loan_rate", act)
        chat.says("几点开门")
        assert chat.state is State.QUEUED
        assert chat.house.conversations.open_turns() == []

    def test_of_a_failure_nothing_said_before_it_remains_half_done(self, chat: Chat) -> None:
        chat.assistant.otherwise = understood("loan_rate", Answer("branch_hours"), Line("no_such_phrase"))
        chat.says("几点开门")
        assert chat.said("branch_hours") == []
        assert chat.phrases()[-2:] == ["turn_failed", "handover_unknown"]

    @pytest.mark.parametrize("text", ["😀😀", "？？！", "/:rose", "…"])
    def test_without_words_needs_no_assistant_and_is_never_a_yes(self, chat: Chat, text: str) -> None:
        chat.says(text)
        assert chat.assistant.turns == []
        assert chat.phrases()[-1] == "emoji_only"

    def test_wordless_is_no_label_that_confirms(self) -> None:
        output = wordless(TurnInput("c", 2, "👍"))
        assert (output.understanding.intent, output.acts) == ("wordless", (Line("emoji_only"),))


class TestAfterACrash:
    def crashed(self, chat: Chat, times: int) -> None:
        """The process dies so many times while it works on the same message."""
        chat.sends("几点开门")
        for _ in range(times):
            assert chat.house.conversations.claim_turn(chat.id, 10 + LEASE_MARGIN_S) is not None
            chat.house.clock.advance(10 + LEASE_MARGIN_S)

    def test_the_message_gets_its_one_answer(self, chat: Chat) -> None:
        self.crashed(chat, 1)
        assert chat.house.conversations.open_turns() == [chat.id]
        chat.answer()
        assert len(chat.said("branch_hours")) == 1
        assert states(chat.house) == [("done", 2)]

    def test_a_message_that_killed_the_process_twice_goes_to_a_person(self, chat: Chat) -> None:
        self.crashed(chat, MAX_ATTEMPTS)
        chat.answer()
        assert chat.assistant.turns == []
        assert chat.conversation.reason == "failed"

    def test_what_is_still_being_worked_on_is_left_alone(self, chat: Chat) -> None:
        chat.sends("几点开门")
        chat.house.conversations.claim_turn(chat.id, 15)
        chat.answer()
        assert chat.assistant.turns == []


class TestTheLoop:
    async def test_answers_what_arrives_and_ends_when_the_server_closes(self, house: House, chat: Chat) -> None:
        loop = asyncio.create_task(runner(house, chat.assistant, in_thread=asyncio.to_thread).run())
        await asyncio.to_thread(chat.sends, "几点开门")
        await until(lambda: bool(chat.said("branch_hours")))
        house.wakeups.close()
        await asyncio.wait_for(loop, 10)

    async def test_takes_up_what_was_open_before_it_started(self, house: House, chat: Chat) -> None:
        chat.sends("几点开门")
        loop = asyncio.create_task(runner(house, chat.assistant).run())
        await until(lambda: bool(chat.said("branch_hours")))
        house.wakeups.close()
        await asyncio.wait_for(loop, 10)

    async def test_one_conversation_is_answered_while_another_waits(self, house: House, chat: Chat) -> None:
        go_on = asyncio.Event()

        async def slow(turn: TurnInput) -> TurnOutput:
            await go_on.wait()
            return HOURS

        chat.assistant.script["慢"] = slow
        other = Chat(house, chat.assistant)
        loop = asyncio.create_task(runner(house, chat.assistant).run())
        chat.sends("慢")
        chat.sends("快")
        other.sends("快")
        await until(lambda: bool(other.said("branch_hours")))
        assert [turn.text for turn in chat.assistant.turns if turn.conversation_id == chat.id] == ["慢"]
        go_on.set()
        await until(lambda: len(chat.said("branch_hours")) == 2)
        house.wakeups.close()
        await asyncio.wait_for(loop, 10)

    @pytest.mark.parametrize("failures", [1, 3])
    async def test_survives_any_failure_of_looking(
        self, house: House, chat: Chat, caplog: pytest.LogCaptureFixture, failures: int
    ) -> None:
        """Whatever the database does, the next look comes: a loop that ends answers nobody any more."""
        left = [sa.exc.ProgrammingError("SELECT", {}, Exception("gone"))] * failures

        async def failing(function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
            if function == house.conversations.open_turns and left:
                house.wakeups.notify("turns")
                raise left.pop()
            return function(*arguments)

        loop = asyncio.create_task(runner(house, chat.assistant, in_thread=failing).run())
        with caplog.at_level(logging.ERROR):
            chat.sends("几点开门")
            await until(lambda: bool(chat.said("branch_hours")) or loop.done())
        assert len(chat.said("branch_hours")) == 1
        assert "cannot look for open turns" in caplog.text
        house.wakeups.close()
        await asyncio.wait_for(loop, 10)


def test_nothing_of_a_turn_is_kept_in_the_runner(house: House, chat: Chat, tmp_path: Path) -> None:
    """A second process answers what a first one took in: the table is all they share."""
    chat.sends("几点开门")
    asyncio.run(runner(house, FakeAssistant(otherwise=HOURS)).take_turns(chat.id))
    assert len(chat.said("branch_hours")) == 1
