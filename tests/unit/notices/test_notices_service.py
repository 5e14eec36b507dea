"""A notice is put with what it tells of, leaves once, is tried five times, and leaves no address behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support import SUNDAY_NOON, settings

from bot.clock import FrozenClock
from bot.db import Database, Tx
from bot.errors import InvalidInput
from bot.notices import Notice, Notices, NoticesOff, Recipient, of
from bot.notices.model import Delivery, Fate, Outgoing, State
from bot.notices.service import LEASE_S, LONGEST_WAIT_S, PER_TICK, TRIES, WAITS_S
from bot.notices.store import notices as table

KEY = bytes(range(32))
PHONE = "13800138000"
TEXT = "您的投诉已受理\n编号 C-1 🙂"
TAKEN = Delivery(Fate.DELIVERED, "HTTP 200")
BUSY = Delivery(Fate.LATER, "HTTP 503")
NEVER = Delivery(Fate.REFUSED, "HTTP 400")


class Killed(BaseException):
    """The process ends here: nothing after it is run, no error is handled."""


class Counter:
    """A port that answers what it was given, the last answer ever after, and keeps what it was handed."""

    def __init__(self, *answers: Delivery | BaseException) -> None:
        self.answers = list(answers) or [TAKEN]
        self.handed: list[Outgoing] = []

    def deliver(self, notice: Outgoing) -> Delivery:
        self.handed.append(notice)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(SUNDAY_NOON)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'notices.db'}")
    table.create(made.engine)
    yield made
    made.dispose()


class Office:
    """Notices with a port of one's choice, and what stands in the table."""

    def __init__(self, db: Database, clock: FrozenClock, port: Counter) -> None:
        self.db, self.clock, self.port = db, clock, port
        self.notices = Notices(db, clock, KEY, port)
        self.given_up: list[Notice] = []
        self.notices.on_failed.append(lambda tx, notice: self.given_up.append(notice))

    def put(self, key: str = "case C-1 accepted", phone: str = PHONE, text: str = TEXT, **about: str) -> bool:
        """A second after whatever was before."""
        self.clock.advance(1)
        with self.db.transaction() as tx:
            return self.notices.put(tx, key, Recipient("sms", phone), "accepted", text, about)

    def rows(self) -> list[Any]:
        with self.db.transaction() as tx:
            return tx.execute(sa.select(table).order_by(table.c.key)).all()

    @property
    def row(self) -> Any:
        (row,) = self.rows()
        return row

    def ticks_after(self, seconds: float) -> int:
        self.clock.advance(seconds)
        return self.notices.tick()


@pytest.fixture
def office(db: Database, clock: FrozenClock) -> Office:
    return Office(db, clock, Counter())


def office_with(db: Database, clock: FrozenClock, *answers: Delivery | BaseException) -> Office:
    return Office(db, clock, Counter(*answers))


