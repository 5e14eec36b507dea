"""What changed today in what the bank says, and the receipt of who has read it (004-36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk import agent

from bot.clock import day_of
from bot.conversation import incidents
from bot.desk.news import Newspaper
from bot.desk.staff import Agent
from bot.knowledge import Knowledge
from bot.knowledge.model import Script
from bot.wiring import House, keep_versions

RATE = "loan_rate_mortgage"


@pytest.fixture
def anna(any_house: House) -> Agent:
    keep_versions(any_house)  # as `qiantai serve` does when it starts for the first time
    return agent(any_house, "anna")


def today(house: House, who: Agent) -> list[dict[str, Any]]:
    return Newspaper(house.desk).of_today(who)


def named(house: House, who: Agent) -> list[tuple[str, str]]:
    return [(one["change"], one["id"]) for one in today(house, who)]


def serves(house: House, said: Knowledge, script: Script) -> None:
    """A reload that changed one script."""
    scripts = {**said.scripts, script.id: script}
    house.reloads.current.exchange(replace(said, digest=f"with {script.version} {script.title}", scripts=scripts))
    keep_versions(house)


def later(house: House, **time: float) -> None:
    house.clock.advance(**time)


class TestToday:
    def test_the_first_start_is_no_news(self, any_house: House, anna: Agent) -> None:
        assert today(any_house, anna) == []

    def test_a_script_that_was_changed_is_until_the_day_is_over(
        self, any_house: House, said: Knowledge, anna: Agent
    ) -> None:
        later(any_house, hours=1)
        old = said.script(RATE)
        serves(any_house, said, old.copy(update={"version": old.version + 1, "title": "房贷利率（新）"}))
        [one] = today(any_house, anna)
        assert (one["change"], one["kind"], one["id"], one["title"]) == ("changed", "script", RATE, "房贷利率（新）")
        assert one["text"] and "{" not in one["text"]
        later(any_house, hours=11)  # 24:00 in Beijing
        assert today(any_house, anna) == []

    def test_a_script_that_came_is_new_and_what_is_said_no_more_is_not_told(
        self, any_house: House, said: Knowledge, anna: Agent
    ) -> None:
        later(any_house, hours=1)
        mine = said.script(RATE).copy(update={"id": "loan_rate_sheep", "title": "养羊贷", "follow_up": True})
        serves(any_house, said, mine)
        assert named(any_house, anna) == [("new", "loan_rate_sheep")]
        later(any_house, hours=1)
        serves(any_house, said, mine.copy(update={"version": 2, "title": "养羊贷二"}))
        assert [one["title"] for one in today(any_house, anna)] == ["养羊贷二"]

    def test_an_edition_is_on_its_first_day_and_on_its_last(
        self, any_house: House, said: Knowledge, anna: Agent
    ) -> None:
        day = day_of(any_house.clock.now())
        for field, change in (("valid_from", "begins"), ("valid_to", "ends")):
            dated = said.script(RATE).copy(update={field: day})
            scripts = {**said.scripts, RATE: dated}
            any_house.reloads.current.exchange(replace(said, digest=change, scripts=scripts))
            assert named(any_house, anna) == [(change, RATE)]
            any_house.reloads.current.exchange(
                replace(
                    said, digest="tomorrow", scripts={**scripts, RATE: dated.copy(update={field: day + timedelta(1)})}
                )
            )
            assert named(any_house, anna) == []

    def test_what_is_stopped_stands_first_as_long_as_it_is(self, any_house: House, anna: Agent) -> None:
        with any_house.db.transaction() as tx:
            stop = incidents.stop(tx, "topic", "loan", why="利率有误", by="li", at=any_house.clock.now())
        [one] = today(any_house, anna)
        assert (one["change"], one["kind"], one["id"], one["text"]) == ("stopped", "topic", "loan", "利率有误")
        assert "li" not in str(one.values())
        with any_house.db.transaction() as tx:
            incidents.resume(tx, "topic", "loan", by="li", at=any_house.clock.now())
        assert today(any_house, anna) == [] and stop.id


class TestReceipt:
    def test_is_each_ones_own_and_stays(self, any_house: House, anna: Agent) -> None:
        with any_house.db.transaction() as tx:
            incidents.stop(tx, "topic", "loan", why="利率有误", by="li", at=any_house.clock.now())
        bert, paper = agent(any_house, "bert"), Newspaper(any_house.desk)
        [one] = paper.of_today(anna)
        assert one["seen"] is False
        paper.seen(anna, [one["key"], "new:script:nothing:0"])
        paper.seen(anna, [one["key"]])
        assert [found["seen"] for found in paper.of_today(anna)] == [True]
        assert [found["seen"] for found in paper.of_today(bert)] == [False]

    def test_of_one_content_is_none_of_the_next(self, any_house: House, said: Knowledge, anna: Agent) -> None:
        later(any_house, hours=1)
        old, paper = said.script(RATE), Newspaper(any_house.desk)
        serves(any_house, said, old.copy(update={"version": old.version + 1}))
        paper.seen(anna, [one["key"] for one in paper.of_today(anna)])
        serves(any_house, said, old.copy(update={"version": old.version + 2}))
        assert [one["seen"] for one in paper.of_today(anna)] == [False]
