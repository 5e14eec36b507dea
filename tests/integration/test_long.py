"""The long ones of `make test-full`: whatever is typed, and many customers for a while."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server import Server
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import store
from bot.conversation.model import Answer
from bot.errors import InvalidInput
from bot.wiring import House

pytestmark = pytest.mark.slow
ANSWER = understood("branch_hours", Answer("branch_hours"))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=1200))
def test_whatever_is_typed_is_answered_or_refused_in_words(house: House, text: str) -> None:
    chat = Chat(house, FakeAssistant(otherwise=ANSWER))
    try:
        chat.says(text)
    except InvalidInput as refused:
        assert refused.phrase in house.knowledge.phrases
    else:
        assert chat.last.actor.kind != "customer"
    with house.db.transaction() as tx:
        assert store.broken_at(tx, chat.id) is None


async def test_many_customers_for_a_while_and_nothing_is_lost_or_doubled(server: Server) -> None:
    visitors = []
    for _ in range(20):
        visitors.append(await server.visitor())
        server.house.clock.advance(3)  # as the rate limit of one address allows
    for _ in range(15):
        server.house.clock.advance(10)
        answers = await asyncio.gather(*(visitor.asks("你们几点开门") for visitor in visitors))
        assert all(answer["text"] for answer in answers)
        if (await visitors[0].poll())["state"] != "BOT":
            break  # asked again and again: by now a person is on the way, as the rules want
    for visitor in visitors:
        seqs = [event["seq"] for event in (await visitor.poll())["events"]]
        assert seqs == list(range(1, len(seqs) + 1))
        with server.house.db.transaction() as tx:
            assert store.broken_at(tx, visitor.conversation_id) is None
