"""One row for each entry into the queue, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support import SUNDAY_NOON

from bot.conversation import handovers, store
from bot.conversation.model import Conversation
from bot.db import Tx
from bot.wiring import House


def after(seconds: float) -> datetime:
    return SUNDAY_NOON + timedelta(seconds=seconds)


@pytest.fixture
def tx(any_house: House) -> Iterator[Tx]:
    with any_house.db.transaction() as tx:
        yield tx


@pytest.fixture
def waiting(tx: Tx) -> Conversation:
    return another(tx)


def another(tx: Tx) -> Conversation:
    made = store.create(tx, channel="web", at=SUNDAY_NOON)
    return replace(made, epoch=2, reason="emotion", queue="complaints", ahead_s=600)


def test_the_way_of_a_customer_from_the_queue_to_the_close(tx: Tx, waiting: Conversation) -> None:
    assert handovers.enter(tx, waiting, after(0))
    assert handovers.claimed(tx, waiting, "mei", after(25))
    assert handovers.answered(tx, waiting, after(40))
    standing = handovers.open_of(tx, waiting.id)
    assert standing is not None and (standing.left_at, standing.how) == (None, None)
    assert handovers.left(tx, waiting, "close", after(300), "solved", "转账")
    assert handovers.open_of(tx, waiting.id) is None
    [entry] = handovers.of_chain(tx, [waiting.id])
    assert (entry.epoch, entry.reason, entry.queue, entry.ahead_s, entry.agent) == (
        2, "emotion", "complaints", 600, "mei",
    )  # fmt: skip
    assert (entry.entered_at, entry.claimed_at, entry.first_answer_at, entry.left_at) == tuple(
        after(seconds) for seconds in (0, 25, 40, 300)
    )
    assert (entry.how, entry.result, entry.category) == ("close", "solved", "转账")


def test_only_the_first_answer_counts_and_only_of_who_has_come(tx: Tx, waiting: Conversation) -> None:
    handovers.enter(tx, waiting, after(0))
    assert not handovers.answered(tx, waiting, after(5))
    handovers.claimed(tx, waiting, "mei", after(10))
    assert [handovers.answered(tx, waiting, after(seconds)) for seconds in (20, 30)] == [True, False]
    standing = handovers.open_of(tx, waiting.id)
    assert standing is not None and standing.first_answer_at == after(20)


def test_a_declined_offer_is_no_new_entry(tx: Tx, waiting: Conversation) -> None:
    handovers.enter(tx, waiting, after(0))
    assert not handovers.enter(tx, replace(waiting, epoch=4), after(20))
    [entry] = handovers.of_chain(tx, [waiting.id])
    assert (entry.epoch, entry.entered_at) == (2, after(0))


@pytest.mark.parametrize("how", ["transfer", "lost"])
def test_who_is_passed_on_comes_into_the_queue_again(tx: Tx, waiting: Conversation, how: handovers.How) -> None:
    handovers.enter(tx, waiting, after(0))
    handovers.claimed(tx, waiting, "mei", after(10))
    handovers.left(tx, waiting, how, after(60))
    again = replace(waiting, epoch=4)
    assert handovers.enter(tx, again, after(60))
    assert handovers.claimed(tx, again, "lin", after(70))
    first, second = handovers.of_chain(tx, [waiting.id])
    assert (first.agent, first.how, first.left_at) == ("mei", how, after(60))
    assert (second.agent, second.epoch, second.claimed_at, second.first_answer_at) == ("lin", 4, after(70), None)


def test_the_way_of_one_changes_nothing_of_another(tx: Tx, waiting: Conversation) -> None:
    other = another(tx)
    for conversation in (waiting, other):
        handovers.enter(tx, conversation, after(0))
    handovers.claimed(tx, waiting, "mei", after(1))
    handovers.left(tx, waiting, "return", after(2))
    standing = handovers.open_of(tx, other.id)
    assert standing is not None and (standing.agent, standing.left_at) == (None, None)


def test_what_is_over_or_never_began_is_not_changed(tx: Tx, waiting: Conversation) -> None:
    assert not handovers.claimed(tx, waiting, "mei", after(0))
    assert not handovers.left(tx, waiting, "close", after(0))
    handovers.enter(tx, waiting, after(0))
    assert handovers.left(tx, waiting, "cancel", after(5))
    assert not handovers.left(tx, waiting, "message", after(9))
    assert not handovers.claimed(tx, waiting, "mei", after(9))
    [entry] = handovers.of_chain(tx, [waiting.id])
    assert (entry.how, entry.left_at, entry.agent) == ("cancel", after(5), None)


def test_nobody_takes_what_another_has(tx: Tx, waiting: Conversation) -> None:
    handovers.enter(tx, waiting, after(0))
    assert [handovers.claimed(tx, waiting, agent, after(1)) for agent in ("mei", "lin")] == [True, False]
    standing = handovers.open_of(tx, waiting.id)
    assert standing is not None and standing.agent == "mei"


def test_a_day_is_read_from_its_beginning_to_before_its_end(tx: Tx) -> None:
    moments = (-1, 0, 3599, 3600)
    for seconds in moments:
        handovers.enter(tx, another(tx), after(seconds))
    found = handovers.between(tx, after(0), after(3600))
    assert [entry.entered_at for entry in found] == [after(0), after(3599)]


def test_of_no_conversation_there_is_none(tx: Tx, waiting: Conversation) -> None:
    handovers.enter(tx, waiting, after(0))
    assert handovers.of_chain(tx, []) == [] and handovers.open_of(tx, "nobody") is None
