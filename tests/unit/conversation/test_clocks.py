"""The clocks of who waits and who is served, as pure figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support import SUNDAY_NOON

from bot.conversation import escalation
from bot.conversation.clocks import NAMES, clocks, next_due, shown
from bot.conversation.escalation import Thread
from bot.conversation.handovers import Entry
from bot.conversation.model import Conversation, State
from bot.knowledge import Knowledge
from bot.knowledge.vocabulary_escalation import CLOCKS

WAITS = Entry("c1", 2, SUNDAY_NOON, "asked", "consult", 0, None, None, None, None, None, "", "")
SERVED = replace(WAITS, agent="anna", claimed_at=SUNDAY_NOON + timedelta(seconds=10))


def after(seconds: float) -> datetime:
    return SUNDAY_NOON + timedelta(seconds=seconds)


def waiting(**values: object) -> Conversation:
    made = Conversation(
        "c1", "web", State.QUEUED, None, 2, 3, SUNDAY_NOON, SUNDAY_NOON, False, None, None, {}, None, {},
        "asked", SUNDAY_NOON, None, (), None,
    )  # fmt: skip
    return replace(made, **values)


def due(conversation: Conversation, entry: Entry | None, said: Knowledge) -> dict[str, float]:
    return {clock.name: (clock.due_at - SUNDAY_NOON).total_seconds() for clock in clocks(conversation, entry, said)}


def names(conversation: Conversation, entry: Entry, said: Knowledge, seconds: float) -> dict[str, bool]:
    """Those that run, and whether they have run out."""
    made = clocks(conversation, entry, said)
    return {one["name"]: one["breached"] for one in shown(made, said, after(seconds))}


def about(intent: str) -> dict:
    return escalation.to_json(Thread(topic=intent, counted_to=SUNDAY_NOON))


def test_the_names_are_those_of_knowledge() -> None:
    assert NAMES == CLOCKS


def test_nobody_who_does_not_wait_has_a_clock(said: Knowledge) -> None:
    assert clocks(waiting(), None, said) == ()


def test_who_waits_has_ten_minutes(said: Knowledge) -> None:
    assert due(waiting(), WAITS, said) == {"waiting": 600}
    assert names(waiting(), WAITS, said, 599) == {"waiting": False}
    assert names(waiting(), WAITS, said, 600) == {"waiting": True}


def test_a_complex_matter_has_one_minute_to_an_experienced_agent(said: Knowledge) -> None:
    assert due(waiting(senior=True), WAITS, said) == {"waiting": 600, "senior": 60}


def test_who_is_served_has_an_answer_in_30_seconds_and_five_minutes(said: Knowledge) -> None:
    assert due(waiting(), SERVED, said) == {"waiting": 600, "first_answer": 40, "handling": 310}
    assert names(waiting(), SERVED, said, 45) == {"first_answer": True, "handling": False}
    answered = replace(SERVED, first_answer_at=after(20))
    assert names(waiting(), answered, said, 45) == {"handling": False}


@pytest.mark.parametrize("topic", ["hotline", "branch_hours/atm"])
def test_a_simple_matter_has_two_minutes(said: Knowledge, topic: str) -> None:
    assert due(waiting(thread=about(topic)), SERVED, said)["simple"] == 130


@pytest.mark.parametrize("topic", ["foreign_exchange", "no_such_intent"])
def test_and_another_has_not(said: Knowledge, topic: str) -> None:
    assert "simple" not in due(waiting(thread=about(topic)), SERVED, said)


def test_what_came_too_late_is_a_breach_and_what_came_in_time_is_none(said: Knowledge) -> None:
    for seconds, late in ((599, False), (600, True)):
        entry = replace(WAITS, agent="anna", claimed_at=after(seconds))
        clock = clocks(waiting(), entry, said)[0]
        assert (clock.name, clock.breached(after(5000))) == ("waiting", late)


def test_it_is_near_at_the_share_that_is_data(said: Knowledge) -> None:
    [clock] = clocks(waiting(), WAITS, said)
    assert clock.near_at == after(600 * said.escalation.near)


def test_the_next_look_is_at_the_next_that_runs_out(said: Knowledge) -> None:
    made = clocks(waiting(), SERVED, said)
    assert [next_due(made, after(seconds)) for seconds in (10, 40, 310)] == [after(40), after(310), None]
