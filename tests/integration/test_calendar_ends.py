"""A year whose holidays nobody has published yet stands between no customer and his case, or his person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from desk import agent, complaining
from server import Server
from support import Chat, make_house

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import BEIJING, FrozenClock
from bot.conversation.model import Handover, State
from bot.health import readiness
from bot.knowledge import Knowledge
from bot.wiring import House

IN_2031 = datetime(2031, 3, 3, 11, 0, tzinfo=BEIJING)  # a Monday, if anybody asked
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 0, tzinfo=BEIJING)
STORY = "昨天下午在城东支行，柜员把我的存款办错了，还不肯更正，要求道歉并更正"


@pytest.fixture
def weekday_desk(tmp_path: Path, said: Knowledge, clock: FrozenClock, migrated: Path) -> Iterator[House]:
    """A bank whose desk closes on holidays: it must know them to know whether it is open."""
    calendar = said.calendar.copy(update={"desk_open_on_holidays": False})
    made = make_house(tmp_path, replace(said, calendar=calendar), clock, migrated=migrated)
    yield made
    made.db.dispose()


def complain(chat: Chat) -> dict:
    """Gives the case that was opened."""
    for text in ("我要投诉", STORY, "13800138000"):
        chat.says(text)
    chat.presses("confirm")
    return next(event.payload["case"] for event in chat.events if event.payload.get("case"))


class TestIn2031:
    @pytest.fixture(autouse=True)
    def then(self, clock: FrozenClock) -> None:
        clock.set(IN_2031)

    def test_a_complaint_gets_a_provisional_date_and_is_told_so(self, house: House) -> None:
        chat = Chat(house, FakeAssistant(otherwise=partial(complaining, house)))
        case = house.tickets.case(complain(chat)["number"])
        assert case.provisional
        cap = IN_2031 + timedelta(days=house.knowledge.complaints.cap_calendar_days)
        assert case.due_at.astimezone(BEIJING).date() == cap.date()
        assert "complaint_provisional" in chat.phrases()

    @pytest.mark.parametrize("any_hours", [True, False], ids=["desk open on holidays", "desk closed on holidays"])
    def test_who_asks_for_a_person_gets_one(self, request: pytest.FixtureRequest, any_hours: bool) -> None:
        house = request.getfixturevalue("house" if any_hours else "weekday_desk")
        chat = Chat(house, FakeAssistant())
        chat.presses("human")
        assert chat.state is State.QUEUED
        anna = agent(house, "anna", "busy")
        house.desk.claim(anna, chat.id, chat.conversation.epoch)
        assert chat.state is State.HUMAN

    def test_who_would_rather_be_called_back_gets_a_case(self, weekday_desk: House) -> None:
        chat = Chat(weekday_desk, FakeAssistant())
        chat.presses("human")
        chat.presses("leave_message")
        assert chat.state is State.MESSAGE_LEFT
        assert weekday_desk.tickets.case(chat.last.payload["case"]["number"]).due_at > IN_2031

    async def test_over_the_wire_too_and_readyz_warns(self, server: Server) -> None:
        server.assistant.otherwise = partial(complaining, server.house)
        visitor = await server.visitor()
        for text in ("我要投诉", STORY, "13800138000"):
            await visitor.asks(text)
        seq = (await visitor.post({"choice": "confirm"})).json()["seq"]
        receipt = (await visitor.poll(after=seq, wait=10))["events"][0]
        assert receipt["case"]["number"] in receipt["text"]
        await visitor.asks("转人工")
        assert (await visitor.poll())["state"] == "QUEUED"
        async with server.client() as client:
            ready = await client.get("/readyz")
        assert ready.status_code == 200  # customers are served
        assert any(warning.startswith("calendar") for warning in ready.json()["warnings"])


class TestOnTheLastNightThatIsKnown:
    """The desk is closed, and nobody knows whether it opens tomorrow."""

    @pytest.fixture(autouse=True)
    def then(self, clock: FrozenClock) -> None:
        clock.set(NEW_YEARS_EVE)

    def test_who_asks_for_a_person_gets_a_callback_case_with_a_date(self, weekday_desk: House) -> None:
        chat = Chat(weekday_desk, FakeAssistant())
        chat.presses("human")
        assert chat.state is State.MESSAGE_LEFT
        assert chat.last.payload["case"]["number"] in chat.last.payload["text"]

    def test_nor_does_a_turn_of_the_assistant_fail_over_it(self, weekday_desk: House) -> None:
        chat = Chat(weekday_desk, FakeAssistant({"转人工": understood("human_agent", Handover("asked"))}))
        chat.says("转人工")
        assert (chat.state, chat.conversation.reason) == (State.MESSAGE_LEFT, "asked")
        assert "turn_failed" not in chat.phrases()


@pytest.mark.parametrize(("days_before", "warned"), [(61, False), (60, True), (0, True)])
def test_readyz_warns_60_days_before_the_last_known_day(
    house: House, clock: FrozenClock, days_before: int, warned: bool
) -> None:
    last = house.calendar.last_complete_day(clock.now().astimezone(BEIJING).date())
    assert last is not None
    clock.set(datetime(last.year, last.month, last.day, 9, 0, tzinfo=BEIJING) - timedelta(days=days_before))
    warnings = readiness(house, assistant_alive=True)["warnings"]
    assert any(warning.startswith("calendar") for warning in warnings) is warned