class TestPutting:
    def test_what_was_put_reaches_the_port_once_with_its_address_and_text(self, office: Office) -> None:
        assert office.put()
        assert office.notices.tick() == 1
        assert office.notices.tick() == 0
        (handed,) = office.port.handed
        assert (handed.kind, handed.to, handed.template, handed.text) == ("sms", PHONE, "accepted", TEXT)
        assert handed.id == office.row.id

    def test_a_key_used_twice_gives_one_notice(self, office: Office) -> None:
        assert office.put() is True
        assert office.put(text="另一段话") is False
        assert office.notices.tick() == 1
        assert office.put() is False
        assert office.notices.tick() == 0
        assert office.row.text == TEXT

    def test_what_is_rolled_back_is_never_sent(self, office: Office) -> None:
        with pytest.raises(RuntimeError), office.db.transaction() as tx:
            office.notices.put(tx, "k", Recipient("sms", PHONE), "accepted", TEXT, {})
            raise RuntimeError
        assert office.notices.tick() == 0
        assert office.rows() == []

    @pytest.mark.parametrize("address", ["", "  ", "\n", "13800138000\n", "a\x00b", "\ud800", "1" * 321])
    def test_without_a_usable_address_is_refused(self, address: str) -> None:
        with pytest.raises(InvalidInput):
            Recipient("sms", address)

    def test_by_an_unknown_way_is_refused(self) -> None:
        with pytest.raises(InvalidInput):
            Recipient("pigeon", PHONE)

    @pytest.mark.parametrize(
        ("key", "template", "text"),
        [("", "t", "x"), ("k" * 129, "t", "x"), ("k", "", "x"), ("k", "t" * 41, "x"), ("k", "t", " \n\u200b")],
    )
    def test_what_the_table_cannot_hold_is_refused(self, office: Office, key: str, template: str, text: str) -> None:
        with pytest.raises(InvalidInput), office.db.transaction() as tx:
            office.notices.put(tx, key, Recipient("sms", PHONE), template, text, {})

    def test_no_text_can_break_the_table_or_the_wire(self, office: Office) -> None:
        assert office.put(text="一\x00二\ud800三")
        assert office.notices.tick() == 1
        assert office.port.handed[0].text == "一二三"

    def test_without_a_port_is_refused_and_said_beforehand(self, db: Database, clock: FrozenClock) -> None:
        off = Notices(db, clock, KEY, None)
        assert not off.available
        with pytest.raises(NoticesOff), db.transaction() as tx:
            off.put(tx, "k", Recipient("sms", PHONE), "accepted", TEXT, {})
        assert off.tick() == 0


class TestTrying:
    def test_five_times_with_growing_waits_under_one_id_and_then_gives_up(
        self, db: Database, clock: FrozenClock
    ) -> None:
        office = office_with(db, clock, BUSY)
        office.put(case="C-1")
        assert office.notices.tick() == 0
        for tried, wait in enumerate(WAITS_S, start=1):
            assert (office.row.state, office.row.attempts) == ("pending", tried)
            assert office.row.next_at == clock.now() + timedelta(seconds=wait)
            office.ticks_after(wait - 1)
            assert len(office.port.handed) == tried, "too early"
            office.ticks_after(1)
            assert len(office.port.handed) == tried + 1
        assert (office.row.state, office.row.attempts, office.row.detail) == ("failed", TRIES, "HTTP 503")
        assert WAITS_S == (30, 120, 600, 3600)
        assert len({notice.id for notice in office.port.handed}) == 1
        office.ticks_after(10 * LONGEST_WAIT_S)
        assert len(office.port.handed) == TRIES
        (notice,) = office.given_up
        assert (notice.state, notice.detail, dict(notice.about)) == (State.FAILED, "HTTP 503", {"case": "C-1"})
        assert notice.done_at == office.row.done_at

    def test_ends_with_the_first_try_that_succeeds(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, BUSY, TAKEN)
        office.put()
        office.notices.tick()
        assert office.ticks_after(WAITS_S[0]) == 1
        assert (office.row.state, office.row.attempts, office.row.done_at) == ("sent", 2, clock.now())
        assert office.given_up == []

    def test_is_over_at_once_where_the_gateway_refuses(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, NEVER)
        office.put()
        office.notices.tick()
        assert (office.row.state, office.row.attempts, len(office.given_up)) == ("failed", 1, 1)

    @pytest.mark.parametrize(
        ("asked", "waits"), [(5.0, WAITS_S[0]), (90.0, 90.0), (86400.0, LONGEST_WAIT_S)], ids=["less", "more", "a day"]
    )
    def test_waits_as_long_as_the_gateway_asks_but_never_over_an_hour(
        self, db: Database, clock: FrozenClock, asked: float, waits: float
    ) -> None:
        office = office_with(db, clock, replace(BUSY, retry_after_s=asked), TAKEN)
        office.put()
        office.notices.tick()
        assert office.ticks_after(waits - 1) == 0
        assert office.ticks_after(1) == 1

    def test_a_gateway_that_asks_for_rest_is_left_alone_with_every_notice(
        self, db: Database, clock: FrozenClock
    ) -> None:
        office = office_with(db, clock, replace(BUSY, retry_after_s=90.0), TAKEN)
        office.put("first")
        office.put("second")
        office.notices.tick()
        assert office.ticks_after(89) == 0
        assert [row.attempts for row in office.rows()] == [1, 0], "no try is spent on a gateway that we know is busy"
        assert office.ticks_after(1) == 2

    def test_one_that_cannot_be_sent_does_not_hold_up_the_next(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, BUSY, TAKEN)
        office.put("first")
        office.put("second")
        assert office.notices.tick() == 0
        assert office.notices.tick() == 1
        assert [row.state for row in office.rows()] == ["pending", "sent"]

    def test_a_tick_has_an_end_and_takes_the_oldest_first(self, office: Office) -> None:
        for number in range(PER_TICK + 2):
            office.put(f"{number:03}")
        assert (office.notices.tick(), office.notices.tick()) == (PER_TICK, 2)
        assert [notice.id for notice in office.port.handed] == [row.id for row in office.rows()]


