from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from prepared import Prepared
from support import SUNDAY_NOON, make_house, quick_passwords

from bot import knowledge
from bot.clock import FrozenClock
from bot.knowledge import Knowledge
from bot.wiring import House

ROOT = Path(__file__).resolve().parent.parent
PG = os.environ.get("QIANTAI_TEST_PG")

# `make test` tries the same examples every time, so that it fails for a change and not for a throw of dice;
# `make test-full` throws them, and many more.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("more", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("QIANTAI_TEST_EXAMPLES", "same"))

# What most of a folder's tests start, from the most costly. `make test` hands the files out in this order: the short
# ones come last, and no worker is left alone with a long one.
COSTLY = ("web", "film", "complaint", "nlu", "dialogue", "integration", "wechat")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {ROOT / "tests" / name: place for place, name in enumerate(COSTLY)}
    items.sort(key=lambda item: places.get(item.path.parent, len(COSTLY)))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Thousands of accounts are made here; what a password costs in the bank, `test_passwords.py` holds."""
    quick_passwords()


@pytest.fixture(scope="session")
def said() -> Knowledge:
    """What the demonstration bank says."""
    return knowledge.load(ROOT / "knowledge")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(SUNDAY_NOON)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, said: Knowledge) -> Path:
    """A migrated, empty SQLite file."""
    home = tmp_path_factory.mktemp("migrated")
    house = make_house(home, said, FrozenClock(SUNDAY_NOON))
    with house.db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    house.db.dispose()
    return home / "qiantai.db"


@pytest.fixture
def house(tmp_path: Path, said: Knowledge, clock: FrozenClock, migrated: Path) -> Iterator[House]:
    """Everything wired, on SQLite."""
    made = make_house(tmp_path, said, clock, migrated=migrated)
    yield made
    made.db.dispose()


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared | None]:
    """Stores on the PostgreSQL server that QIANTAI_TEST_PG names; None where it names none."""
    made = Prepared(PG) if PG else None
    yield made
    if made is not None:
        made.close()


@pytest.fixture
def on_postgresql(prepared: Prepared | None) -> Iterator[str]:
    """The address of a migrated, empty store of this test's own."""
    if prepared is None:
        warnings.warn("QIANTAI_TEST_PG is not set: the store was NOT tested on PostgreSQL", stacklevel=1)
        pytest.skip("QIANTAI_TEST_PG is not set: NOT tested on PostgreSQL")
    with prepared.lent() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(
    request: pytest.FixtureRequest, tmp_path: Path, said: Knowledge, clock: FrozenClock, migrated: Path
) -> Iterator[House]:
    """The same on SQLite and, where QIANTAI_TEST_PG names a server, on PostgreSQL in a schema of its own."""
    if request.param == "sqlite":
        made = make_house(tmp_path, said, clock, migrated=migrated)
    else:
        made = make_house(tmp_path, said, clock, request.getfixturevalue("on_postgresql"), migrated=migrated)
    yield made
    made.db.dispose()
