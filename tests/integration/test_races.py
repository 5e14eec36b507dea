"""Everybody at once, on SQLite and PostgreSQL: nothing lost, nothing doubled, the chain whole.

Each race is run a few times in `make test` and many times in `make test-full`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import store, turns
from bot.conversation.model import Answer, Line, State
from bot.desk.service import AgentFull
from bot.errors import Conflict, QiantaiError
from bot.turns import TurnRunner
from bot.wiring import House

RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
OFTEN = [pytest.param(3, id="a few times"), pytest.param(40, id="often", marks=pytest.mark.slow)]


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(
        {"房贷利率是多少": RATE, "你好": understood("greet", Line("greet"))},
        otherwise=understood("branch_hours", Answer("branch_hours")),
    )


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run them at the same moment, each on a thread; gives what each returned, or the product's error it raised."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        start.wait(10)
        try:
            results[place] = calls[place]()
        except QiantaiError as refused:
            results[place] = refused
        except Exception as broken:
            results[place] = AssertionError(f"{type(broken).__name__}: {broken}")

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    for result in results:
        if isinstance(result, AssertionError):
            raise result
    return results


def check(house: House, conversation_id: str) -> None:
    """What must hold of every log, whatever happened."""
    with house.db.transaction() as tx:
        assert store.broken_at(tx, conversation_id) is None
        conversation, log = store.get(tx, conversation_id), store.read(tx, conversation_id)
    assert [event.seq for event in log] == list(range(1, conversation.last_seq + 1))
    epochs = [event.epoch for event in log]
    assert epochs == sorted(epochs) and epochs[-1] <= conversation.epoch
    changes = [event.epoch for event in log if event.kind == "state"]
    assert changes == list(range(2, conversation.epoch + 1))  # each change of holder is told once
    answers = Counter(
        event.payload["internal"]["replying_to"]
        for event in log
        if "replying_to" in (event.payload.get("internal") or {})
    )
    assert all(times == 1 for times in answers.values()), answers


def runner(house: House, assistant: FakeAssistant, conversation_id: str) -> Callable[[], None]:
    """One more process that takes the conversation's turns."""

    async def directly(function: Any, *arguments: Any) -> Any:
        return function(*arguments)

    def run() -> None:
        taker = TurnRunner(house.conversations, assistant, house.wakeups, 10.0, in_thread=directly)
        asyncio.run(taker.take_turns(conversation_id))

    return run


def busy(house: House, conversation_id: str) -> bool:
    with house.db.transaction() as tx:
        return turns.is_open(tx, conversation_id)


def succeeded(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, QiantaiError)]


