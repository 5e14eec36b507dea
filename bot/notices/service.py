"""Notices wait in a table, written in the transaction of what they tell of, and leave outside any transaction."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.db import Database, Tx
from bot.errors import ConfigurationError, InvalidInput
from bot.notices import store
from bot.notices.adapters import FileNotices, HttpNotices
from bot.notices.model import Delivery, Fate, Notice, NoticesOff, Outgoing, Port, Recipient, State
from bot.privacy import sealing
from bot.settings import Settings
from bot.text.normalise import clean

log = logging.getLogger(__name__)

WAITS_S = (30.0, 120.0, 600.0, 3600.0)  # before the second, third, fourth and fifth try
TRIES = len(WAITS_S) + 1
LONGEST_WAIT_S = 3600.0  # however much longer a gateway asks for: it might mean never
LEASE_S = 60.0  # longer than any port takes over one notice
PER_TICK = 20  # the worker has other duties

OnFailed = Callable[[Tx, Notice], None]


class Notices:
    def __init__(self, db: Database, clock: Clock, data_key: bytes, port: Port | None) -> None:
        self.on_failed: list[OnFailed] = []
        self._db = db
        self._clock = clock
        self._key = sealing.derive(data_key, "notices")
        self._port = port
        self._rest_until: datetime | None = None  # the gateway asked to be left alone; this process remembers

    @property
    def available(self) -> bool:
        return self._port is not None

    def put(self, tx: Tx, key: str, recipient: Recipient, template: str, text: str, about: Mapping[str, Any]) -> bool:
        """Leaves when `tx` is committed and the worker looks. False: `key` was put before, and nothing is added.

        `template`: the name under which the gateway knows the form. Raises NoticesOff, InvalidInput.
        """
        if self._port is None:
            raise NoticesOff()
        text = clean(text)
        _check("key", key, store.KEY_MOST)
        _check("template", template, store.TEMPLATE_MOST)
        if not text:
            raise InvalidInput("a notice needs a text")
        now = self._clock.now()
        id_ = secrets.token_hex(16)
        notice = Notice(id_, key, recipient.kind, template, text, dict(about), State.PENDING, 0, now)
        return store.add(tx, notice, sealing.seal(self._key, recipient.address.encode(), _about(notice)))

    def readdress(self, tx: Tx, prefix: str, recipient: Recipient) -> int:
        """What still waits under keys that begin so goes there instead of where it was to go. How many."""
        waiting = store.waiting(tx, prefix)
        for notice in waiting:
            moved = replace(notice, kind=recipient.kind)
            store.readdress(tx, moved, sealing.seal(self._key, recipient.address.encode(), _about(moved)))
        return len(waiting)

    def tick(self) -> int:
        """Send what is due; ends early where the gateway has no time. Returns how many were delivered."""
        delivered = 0
        for _ in range(PER_TICK):
            claim = self._claim()
            if claim is None:
                break
            delivery = self._deliver(claim)
            self._record(claim.notice, delivery)
            if delivery.fate is Fate.LATER:
                break
            delivered += delivery.fate is Fate.DELIVERED
        return delivered

    def _claim(self) -> store.Claim | None:
        now = self._clock.now()
        if self._port is None or (self._rest_until is not None and now < self._rest_until):
            return None
        with self._db.transaction() as tx:
            return store.claim(tx, now, LEASE_S)

    def _deliver(self, claim: store.Claim) -> Delivery:
        notice = claim.notice
        assert self._port is not None
        if notice.attempts > TRIES:
            return Delivery(Fate.REFUSED, "the process ended during the last try")
        try:
            to = sealing.unseal(self._key, claim.sealed, _about(notice)).decode()
        except ConfigurationError:  # whoever starts us with the right key again finds the notice waiting
            log.error("the address of notice %s does not open: is QIANTAI_DATA_KEY another one?", notice.id)
            return Delivery(Fate.LATER, "the address does not open")
        return self._port.deliver(Outgoing(notice.id, notice.kind, to, notice.template, notice.text))

    def _record(self, notice: Notice, delivery: Delivery) -> None:
        now = self._clock.now()
        if delivery.retry_after_s is not None:
            self._rest_until = now + timedelta(seconds=min(delivery.retry_after_s, LONGEST_WAIT_S))
        if delivery.fate is Fate.DELIVERED:
            with self._db.transaction() as tx:
                store.sent(tx, notice, now, delivery.detail)
            log.info("%s: sent at try %d", _named(notice), notice.attempts)
        elif delivery.fate is Fate.LATER and notice.attempts < TRIES:
            with self._db.transaction() as tx:
                store.later(tx, notice, now + _wait(notice.attempts, delivery), delivery.detail)
            log.warning("%s: try %d came to nothing (%s)", _named(notice), notice.attempts, delivery.detail)
        else:
            self._fail(notice, now, delivery.detail)

    def _fail(self, notice: Notice, now: datetime, detail: str) -> None:
        with self._db.transaction() as tx:
            if not store.failed(tx, notice, now, detail):
                return
            ended = replace(notice, state=State.FAILED, done_at=now, detail=detail)
            for tell in self.on_failed:
                tell(tx, ended)
        log.error("%s: given up at try %d (%s)", _named(notice), notice.attempts, detail)


def of(settings: Settings, db: Database, clock: Clock) -> Notices:
    """The bank's gateway where one is set; in development a file; else none."""
    return Notices(db, clock, settings.data_key, _port(settings))


def _port(settings: Settings) -> Port | None:
    if settings.notice_url:
        return HttpNotices(settings.notice_url, settings.notice_token)
    return FileNotices(settings.home / "notices") if settings.development else None


def _wait(attempts: int, delivery: Delivery) -> timedelta:
    asked = min(delivery.retry_after_s or 0.0, LONGEST_WAIT_S)
    return timedelta(seconds=max(WAITS_S[attempts - 1], asked))


def _check(what: str, value: str, most: int) -> None:
    if not 0 < len(value) <= most:
        raise InvalidInput(f"the {what} of a notice must have 1 to {most} characters")


def _about(notice: Notice) -> str:
    return f"notice/{notice.id}/{notice.kind}"


def _named(notice: Notice) -> str:
    return f"notice {notice.id} ({notice.kind}, {notice.template})"