class TestAfterAnEndInTheMiddle:
    def test_a_claim_whose_process_died_is_sent_again_under_the_same_id(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, Killed(), TAKEN)
        office.put()
        with pytest.raises(Killed):
            office.notices.tick()
        assert office.row.state == "sending"
        assert office.ticks_after(LEASE_S - 1) == 0
        assert office.ticks_after(1) == 1
        first, second = office.port.handed
        assert first.id == second.id

    def test_one_that_kills_the_process_every_time_is_given_up(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, Killed())
        office.put()
        for _ in range(TRIES):
            with pytest.raises(Killed):
                office.ticks_after(LEASE_S)
        office.ticks_after(LEASE_S)
        assert len(office.port.handed) == TRIES
        assert (office.row.state, len(office.given_up)) == ("failed", 1)

    def test_what_is_delivered_after_the_lease_is_not_sent_once_more(self, db: Database, clock: FrozenClock) -> None:
        """The slow one comes back when a second one has tried and failed: the truth is that it has arrived."""

        class Slow(Counter):
            def deliver(self, notice: Outgoing) -> Delivery:
                clock.advance(LEASE_S)
                second.notices.tick()
                return super().deliver(notice)

        second = office_with(db, clock, BUSY)
        first = Office(db, clock, Slow(TAKEN))
        first.put()
        assert first.notices.tick() == 1
        assert (first.row.state, first.row.attempts) == ("sent", 2)
        assert second.ticks_after(LONGEST_WAIT_S) == 0
        assert len(second.port.handed) == 1

    @pytest.mark.parametrize("late", [BUSY, NEVER], ids=["later", "refused"])
    def test_a_late_failure_does_not_undo_the_others_success(
        self, db: Database, clock: FrozenClock, late: Delivery
    ) -> None:
        class Slow(Counter):
            def deliver(self, notice: Outgoing) -> Delivery:
                clock.advance(LEASE_S)
                assert second.notices.tick() == 1
                return super().deliver(notice)

        second = office_with(db, clock, TAKEN)
        first = Office(db, clock, Slow(late))
        first.put()
        first.notices.tick()
        assert (first.row.state, first.given_up) == ("sent", [])

    def test_a_late_failure_does_not_end_what_another_is_at(self, db: Database, clock: FrozenClock) -> None:
        class Slow(Counter):
            def deliver(self, notice: Outgoing) -> Delivery:
                clock.advance(LEASE_S)
                with pytest.raises(Killed):
                    second.notices.tick()  # it has claimed, and is not heard of until its lease runs out
                return super().deliver(notice)

        second = office_with(db, clock, Killed(), TAKEN)
        first = Office(db, clock, Slow(NEVER))
        first.put()
        first.notices.tick()
        assert (first.row.state, first.row.attempts, first.given_up) == ("sending", 2, [])
        assert second.ticks_after(LEASE_S) == 1


class TestTellingOfAFailure:
    def test_happens_in_the_transaction_that_records_it(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, NEVER)
        trouble = [RuntimeError("no case can be opened now")]

        def open_case(tx: Tx, notice: Notice) -> None:
            tx.execute(table.update().values(about={"told": notice.id}))
            if trouble:
                raise trouble.pop()

        office.notices.on_failed.append(open_case)
        office.put()
        with pytest.raises(RuntimeError):
            office.notices.tick()
        assert (office.row.state, office.row.about) == ("sending", {})
        assert office.row.sealed is not None
        office.ticks_after(LEASE_S)
        assert (office.row.state, office.row.about) == ("failed", {"told": office.row.id})

    def test_that_fails_for_ever_holds_up_no_other_notice(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, NEVER, TAKEN)

        def broken(tx: Tx, notice: Notice) -> None:
            raise RuntimeError("always")

        office.put("first")
        office.put("second")
        office.notices.on_failed.append(broken)
        with pytest.raises(RuntimeError):
            office.notices.tick()
        assert office.notices.tick() == 1