@pytest.mark.parametrize("rounds", OFTEN)
class TestOneConversation:
    def test_the_same_message_many_times_is_one(self, any_house: House, assistant: FakeAssistant, rounds: int) -> None:
        chat = Chat(any_house, assistant)
        for number in range(rounds):
            posts = [lambda n=number: chat.sends("你好", key=f"same-key-{n}")] * 8
            assert len(set(together(*posts))) == 1
            chat.answer()
        check(any_house, chat.id)
        assert len(assistant.turns) == rounds
        assert sum(event.actor.kind == "customer" for event in chat.events) == rounds

    def test_many_messages_and_many_runners_give_one_answer_each(
        self, any_house: House, assistant: FakeAssistant, rounds: int
    ) -> None:
        chat = Chat(any_house, assistant)
        assistant.otherwise = understood("greet", Line("greet"))  # small talk: it never brings a person
        texts = [f"你好，第{number}次" for number in range(4 * rounds)]
        for first in range(0, len(texts), 4):
            posts = [lambda n=n: chat.sends(texts[n], key=f"message-{n}") for n in range(first, first + 4)]
            takers = [runner(any_house, assistant, chat.id)] * 3
            together(*posts, *takers, any_house.conversations.tick, any_house.desk.tick)
        chat.answer()
        check(any_house, chat.id)
        assert not busy(any_house, chat.id)
        assert Counter(e.payload["text"] for e in chat.events if e.actor.kind == "customer") == Counter(texts)
        assert Counter(turn.text for turn in assistant.turns) == Counter(texts)
        assert chat.phrases().count("greet") == len(texts)

    def test_one_turn_has_one_taker(self, any_house: House, assistant: FakeAssistant, rounds: int) -> None:
        chat = Chat(any_house, assistant)
        for _ in range(rounds):
            chat.sends("房贷利率是多少")
            claimed = together(*[lambda: any_house.conversations.claim_turn(chat.id, 15)] * 6)
            [(turn, _)] = [one for one in claimed if one is not None]
            finished = together(*[lambda t=turn: any_house.conversations.finish_turn(t, RATE)] * 6)
            assert sorted(finished) == [False] * 5 + [True]
            if chat.state is State.QUEUED:  # the third repeat: go on with the assistant
                chat.sends(choice="cancel")
        check(any_house, chat.id)

    def test_five_minutes_a_running_turn_and_the_customers_own_wish_make_one_handover(
        self, any_house: House, assistant: FakeAssistant, clock: FrozenClock, rounds: int
    ) -> None:
        for _ in range(rounds):
            chat = Chat(any_house, assistant)
            chat.says("房贷利率是多少")
            for _ in range(2):
                clock.advance(110)
                chat.says("你好")
            chat.sends("请问房贷利率是多少")
            claimed = any_house.conversations.claim_turn(chat.id, 15)
            assert claimed is not None
            clock.advance(90)
            together(
                lambda t=claimed[0]: any_house.conversations.finish_turn(t, RATE),
                lambda c=chat: c.sends(choice="human", key="the-button"),
                *[any_house.conversations.tick] * 3,
            )
            any_house.conversations.tick()
            check(any_house, chat.id)
            assert chat.state is State.QUEUED
            assert chat.conversation.reason in ("asked", "five_minutes")
            assert sum(event.kind == "state" for event in chat.events) == 1
            assert not busy(any_house, chat.id)

    def test_what_is_due_is_done_once(
        self, any_house: House, assistant: FakeAssistant, clock: FrozenClock, rounds: int
    ) -> None:
        for _ in range(rounds):
            chat = Chat(any_house, assistant)
            clock.advance(30 * 60)
            assert sum(together(*[any_house.conversations.tick] * 6)) == 1
            check(any_house, chat.id)
            assert chat.state is State.CLOSED
            assert chat.phrases().count("closed_idle") == 1


@pytest.mark.parametrize(
    "rounds", [pytest.param(20, id="twenty times"), pytest.param(1000, id="a thousand times", marks=pytest.mark.slow)]
)
def test_two_agents_claim_at_the_same_instant(any_house: House, assistant: FakeAssistant, rounds: int) -> None:
    """Exactly one wins, and the other is told who: each time one of them, never both, never nobody."""
    agents = [agent(any_house, name, "busy") for name in ("anna", "bert")]
    won: Counter[str] = Counter()
    for _ in range(rounds):
        chat = Chat(any_house, assistant)
        chat.sends(choice="human")
        epoch = chat.conversation.epoch
        claims = together(*[lambda a=a, c=chat.id, e=epoch: any_house.desk.claim(a, c, e) for a in agents])
        assert succeeded(claims) == [epoch + 1]
        [lost] = _lost(claims)
        [winner] = [one for one, claimed in zip(agents, claims, strict=True) if claimed == epoch + 1]
        assert chat.conversation.holder == winner.username == lost.extra["holder"]
        won[winner.username] += 1
        any_house.desk.close(winner, chat.id, epoch + 1, "solved", "", "")
        check(any_house, chat.id)
    assert sum(won.values()) == rounds


