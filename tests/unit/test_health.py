"""Whether the house can serve customers, and what somebody should look after soon."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.db import Database
from bot.health import CALENDAR_WARNING, _Figures, readiness
from bot.wiring import House, describe


def known_until(house: House, year: int) -> House:
    days = house.knowledge.calendar
    return replace(house, calendar=WorkCalendar(days.desk_hours, days.office_hours, True, complete_years=[year]))


class TestReadiness:
    def test_is_whole_when_everything_works(self, house: House) -> None:
        found = readiness(house, assistant_alive=True)
        assert (found["ready"], found["problems"]) == (True, [])

    def test_without_the_assistant_customers_still_reach_a_person(self, house: House) -> None:
        found = readiness(house, assistant_alive=False)
        assert found["ready"]
        assert any(warning.startswith("assistant") for warning in found["warnings"])

    @pytest.mark.parametrize(
        ("url", "problem"),
        [("sqlite:///{home}/new.db", "not migrated"), ("sqlite:////no/such/folder/x.db", "not reachable")],
    )
    def test_without_its_database_it_is_not(self, house: House, tmp_path: Path, url: str, problem: str) -> None:
        db = Database(url.format(home=tmp_path))
        found = readiness(replace(house, db=db), assistant_alive=True)
        assert (found["ready"], found["problems"]) == (False, [f"database: {problem}"])
        db.dispose()

    @pytest.mark.parametrize(("days_left", "warned"), [(61, False), (60, True), (0, True), (-1, True)])
    def test_warns_sixty_days_before_the_calendar_ends(
        self, house: House, clock: FrozenClock, days_left: int, warned: bool
    ) -> None:
        assert timedelta(days=60) == CALENDAR_WARNING
        clock.set(datetime(2031, 12, 31, 23, 59, tzinfo=BEIJING) - timedelta(days=days_left))
        warnings = readiness(known_until(house, 2031), assistant_alive=True)["warnings"]
        assert any(warning.startswith("calendar") for warning in warnings) is warned


def test_figures_are_those_of_the_database(house: House) -> None:
    chats = [Chat(house, FakeAssistant()) for _ in range(3)]
    chats[0].sends(choice="human")
    chats[1].sends("几点开门")
    house.staff.put("mei", "客服001", "a long password")
    house.staff.set_presence("mei", "ready")
    registry = CollectorRegistry()
    registry.register(_Figures(house))
    said = generate_latest(registry).decode()
    for line in (
        'qiantai_conversations{state="BOT"} 2.0',
        'qiantai_conversations{state="QUEUED"} 1.0',
        "qiantai_turns_open 1.0",
        "qiantai_agents_ready 1.0",
    ):
        assert line in said


def test_what_is_said_at_start_holds_no_secret(house: House) -> None:
    told = replace(house, settings=replace(house.settings, secret_key=b"topsecret", demo_password="topsecret"))
    said = describe(told)
    assert json.loads(said)["mode"] == "development"
    assert "topsecret" not in said and house.settings.database_url not in said
