from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from support import SUNDAY_NOON, make_house

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


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(
    request: pytest.FixtureRequest, tmp_path: Path, said: Knowledge, clock: FrozenClock, migrated: Path
) -> Iterator[House]:
    """The same on SQLite and, where QIANTAI_TEST_PG names a server, on PostgreSQL in a schema of its own."""
    if request.param == "sqlite":
        made = make_house(tmp_path, said, clock, migrated=migrated)
        yield made
        made.db.dispose()
        return
    if not PG:
        warnings.warn("QIANTAI_TEST_PG is not set: the store was NOT tested on PostgreSQL", stacklevel=1)
        pytest.skip("QIANTAI_TEST_PG is not set: NOT tested on PostgreSQL")
    schema = f"t_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    admin = sa.create_engine(PG, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE SCHEMA "{schema}"'))
    made = make_house(tmp_path, said, clock, f"{PG}?options=-csearch_path%3D{schema}")
    yield made
    made.db.dispose()
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP SCHEMA "{schema}" CASCADE'))
    admin.dispose()
