"""Starting: what is refused, what is printed, and that demonstration sign-ins are development's alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, Unauthorized
from bot.serve import DEMO_AGENTS, demo_agents, serve
from bot.settings import Settings
from bot.wiring import House

NAMES = [username for username, *_ in DEMO_AGENTS]


def changed(house: House, **values: object) -> House:
    return replace(house, settings=replace(house.settings, **values))


class TestDemonstrationSignIns:
    def test_are_made_in_development_with_the_given_password(self, house: House) -> None:
        assert demo_agents(changed(house, demo_password="a given password")) == "a given password"
        signed = {name: house.staff.sign_in(name, "a given password").agent for name in NAMES}
        assert [name for name, agent in signed.items() if agent.supervisor] == ["super1"]
        assert all(agent.name for agent in signed.values())

    def test_have_a_password_made_at_random_where_none_is_given(self, house: House) -> None:
        first, second = demo_agents(house), demo_agents(house)
        assert first != second and first is not None and len(first) >= 10
        with pytest.raises(Unauthorized):
            house.staff.sign_in("agent1", first)

    def test_are_not_made_in_production_whatever_is_set(self, house: House) -> None:
        assert demo_agents(changed(house, mode="production", demo_password="a given password")) is None
        assert house.staff.names() == []

    def test_a_restart_with_the_same_password_signs_nobody_out(self, house: House) -> None:
        given = changed(house, demo_password="a given password")
        demo_agents(given)
        session = house.staff.sign_in("agent1", "a given password")
        demo_agents(given)
        assert house.staff.session(session.token).agent.username == "agent1"


def test_production_does_not_start_on_a_database_with_demonstration_sign_ins(house: House) -> None:
    demo_agents(house)
    with pytest.raises(ConfigurationError, match=r"admin1, agent1, agent2, senior1, super1"):
        serve(replace(house.settings, mode="production"))


def test_nobody_starts_whose_links_the_guard_would_refuse(house: House) -> None:
    with pytest.raises(ConfigurationError, match=r"QIANTAI_PUBLIC_URL: 'chat\.evil\.test' is none of .*bank\.example"):
        serve(replace(house.settings, public_url="https://chat.evil.test"))


def test_production_does_not_start_on_a_database_that_is_not_migrated(tmp_path: Path, house: House) -> None:
    settings: Settings = replace(
        house.settings, mode="production", home=tmp_path, database_url=f"sqlite:///{tmp_path / 'new.db'}"
    )
    with pytest.raises(ConfigurationError, match="qiantai migrate"):
        serve(settings)
