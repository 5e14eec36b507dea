"""The access token in the store: one for all processes, sealed, the newest wins, force within the platform's limits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.channels.wechat.tokens import FORCE_A_DAY, RENEW_BEFORE, Token, Tokens, wechat_tokens
from bot.clock import BEIJING, FrozenClock
from bot.db import Database
from bot.errors import StoreUnavailable

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
APPID = "wx0123456789abcdef"


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """SQLite, and PostgreSQL where QIANTAI_TEST_PG names a server."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'tokens.db'}", busy_timeout_s=0.05)
        wechat_tokens.create(made.engine)
    else:
        made = Database(request.getfixturevalue("on_postgresql"))
    yield made
    made.dispose()


@pytest.fixture
def tokens(db: Database, clock: FrozenClock) -> Tokens:
    return Tokens(db, KEY, APPID, clock)


def token(clock: FrozenClock, value: str = "the-access-token", lasts_s: int = 7200) -> Token:
    return Token(value, clock.now() + timedelta(seconds=lasts_s), clock.now())


class TestTheStoredToken:
    def test_an_empty_store_has_none(self, tokens: Tokens) -> None:
        assert tokens.load() is None

    def test_it_comes_back_as_it_was_saved(self, tokens: Tokens, clock: FrozenClock) -> None:
        saved = tokens.save(token(clock))
        assert saved == tokens.load() == token(clock)

    def test_another_process_and_a_later_one_find_it(self, db: Database, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock))
        assert Tokens(db, KEY, APPID, clock).load() == token(clock)

    @pytest.mark.parametrize("length", [1, 512, 1000])
    def test_it_may_be_long(self, tokens: Tokens, clock: FrozenClock, length: int) -> None:
        tokens.save(token(clock, "x" * length))
        assert tokens.load() == token(clock, "x" * length)

    def test_two_accounts_do_not_share_it(self, db: Database, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock))
        assert Tokens(db, KEY, "wx-another-account", clock).load() is None

    def test_an_expired_one_is_still_told_with_its_end(self, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock))
        clock.advance(days=1)
        stored = tokens.load()
        assert stored is not None
        assert stored.expires_at < clock.now()

    def test_an_unreachable_store_says_so(self, tmp_path: Path, clock: FrozenClock) -> None:
        nowhere = Database(f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
        with pytest.raises(StoreUnavailable):
            Tokens(nowhere, KEY, APPID, clock).load()


class TestTheNewestWins:
    def test_a_later_one_replaces_the_former(self, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock, "first"))
        clock.advance(1)
        assert tokens.save(token(clock, "second")).value == "second"
        assert tokens.load() == token(clock, "second")

    def test_an_answer_that_came_late_does_not_replace_a_newer_one(
        self, db: Database, tokens: Tokens, clock: FrozenClock
    ) -> None:
        slow = token(clock, "asked first")
        clock.advance(3)
        newer = Tokens(db, KEY, APPID, clock).save(token(clock, "asked later"))
        assert tokens.save(slow) == newer
        assert tokens.load() == newer


class TestItIsSealed:
    def test_the_plain_token_stands_nowhere_in_the_database(self, tmp_path: Path, clock: FrozenClock) -> None:
        db = Database(f"sqlite:///{tmp_path / 'sealed.db'}")
        wechat_tokens.create(db.engine)
        Tokens(db, KEY, APPID, clock).save(token(clock, "plain-access-token"))
        files = [file.read_bytes() for file in tmp_path.iterdir()]
        db.dispose()
        files += [file.read_bytes() for file in tmp_path.iterdir()]
        assert any(APPID.encode() in content for content in files), "the row is in what was looked through"
        assert not any(b"plain-access-token" in content for content in files)

    def test_nor_in_what_python_prints(self, clock: FrozenClock) -> None:
        assert "plain-access-token" not in repr(token(clock, "plain-access-token"))

    def test_under_another_master_key_there_is_none_and_a_new_one_is_kept(
        self, db: Database, tokens: Tokens, clock: FrozenClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        tokens.save(token(clock))
        clock.advance(-1)  # even one that was asked for earlier replaces what does not open
        other = Tokens(db, OTHER_KEY, APPID, clock)
        assert other.load() is None
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        other.save(token(clock, "fetched anew"))
        assert other.load() == token(clock, "fetched anew")

    @pytest.mark.parametrize("damaged", [b"", b"short", bytes(60)])
    def test_a_damaged_row_is_as_good_as_none(
        self, db: Database, tokens: Tokens, clock: FrozenClock, damaged: bytes
    ) -> None:
        tokens.save(token(clock))
        with db.transaction() as tx:
            tx.execute(sa.update(wechat_tokens).values(sealed=damaged))
        assert tokens.load() is None

    def test_it_does_not_open_in_another_accounts_row(self, db: Database, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock))
        with db.transaction() as tx:
            tx.execute(sa.update(wechat_tokens).values(appid="wx-another-account"))
        assert Tokens(db, KEY, "wx-another-account", clock).load() is None


