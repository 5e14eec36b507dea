from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from tickets_support import MONDAY, Desk

from bot.calendar import WorkCalendar
from bot.clock import FrozenClock
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints, SeverityRule, Sla, Span


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """Desk 08:00 to 22:00 every day, office 09:00 to 17:30; published holidays, no overrides."""
    return WorkCalendar([Span(start="08:00", end="22:00")], [Span(start="09:00", end="17:30")], True)


@pytest.fixture(scope="session")
def rules(said: Knowledge) -> Complaints:
    """Profile `standard` (requirements 1B), written down here so that a bank's own figures do not move the tests."""
    return said.complaints.copy(
        update=dict(
            profile="standard",
            severities=(
                SeverityRule(severity="紧急", words=("自杀", "被骗", "盗刷"), amount_from=500000),
                SeverityRule(severity="重大", words=("媒体", "泄露"), amount_from=50000),
                SeverityRule(severity="重要", words=("乱收费",), amount_from=5000),
            ),
            slas=(
                Sla(severity="一般", first_response_wd=2, first_response_h=48, resolution_wd=7, owner_queue="组员"),
                Sla(severity="重要", first_response_wd=1, resolution_wd=5, owner_queue="组长"),
                Sla(severity="重大", first_response_wd=1, resolution_wd=15, owner_queue="负责人"),
                Sla(severity="紧急", first_response_h=1, resolution_h=24, owner_queue="值班组"),
            ),
            repeat_within_days=180,
            category_limits=(),
        )
    )


@pytest.fixture(scope="session")
def knowledge(said: Knowledge, rules: Complaints) -> Knowledge:
    """The demonstration bank's words, with the rules above."""
    return replace(said, complaints=rules)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> str:
    """An empty store: a file, and a schema of its own on the server that QIANTAI_TEST_PG names."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("on_postgresql"))
    copyfile(migrated, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MONDAY)


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, knowledge: Knowledge, clock: FrozenClock
) -> Iterator[Desk]:
    """A module's `SETTINGS`, where it has any, are the bank's."""
    desk = Desk(tmp_path, database_url, knowledge, clock, **getattr(request.module, "SETTINGS", {}))
    yield desk
    desk.db.dispose()


@pytest.fixture
def conversation(desk: Desk) -> str:
    return desk.conversation()
