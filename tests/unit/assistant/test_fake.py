"""The fake assistant behaves like the real one towards the rest of the product."""

from __future__ import annotations

import asyncio

import pytest

from bot.assistant import FakeAssistant, TurnFailed, TurnTimeout
from bot.assistant.fake import understood
from bot.conversation.model import Answer, Handover, TurnInput, TurnOutput


async def test_answers_by_text_or_choice_and_keeps_the_customers_text() -> None:
    fake = FakeAssistant(
        {
            "房贷利率": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
            "human": understood("x"),
        }
    )
    output = await fake.handle(TurnInput("c", 1, "房贷利率"), 1)
    assert output.acts == (Answer("loan_rate_mortgage"),)
    assert (output.understanding.text, output.understanding.product) == ("房贷利率", "mortgage")
    assert (await fake.handle(TurnInput("c", 2, "转人工", choice="human"), 1)).understanding.intent == "x"


async def test_what_it_was_told_nothing_about_fails_or_gets_the_other_answer() -> None:
    with pytest.raises(TurnFailed):
        await FakeAssistant().handle(TurnInput("c", 1, "?"), 1)
    fake = FakeAssistant(otherwise=understood("human_agent", Handover("asked")))
    assert (await fake.handle(TurnInput("c", 1, "?"), 1)).acts == (Handover("asked"),)


async def test_it_can_fail_and_be_late() -> None:
    async def never(turn: TurnInput) -> TurnOutput:
        await asyncio.Event().wait()
        raise AssertionError

    fake = FakeAssistant({"fail": TurnFailed(), "late": never})
    with pytest.raises(TurnFailed):
        await fake.handle(TurnInput("c", 1, "fail"), 1)
    with pytest.raises(TurnTimeout):
        await fake.handle(TurnInput("c", 1, "late"), 0.01)


def test_alive_between_start_and_stop() -> None:
    fake = FakeAssistant()
    assert not fake.alive()
    fake.start()
    assert fake.alive()
    fake.stop()
    assert not fake.alive()