@pytest.mark.parametrize("rounds", OFTEN)
class TestDesk:
    def test_many_agents_claim_one_customer(self, any_house: House, assistant: FakeAssistant, rounds: int) -> None:
        agents = [agent(any_house, name, "busy") for name in ("anna", "bert", "cleo", "dora")]
        for _ in range(rounds):
            chat = Chat(any_house, assistant)
            chat.presses("human")
            epoch = chat.conversation.epoch
            claims = together(*[lambda a=a, c=chat.id, e=epoch: any_house.desk.claim(a, c, e) for a in agents])
            assert succeeded(claims) == [epoch + 1]
            assert all(isinstance(lost, Conflict) and lost.extra["epoch"] == epoch + 1 for lost in _lost(claims))
            check(any_house, chat.id)
            holder = next(a for a in agents if a.username == chat.conversation.holder)
            any_house.desk.close(holder, chat.id, epoch + 1, "solved", "", "")

    def test_one_agent_never_gets_more_than_three(
        self, any_house: House, assistant: FakeAssistant, rounds: int
    ) -> None:
        """004-83"""
        anna = agent(any_house, "anna", "busy")
        for _ in range(rounds):
            chats = [Chat(any_house, assistant) for _ in range(6)]
            for chat in chats:
                chat.presses("human")
            claims = together(*[lambda c=c: any_house.desk.claim(anna, c.id, c.conversation.epoch) for c in chats])
            assert len(succeeded(claims)) == 3
            assert all(isinstance(lost, AgentFull) for lost in _lost(claims))
            _clear(any_house, chats)

    def test_nor_is_he_offered_more(self, any_house: House, assistant: FakeAssistant, rounds: int) -> None:
        agent(any_house, "anna", "busy")
        for _ in range(rounds):
            chats = [Chat(any_house, assistant) for _ in range(5)]
            for chat in chats:
                chat.presses("human")
            any_house.staff.set_presence("anna", "ready")
            together(*[any_house.desk.tick] * 4)
            assert sum(chat.state is State.OFFERED for chat in chats) == 3
            any_house.staff.set_presence("anna", "busy")
            for chat in chats:
                check(any_house, chat.id)
            _clear(any_house, chats)

    def test_nor_do_an_offer_and_a_claim_at_once_make_a_fourth(
        self, any_house: House, assistant: FakeAssistant, rounds: int
    ) -> None:
        anna = agent(any_house, "anna", "busy")
        for _ in range(2):
            held = Chat(any_house, assistant)
            held.presses("human")
            any_house.desk.claim(anna, held.id, held.conversation.epoch)
        for _ in range(rounds):
            chats = [Chat(any_house, assistant) for _ in range(4)]
            for chat in chats:
                chat.presses("human")
            any_house.staff.set_presence("anna", "ready")
            last = chats[-1]
            together(
                any_house.desk.tick,
                lambda c=last.id, e=last.conversation.epoch: any_house.desk.claim(anna, c, e),
                any_house.desk.tick,
            )
            assert sum(chat.state in (State.OFFERED, State.HUMAN) for chat in chats) == 1
            any_house.staff.set_presence("anna", "busy")
            _clear(any_house, chats)

    def test_accepting_declining_and_running_out_end_an_offer_once(
        self, any_house: House, assistant: FakeAssistant, clock: FrozenClock, rounds: int
    ) -> None:
        anna = agent(any_house, "anna", "ready")
        for _ in range(rounds):
            chat = Chat(any_house, assistant)
            chat.presses("human")
            any_house.desk.tick()
            epoch = chat.conversation.epoch
            clock.advance(20)
            any_house.staff.seen("anna")
            accepted, declined, *_ = together(
                lambda c=chat.id, e=epoch: any_house.desk.claim(anna, c, e),
                lambda c=chat.id, e=epoch: any_house.desk.decline(anna, c, e, "lunch"),
                *[any_house.conversations.tick] * 2,
            )
            check(any_house, chat.id)
            assert chat.conversation.epoch == epoch + 1
            assert len(succeeded([accepted, declined])) <= 1
            assert (chat.state is State.HUMAN) == (accepted == epoch + 1)
            _clear(any_house, [chat])

    def test_an_agents_reply_and_the_loss_of_his_console(
        self, any_house: House, assistant: FakeAssistant, clock: FrozenClock, rounds: int
    ) -> None:
        for _ in range(rounds):
            chat = Chat(any_house, assistant)
            chat.presses("human")
            anna = agent(any_house, "anna", "busy")
            epoch = any_house.desk.claim(anna, chat.id, chat.conversation.epoch)
            clock.advance(61)
            reply, *_ = together(
                lambda a=anna, c=chat.id, e=epoch: any_house.desk.send(a, c, e, "a-reply-key", "您好，请稍等"),
                *[any_house.desk.tick] * 3,
                lambda c=chat: c.sends("还在吗", key="are-you-there"),
            )
            check(any_house, chat.id)
            assert chat.state is State.QUEUED
            said = [event for event in chat.events if event.actor.kind == "agent"]
            assert len(said) == len(succeeded([reply]))
            assert all(event.epoch == epoch for event in said)
            _clear(any_house, [chat])


def _lost(results: list[Any]) -> list[QiantaiError]:
    return [result for result in results if isinstance(result, QiantaiError)]


def _clear(house: House, chats: list[Chat]) -> None:
    """Nobody waits and nobody is served any more."""
    for chat in chats:
        conversation = chat.conversation
        if conversation.state is State.HUMAN:
            with house.db.transaction() as tx:
                holder = house.staff.get(tx, str(conversation.holder))
            house.desk.close(holder, chat.id, conversation.epoch, "solved", "", "")
        else:
            chat.sends(choice="cancel", key="clear-away")
