"""One engine, one transaction helper, for SQLite and PostgreSQL alike.

Synchronous SQLAlchemy, called from threads: faster than the asynchronous drivers here and one code for both databases
(docs/decisions/0003-synchronous-sqlalchemy.md). Parts define their tables on `metadata` in their own `store.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timezone
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.types import TypeDecorator

from bot.errors import StoreUnavailable

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Tx: TypeAlias = Connection


class Moment(TypeDecorator):
    """A timezone-aware moment, stored as naive UTC with microseconds."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moments in the database must be timezone-aware")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=timezone.utc)


class Json(TypeDecorator):
    """A JSON document as text: the same bytes in both databases, so that hashes over it agree."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


def dumps(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, Chinese as itself."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Database:
    """The store's address and its transactions. Creates nothing until first used."""

    def __init__(self, url: str, busy_timeout_s: float = 5.0) -> None:
        self.url = url
        self.engine = _engine(url, busy_timeout_s)
        self.around: Callable[[], AbstractContextManager[object]] = nullcontext  # what else stands still meanwhile

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Everything inside commits together or not at all.

        Raises StoreUnavailable when the database cannot be reached or stays locked.
        """
        try:
            with self.around(), self.engine.begin() as tx:
                yield tx
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
            raise StoreUnavailable() from error

    def dispose(self) -> None:
        self.engine.dispose()


def _engine(url: str, busy_timeout_s: float) -> Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
    engine = sa.create_engine(
        url,
        connect_args={"timeout": busy_timeout_s, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
        pool_size=5,
        max_overflow=15,
        hide_parameters=True,  # what a statement carries is a customer's and belongs in no log line
    )

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={int(busy_timeout_s * 1000)}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # a deferred BEGIN fails under writers

    return engine


def insert_new(tx: Tx, table: sa.Table, **values: Any) -> bool:
    """Insert a row, or leave the one that has its key already. True when it is new; two at once: one of them."""
    insert = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    return bool(tx.execute(insert(table).values(**values).on_conflict_do_nothing()).rowcount == 1)


def locked(tx: Tx, statement: sa.sql.Select) -> sa.sql.Select:
    """The select, locking its rows where the database has row locks (SQLite's BEGIN IMMEDIATE already holds all)."""
    return statement if tx.dialect.name == "sqlite" else statement.with_for_update()
