"""Two ways out of the house: the bank's gateway over HTTP, and a file for development on one machine."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from bot.db import dumps
from bot.errors import ConfigurationError
from bot.notices.model import Delivery, Fate, Outgoing

CONNECT_S, ANSWER_S = 3.0, 10.0

# They say nothing of the notice: too slow, at it already (the try before this one), too early, too many, not now.
# A 5xx may have come after the gateway took it on; the key makes the next try harmless.
_LATER = frozenset({408, 409, 425, 429})


class HttpNotices:
    """The bank's gateway. It must honour the Idempotency-Key: a time-out is followed by the same notice again."""

    def __init__(
        self,
        url: str,
        token: str | None,
        transport: httpx.BaseTransport | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Raises ConfigurationError; connects to nothing yet."""
        if token is not None and not re.fullmatch(r"[!-~]+", token):
            raise ConfigurationError("QIANTAI_NOTICE_TOKEN must be printable ASCII without spaces")
        try:
            self._url = httpx.URL(url)
        except httpx.InvalidURL:
            raise ConfigurationError("QIANTAI_NOTICE_URL is no address") from None
        self._client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            headers={"Authorization": f"Bearer {token}"} if token else None,
            follow_redirects=False,  # neither token nor phone number goes where nobody has sent it
        )

    def deliver(self, notice: Outgoing) -> Delivery:
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": notice.id}
        try:  # the answer's body is not read: it may be of any size, and the status says it all
            with self._client.stream("POST", self._url, content=_document(notice), headers=headers) as answer:
                return _understood(answer)
        except httpx.TransportError as error:
            return Delivery(Fate.LATER, type(error).__name__)


class FileNotices:
    """A file of one JSON line a notice, for one machine and development: nobody is told anything."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "notices.jsonl"

    def deliver(self, notice: Outgoing) -> Delivery:
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _held(self.file) as descriptor:
                _append(descriptor, _document(notice) + b"\n")
        except OSError as error:
            return Delivery(Fate.LATER, errno.errorcode.get(error.errno or 0, type(error).__name__))
        return Delivery(Fate.DELIVERED, "written")


def _document(notice: Outgoing) -> bytes:
    return dumps(
        {"id": notice.id, "kind": notice.kind, "to": notice.to, "text": notice.text, "template": notice.template}
    ).encode()


def _understood(answer: httpx.Response) -> Delivery:
    detail = f"HTTP {answer.status_code}"
    if answer.is_success:
        return Delivery(Fate.DELIVERED, detail)
    if answer.is_server_error or answer.status_code in _LATER:
        return Delivery(Fate.LATER, detail, _retry_after(answer.headers))
    return Delivery(Fate.REFUSED, detail)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds. A date is taken against the answer's own date, so that two clocks need not agree."""
    raw = headers.get("Retry-After", "").strip()
    if raw.isascii() and raw.isdigit():
        return float(raw[:9])
    try:
        wait = parsedate_to_datetime(raw) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):  # no date, or only one of the two has a zone: nothing was asked for
        return None
    return max(0.0, wait.total_seconds())


@contextmanager
def _held(file: Path) -> Iterator[int]:
    """The file, open and ours alone: two processes never write into one line."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # whoever made it
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _append(descriptor: int, line: bytes) -> None:
    """The whole line, on the disk; where there is no room for all of it, nothing."""
    before = os.fstat(descriptor).st_size
    if before and os.pread(descriptor, 1, before - 1) != b"\n":
        line = b"\n" + line  # a process was killed in the middle of a line
    try:
        while line:
            line = line[os.write(descriptor, line) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, before)
        raise
