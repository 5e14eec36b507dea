"""A store for a test in no time: a schema on PostgreSQL that is migrated once, and emptied for each next test.

Each test finds it under a name of its own: what an earlier test has left running finds nothing under the name it knows.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Database, metadata
from bot.migrate import upgrade

# Tables, indexes and constraints; a test that has changed one of them gets none of the others into trouble.
MADE_OF = """SELECT md5(string_agg(one, ' ' ORDER BY one)) FROM (
    SELECT c.oid || '/' || c.relnatts AS one FROM pg_class c WHERE c.relnamespace = CAST(:schema AS regnamespace)
    UNION ALL SELECT 'c' || c.oid FROM pg_constraint c WHERE c.connamespace = CAST(:schema AS regnamespace)) AS parts"""
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = :name AND pid <> pg_backend_pid()"""
COUNTERS = """SELECT setval(CAST(quote_ident(schemaname) || '.' || quote_ident(sequencename) AS regclass), 1, false)
    FROM pg_sequences WHERE schemaname = :schema AND last_value IS NOT NULL"""


class Prepared:
    """What one process of tests keeps on the server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._kept = f"kept_{os.getpid()}_{secrets.token_hex(4)}"
        self._made_of: str | None = None  # None: there is none to be had

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a migrated, empty store, until it is given back."""
        schema = f"t_{secrets.token_hex(6)}"
        with self._admin.connect() as admin:
            if self._made_of is not None:
                admin.exec_driver_sql(f'ALTER SCHEMA "{self._kept}" RENAME TO "{schema}"')
            else:
                admin.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
                self._migrate(admin, schema)
        try:
            yield self._address(schema)
        finally:
            with self._admin.connect() as admin:
                self._take_back(admin, schema)

    def close(self) -> None:
        with self._admin.connect() as admin:
            admin.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{self._kept}" CASCADE')
        self._admin.dispose()

    def _address(self, schema: str) -> str:
        """Nothing of a test has to outlive the server."""
        options = f"-csearch_path={schema} -capplication_name={schema} -csynchronous_commit=off"
        url = sa.engine.make_url(self.server).update_query_dict({"options": options})
        return url.render_as_string(hide_password=False)

    def _migrate(self, admin: Connection, schema: str) -> None:
        db = Database(self._address(schema))
        upgrade(db)
        db.dispose()
        self._made_of = self._look(admin, schema)

    def _look(self, admin: Connection, schema: str) -> str:
        return str(admin.execute(sa.text(MADE_OF), {"schema": schema}).scalar_one())

    def _take_back(self, admin: Connection, schema: str) -> None:
        admin.exec_driver_sql(f'ALTER SCHEMA "{schema}" RENAME TO "{self._kept}"')
        admin.execute(sa.text(OTHERS), {"name": schema})
        if self._look(admin, self._kept) != self._made_of:
            admin.exec_driver_sql(f'DROP SCHEMA "{self._kept}" CASCADE')
            self._made_of = None
            return
        names = [f'"{self._kept}"."{table.name}"' for table in reversed(metadata.sorted_tables)]
        admin.exec_driver_sql(";".join(f"DELETE FROM {name}" for name in names))
        admin.execute(sa.text(COUNTERS), {"schema": self._kept})