class TestWhenItIsRenewed:
    def test_five_minutes_before_its_end(self, clock: FrozenClock) -> None:
        assert token(clock).renew_at == clock.now() + timedelta(seconds=7200) - RENEW_BEFORE

    def test_one_that_lasts_no_longer_is_used_for_a_minute(self, clock: FrozenClock) -> None:
        assert token(clock, lasts_s=300).renew_at == clock.now() + timedelta(seconds=60)

    def test_but_never_beyond_its_end(self, clock: FrozenClock) -> None:
        assert token(clock, lasts_s=20).renew_at == clock.now() + timedelta(seconds=20)


class TestForce:
    @pytest.fixture(autouse=True)
    def stored(self, tokens: Tokens, clock: FrozenClock) -> None:
        tokens.save(token(clock))

    def test_without_a_token_there_is_nothing_to_force(self, db: Database, clock: FrozenClock) -> None:
        assert not Tokens(db, KEY, "wx-another-account", clock).may_force()

    def test_is_allowed_every_thirty_seconds(self, tokens: Tokens, clock: FrozenClock) -> None:
        assert tokens.may_force()
        clock.advance(29.999)
        assert not tokens.may_force()
        clock.advance(0.001)
        assert tokens.may_force()

    def test_a_refused_wish_does_not_put_off_the_next(self, tokens: Tokens, clock: FrozenClock) -> None:
        assert tokens.may_force()
        for _ in range(3):
            clock.advance(9)
            assert not tokens.may_force()
        clock.advance(3)
        assert tokens.may_force()

    def test_is_allowed_twenty_times_a_day(self, tokens: Tokens, clock: FrozenClock) -> None:
        def tries(count: int) -> int:
            return sum(tokens.may_force() for _ in range(count) if clock.advance(60))

        assert tries(FORCE_A_DAY + 5) == 20

    def test_the_day_is_the_one_in_beijing(self, tokens: Tokens, clock: FrozenClock) -> None:
        clock.set(datetime(2026, 11, 22, 23, 40, tzinfo=BEIJING))
        for _ in range(20):
            clock.advance(30)
            assert tokens.may_force()
        clock.set(datetime(2026, 11, 22, 23, 59, 59, tzinfo=BEIJING))
        assert not tokens.may_force()
        clock.set(datetime(2026, 11, 23, 0, 0, tzinfo=BEIJING))  # four in the afternoon in London
        assert tokens.may_force()

    def test_the_count_outlives_a_restart_and_holds_for_every_process(
        self, db: Database, tokens: Tokens, clock: FrozenClock
    ) -> None:
        assert tokens.may_force()
        assert not Tokens(db, KEY, APPID, clock).may_force()
        for _ in range(19):
            clock.advance(30)
            assert Tokens(db, KEY, APPID, clock).may_force()
        clock.advance(30)
        assert not Tokens(db, KEY, APPID, clock).may_force()

    def test_a_saved_token_does_not_reset_it(self, tokens: Tokens, clock: FrozenClock) -> None:
        assert tokens.may_force()
        tokens.save(token(clock, "forced"))
        assert not tokens.may_force()
