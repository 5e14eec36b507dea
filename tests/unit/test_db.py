"""The store: all or nothing, moments and documents as they went in, and a plain failure when it cannot be reached."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from support import SUNDAY_NOON

from bot.clock import BEIJING
from bot.db import Database, Json, Moment, dumps, insert_new
from bot.errors import StoreUnavailable

things = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment),
    sa.Column("doc", Json),
)
names = sa.Table(
    "names",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), unique=True, nullable=False),
    sa.Column("doc", Json),
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(blacklist_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'things.db'}", busy_timeout_s=0.05)
    things.create(made.engine)
    yield made
    made.dispose()


@pytest.fixture
def intruder(tmp_path: Path, db: Database) -> Iterator[sqlite3.Connection]:
    """Another process that holds the database."""
    connection = sqlite3.connect(tmp_path / "things.db", isolation_level=None)
    yield connection
    connection.close()


def ids(db: Database) -> list[int]:
    with db.transaction() as tx:
        return [row.id for row in tx.execute(sa.select(things.c.id))]


class TestATransaction:
    def test_commits_as_a_whole(self, db: Database) -> None:
        with db.transaction() as tx:
            tx.execute(things.insert().values(id=1))
            tx.execute(things.insert().values(id=2))
        assert ids(db) == [1, 2]

    def test_leaves_nothing_behind_when_it_fails(self, db: Database) -> None:
        with pytest.raises(ZeroDivisionError), db.transaction() as tx:
            tx.execute(things.insert().values(id=1))
            1 / 0  # noqa: B018
        assert ids(db) == []

    def test_a_fault_of_ours_is_not_mistaken_for_a_fault_of_the_store(self, db: Database) -> None:
        with pytest.raises(sa.exc.IntegrityError), db.transaction() as tx:
            tx.execute(things.insert().values(id=1))
            tx.execute(things.insert().values(id=1))

    def test_a_fault_says_nothing_of_what_was_to_be_stored(self, db: Database) -> None:
        """It may end in a log line."""
        with pytest.raises(sa.exc.IntegrityError) as fault, db.transaction() as tx:
            for _ in range(2):
                tx.execute(things.insert().values(id=1, doc={"text": "客户说的话"}))
        assert "客户说的话" not in str(fault.value)

    def test_foreign_keys_hold_and_readers_do_not_wait(self, db: Database) -> None:
        with db.engine.connect() as connection:
            pragma = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "journal_mode")
            }
        assert pragma == {"foreign_keys": 1, "journal_mode": "wal"}


class TestAStoreThatCannotBeReached:
    def test_that_stays_locked_says_so_and_works_again_afterwards(
        self, db: Database, intruder: sqlite3.Connection
    ) -> None:
        intruder.execute("BEGIN IMMEDIATE")
        for _ in range(25):  # more than there are connections: none may be lost on the way
            with pytest.raises(StoreUnavailable):
                ids(db)
        intruder.execute("ROLLBACK")
        assert ids(db) == []

    @pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "postgresql+psycopg2://nobody@127.0.0.1:1/none"])
    def test_that_is_not_there(self, url: str) -> None:
        with pytest.raises(StoreUnavailable), Database(url).transaction():
            pass

    def test_that_has_no_connection_left(self, tmp_path: Path) -> None:
        db = Database(f"sqlite:///{tmp_path / 'things.db'}")
        db.engine.pool._timeout = 0.05
        held = [db.engine.connect() for _ in range(20)]
        with pytest.raises(StoreUnavailable), db.transaction():
            pass
        for connection in held:
            connection.close()
        with db.transaction():
            pass
        db.dispose()

    def test_a_database_that_was_never_used_leaves_no_file(self, tmp_path: Path) -> None:
        Database(f"sqlite:///{tmp_path / 'new.db'}").dispose()
        assert list(tmp_path.iterdir()) == []


class TestMoments:
    @given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)), st.integers(-720, 720))
    def test_come_back_as_the_same_moment_in_utc(self, naive: datetime, offset: int) -> None:
        moment = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
        stored = Moment().process_bind_param(moment, None)
        back = Moment().process_result_value(stored, None)
        assert back == moment
        assert back.utcoffset() == timedelta(0)

    def test_are_ordered_by_the_database_whatever_their_timezone(self, db: Database) -> None:
        beijing, utc = SUNDAY_NOON, (SUNDAY_NOON + timedelta(seconds=1)).astimezone(timezone.utc)
        with db.transaction() as tx:
            tx.execute(things.insert(), [{"id": 1, "at": utc}, {"id": 2, "at": beijing}])
            rows = tx.execute(sa.select(things).order_by(things.c.at)).all()
        assert [(row.id, row.at.astimezone(BEIJING)) for row in rows] == [(2, beijing), (1, utc.astimezone(BEIJING))]

    def test_without_timezone_are_refused(self, db: Database) -> None:
        with pytest.raises(sa.exc.StatementError, match="timezone-aware"), db.transaction() as tx:
            tx.execute(things.insert().values(id=1, at=datetime(2026, 11, 22)))


class TestDocuments:
    @given(DOCUMENTS)
    def test_come_back_as_they_were(self, document: object) -> None:
        stored = Json().process_bind_param(document, None)
        assert Json().process_result_value(stored, None) == document

    @given(st.dictionaries(st.text(max_size=3), DOCUMENTS, max_size=5))
    def test_have_one_form_whatever_the_order_of_their_keys(self, document: dict) -> None:
        assert dumps(document) == dumps(dict(reversed(document.items())))

    def test_are_stored_in_readable_chinese(self) -> None:
        assert dumps({"b": "您好", "a": 1}) == '{"a":1,"b":"您好"}'


class TestInsertingWhatMayBeThere:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def either(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
        """An empty table of names on each of the two databases."""
        on_sqlite = request.param == "sqlite"
        made = Database(f"sqlite:///{tmp_path / 'names.db'}" if on_sqlite else request.getfixturevalue("on_postgresql"))
        names.create(made.engine)
        yield made
        names.drop(made.engine)
        made.dispose()

    def rows(self, db: Database) -> list[tuple]:
        with db.transaction() as tx:
            return [tuple(row) for row in tx.execute(sa.select(names).order_by(names.c.id))]

    def test_a_new_one_is_put_and_said_to_be_new(self, either: Database) -> None:
        with either.transaction() as tx:
            assert insert_new(tx, names, id=1, name="lin", doc={"a": "您好"}) is True
        assert self.rows(either) == [(1, "lin", {"a": "您好"})]

    @pytest.mark.parametrize("again", [{"id": 1, "name": "mei"}, {"id": 2, "name": "lin"}, {"id": 1, "name": "lin"}])
    def test_one_that_is_there_stays_as_it_is(self, either: Database, again: dict) -> None:
        """By its key, or by anything else that there is only one of; and the transaction goes on."""
        with either.transaction() as tx:
            insert_new(tx, names, id=1, name="lin", doc="first")
            assert insert_new(tx, names, doc="second", **again) is False
            assert insert_new(tx, names, id=3, name="wang") is True
        assert self.rows(either) == [(1, "lin", "first"), (3, "wang", None)]

    def test_one_that_was_taken_back_is_new_again(self, either: Database) -> None:
        with pytest.raises(ZeroDivisionError), either.transaction() as tx:
            assert insert_new(tx, names, id=1, name="lin")
            1 / 0  # noqa: B018
        with either.transaction() as tx:
            assert insert_new(tx, names, id=1, name="lin")

    def test_of_many_at_once_one_is_new(self, either: Database) -> None:
        at_once = Barrier(8)

        def put(number: int) -> bool:
            at_once.wait(10)
            with either.transaction() as tx:
                return insert_new(tx, names, id=1, name="lin", doc=number)

        with ThreadPoolExecutor(8) as threads:
            new = list(threads.map(put, range(8)))
        assert new.count(True) == 1
        assert self.rows(either) == [(1, "lin", new.index(True))]

    def test_a_row_that_is_no_row_is_a_fault_and_not_an_old_one(self, either: Database) -> None:
        with pytest.raises(sa.exc.IntegrityError), either.transaction() as tx:
            insert_new(tx, names, id=1, name=None)
