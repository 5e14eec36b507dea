"""The access token in the database: one for all processes, sealed, and how often it was replaced by force."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock, day_of
from bot.db import Database, Moment, Tx, locked, metadata
from bot.errors import ConfigurationError
from bot.privacy import sealing

log = logging.getLogger(__name__)

RENEW_BEFORE = timedelta(minutes=5)  # then the platform hands out the next one, and both are good
JUST_FETCHED = timedelta(minutes=1)  # asked again so soon, the platform hands out the same one
FORCE_APART = timedelta(seconds=30)  # the platform's own limits: sooner or oftener does nothing
FORCE_A_DAY = 20

wechat_tokens = sa.Table(
    "wechat_tokens",
    metadata,
    sa.Column("appid", sa.String(64), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("forced_at", Moment),
    sa.Column("forced_count", sa.Integer, nullable=False, default=0),  # on forced_day
    sa.Column("forced_day", sa.String(10), nullable=False, default=""),  # the date in Beijing
)
_T = wechat_tokens.c


@dataclass(frozen=True)
class Token:
    """`fetched_at` is when it was asked for, so `expires_at` is never later than the platform's own end."""

    value: str = field(repr=False)
    expires_at: datetime
    fetched_at: datetime

    @property
    def renew_at(self) -> datetime:
        """Five minutes before the end; for one that lasts no longer than that, not at once again."""
        return max(self.expires_at - RENEW_BEFORE, min(self.fetched_at + JUST_FETCHED, self.expires_at))


class Tokens:
    """Every function is a transaction of its own and raises StoreUnavailable."""

    def __init__(self, db: Database, data_key: bytes, appid: str, clock: Clock) -> None:
        self._db = db
        self._key = sealing.derive(data_key, "wechat")
        self._appid = appid
        self._clock = clock

    def load(self) -> Token | None:
        """What the store holds, expired or not. None too where it does not open: a token is cheap to fetch anew."""
        with self._db.transaction() as tx:
            row = tx.execute(self._mine()).first()
        return None if row is None else self._opened(row)

    def save(self, token: Token) -> Token:
        """The newest wins: returns it, or the one that another process has fetched since."""
        with self._db.transaction() as tx:
            row = tx.execute(locked(tx, self._mine())).first()
            stored = None if row is None else self._opened(row)
            if stored is not None and stored.fetched_at > token.fetched_at:
                return stored
            self._put(tx, token)
            return token

    def may_force(self) -> bool:
        """True takes one of the day's forced refreshes: whoever gets it must make it. False without any token yet."""
        now = self._clock.now()
        today = day_of(now).isoformat()
        with self._db.transaction() as tx:
            row = tx.execute(locked(tx, self._mine())).first()
            if row is None:
                return False
            count = row.forced_count if row.forced_day == today else 0
            if count >= FORCE_A_DAY or (row.forced_at is not None and now - row.forced_at < FORCE_APART):
                return False
            taken = {"forced_at": now, "forced_count": count + 1, "forced_day": today}
            tx.execute(sa.update(wechat_tokens).where(_T.appid == self._appid).values(taken))
            return True

    def _mine(self) -> sa.sql.Select:
        return sa.select(wechat_tokens).where(_T.appid == self._appid)

    def _put(self, tx: Tx, token: Token) -> None:
        insert = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
        values = {
            "sealed": sealing.seal(self._key, token.value.encode(), self._about()),
            "expires_at": token.expires_at,
            "fetched_at": token.fetched_at,
        }
        statement = insert(wechat_tokens).values(appid=self._appid, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=[_T.appid], set_=values))

    def _opened(self, row: Any) -> Token | None:
        try:
            value = sealing.unseal(self._key, row.sealed, self._about()).decode()
        except (ConfigurationError, ValueError):
            log.warning("the stored WeChat access token does not open (another master key?): a new one is fetched")
            return None
        return Token(value, row.expires_at, row.fetched_at)

    def _about(self) -> str:
        return f"wechat-token/{self._appid}"