class TestTheAddress:
    def test_stands_sealed_in_the_file_and_is_erased_when_sent(self, office: Office, tmp_path: Path) -> None:
        office.put()
        assert office.row.sealed
        office.db.dispose()
        files = [file for file in tmp_path.iterdir() if file.name.startswith("notices.db")]
        assert files and all(PHONE.encode() not in file.read_bytes() for file in files)
        office.notices.tick()
        assert (office.row.state, office.row.sealed) == ("sent", None)

    def test_is_erased_when_given_up(self, db: Database, clock: FrozenClock) -> None:
        office = office_with(db, clock, NEVER)
        office.put()
        office.notices.tick()
        assert (office.row.state, office.row.sealed) == ("failed", None)

    def test_opens_in_its_own_row_only(self, office: Office) -> None:
        office.put("first", phone=PHONE)
        office.put("second", phone="13900139000")
        moved = office.rows()[0].sealed
        with office.db.transaction() as tx:
            tx.execute(table.update().where(table.c.key == "second").values(sealed=moved))
        office.notices.tick()
        assert [notice.to for notice in office.port.handed] == [PHONE]

    def test_that_does_not_open_waits_for_the_right_key(self, office: Office, caplog: pytest.LogCaptureFixture) -> None:
        office.put()
        wrong = Notices(office.db, office.clock, bytes(32), office.port)
        assert wrong.tick() == 0
        assert "QIANTAI_DATA_KEY" in caplog.text
        assert office.port.handed == []
        assert office.ticks_after(WAITS_S[0]) == 1

    @pytest.mark.parametrize("answer", [TAKEN, BUSY, NEVER])
    def test_never_stands_in_a_log_line_nor_do_key_and_text(
        self, db: Database, clock: FrozenClock, caplog: pytest.LogCaptureFixture, answer: Delivery
    ) -> None:
        office = office_with(db, clock, answer)
        with caplog.at_level(logging.DEBUG):
            office.put("wechat:openid-of-somebody")
            office.notices.tick()
        assert f"notice {office.row.id} (sms, accepted)" in caplog.text
        for secret in (PHONE, "openid-of-somebody", "投诉"):
            assert secret not in caplog.text

    def test_stands_in_no_repr(self) -> None:
        shown = repr((Recipient("sms", PHONE), Outgoing("1", "sms", PHONE, "accepted", TEXT)))
        assert PHONE not in shown and "投诉" not in shown


class TestWiring:
    def put_and_tick(self, made: Notices, db: Database) -> int:
        with db.transaction() as tx:
            made.put(tx, "k", Recipient("sms", PHONE), "accepted", TEXT, {})
        return made.tick()

    def test_in_development_writes_a_file_in_the_home(self, db: Database, clock: FrozenClock, tmp_path: Path) -> None:
        made = of(settings(tmp_path), db, clock)
        assert made.available
        assert self.put_and_tick(made, db) == 1
        assert PHONE in (tmp_path / "notices" / "notices.jsonl").read_text()

    def test_with_a_gateway_nothing_is_written(self, db: Database, clock: FrozenClock, tmp_path: Path) -> None:
        made = of(settings(tmp_path, QIANTAI_NOTICE_URL="http://127.0.0.1:1/notices"), db, clock)
        assert made.available
        assert self.put_and_tick(made, db) == 0  # nobody listens at port 1
        assert not (tmp_path / "notices").exists()

    def test_in_production_without_a_gateway_is_off(self, db: Database, clock: FrozenClock, tmp_path: Path) -> None:
        made = of(replace(settings(tmp_path), mode="production"), db, clock)
        assert not made.available
