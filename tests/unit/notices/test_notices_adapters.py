"""The two ports by themselves: what is written, what goes over the wire, and what each answer means."""

from __future__ import annotations

import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.notices.adapters import FileNotices, HttpNotices
from bot.notices.model import Delivery, Fate, Outgoing

PHONE = "13800138000"
TEXT = "您好：\n您的投诉已受理 🙂👨‍👩‍👧\n“三日内答复”\u2028再见"
NOTICE = Outgoing("0123abcd", "sms", PHONE, "accepted", TEXT)
BODY = {"id": "0123abcd", "kind": "sms", "to": PHONE, "text": TEXT, "template": "accepted"}
URL = "https://gateway.bank.example/v1/notices"
DATE = "Sun, 22 Nov 2026 04:00:00 GMT"


def lines(file: Path) -> list[str]:
    return file.read_bytes().decode().split("\n")


class TestFile:
    @pytest.fixture
    def port(self, tmp_path: Path) -> FileNotices:
        return FileNotices(tmp_path / "deep" / "notices")

    def test_a_notice_is_one_line_whatever_its_text_holds(self, port: FileNotices) -> None:
        assert port.deliver(NOTICE).fate is Fate.DELIVERED
        assert port.deliver(NOTICE).fate is Fate.DELIVERED
        first, second, end = lines(port.file)
        assert json.loads(first) == json.loads(second) == BODY
        assert end == ""
        assert "🙂" in first, "readable without a decoder"

    def test_only_the_owner_may_read_it(self, port: FileNotices) -> None:
        port.deliver(NOTICE)
        assert stat.S_IMODE(port.file.stat().st_mode) == 0o600
        assert stat.S_IMODE(port.file.parent.stat().st_mode) == 0o700

    def test_a_file_that_was_open_to_others_is_closed_to_them(self, port: FileNotices) -> None:
        port.file.parent.mkdir(parents=True)
        port.file.touch()
        port.file.chmod(0o644)
        port.deliver(NOTICE)
        assert stat.S_IMODE(port.file.stat().st_mode) == 0o600

    def test_a_line_is_on_the_disk_before_it_counts(self, port: FileNotices, monkeypatch: pytest.MonkeyPatch) -> None:
        synced: list[int] = []
        monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
        port.deliver(NOTICE)
        assert synced == [port.file.stat().st_size]

    def test_a_disk_that_is_full_in_the_middle_of_a_line_keeps_the_lines_before(self, port: FileNotices) -> None:
        port.deliver(NOTICE)
        with no_file_longer_than(port.file.stat().st_size + 20):
            assert port.deliver(NOTICE) == Delivery(Fate.LATER, "EFBIG")
        assert len(lines(port.file)) == 2
        assert port.deliver(NOTICE).fate is Fate.DELIVERED
        assert [json.loads(line) for line in lines(port.file)[:-1]] == [BODY, BODY]

    def test_half_a_line_of_a_process_that_was_killed_spoils_no_other(self, port: FileNotices) -> None:
        port.deliver(NOTICE)
        with port.file.open("ab") as file:
            file.write(b'{"id":"0123')
        port.deliver(NOTICE)
        first, half, second, end = lines(port.file)
        assert (json.loads(first), half, json.loads(second), end) == (BODY, '{"id":"0123', BODY, "")

    @pytest.mark.parametrize(
        ("in_the_way", "why"),
        [("deep", "ENOTDIR"), ("deep/notices", "EEXIST"), ("deep/notices/notices.jsonl", "EISDIR")],
    )
    def test_a_folder_that_cannot_be_written_means_later(
        self, port: FileNotices, tmp_path: Path, in_the_way: str, why: str
    ) -> None:
        place = tmp_path / in_the_way
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir() if why == "EISDIR" else place.touch()
        assert port.deliver(NOTICE) == Delivery(Fate.LATER, why)

    @pytest.mark.skipif(os.geteuid() == 0, reason="to the superuser every folder is open")
    def test_a_folder_that_is_not_ours_means_later(self, port: FileNotices) -> None:
        port.file.parent.mkdir(parents=True)
        port.file.parent.chmod(0o500)
        assert port.deliver(NOTICE) == Delivery(Fate.LATER, "EACCES")


@contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """As a full disk does it: the beginning of what is written still fits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Wire:
    """What a gateway at the other end of the wire sees, and its answer."""

    def __init__(self, status: int = 200, **headers: str) -> None:
        self.status, self.headers = status, {key.replace("_", "-"): value for key, value in headers.items()}
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.seen.append(request)
        return httpx.Response(self.status, headers=self.headers, text=f"no number {PHONE} here")

    def port(self, token: str | None = "the-token") -> HttpNotices:
        return HttpNotices(URL, token, httpx.MockTransport(self))


class TestHttp:
    def test_asks_as_the_page_for_gateways_says(self) -> None:
        wire = Wire()
        assert wire.port().deliver(NOTICE) == Delivery(Fate.DELIVERED, "HTTP 200")
        (request,) = wire.seen
        assert (request.method, str(request.url)) == ("POST", URL)
        assert json.loads(request.content) == BODY
        assert request.headers["Content-Type"] == "application/json; charset=utf-8"
        assert request.headers["Authorization"] == "Bearer the-token"
        assert request.headers["Idempotency-Key"] == NOTICE.id

    def test_without_a_token_sends_no_authorization(self) -> None:
        wire = Wire()
        wire.port(token=None).deliver(NOTICE)
        assert "Authorization" not in wire.seen[0].headers

    @pytest.mark.parametrize(
        ("status", "fate"),
        [
            *((status, Fate.DELIVERED) for status in (200, 201, 202, 204)),
            *((status, Fate.LATER) for status in (408, 409, 425, 429, 500, 502, 503, 504)),
            *((status, Fate.REFUSED) for status in (301, 307, 308, 400, 401, 403, 404, 410, 413, 422)),
        ],
    )
    def test_every_status_has_a_meaning_and_no_answer_is_repeated(self, status: int, fate: Fate) -> None:
        wire = Wire(status, Location="https://elsewhere.example/")
        assert wire.port().deliver(NOTICE) == Delivery(fate, f"HTTP {status}")
        assert len(wire.seen) == 1, "one request a try, and never to another address"

    @pytest.mark.parametrize(
        ("asked", "seconds"),
        [
            ("0", 0),
            ("120", 120),
            ("9" * 5000, 999_999_999),
            ("Sun, 22 Nov 2026 04:02:00 GMT", 120),
            ("Sun, 22 Nov 2026 03:00:00 GMT", 0),
            ("Sun, 22 Nov 2026 04:02:00 -0000", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_retry_after_is_read_as_seconds_or_as_a_date(self, asked: str, seconds: float | None) -> None:
        assert Wire(429, Retry_After=asked, Date=DATE).port().deliver(NOTICE).retry_after_s == seconds

    @given(asked=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), date=st.just(DATE))
    def test_no_retry_after_can_break_a_delivery(self, asked: str, date: str) -> None:
        assert Wire(503, Retry_After=asked, Date=date).port().deliver(NOTICE).fate is Fate.LATER
        assert Wire(503, Retry_After=date, Date=asked).port().deliver(NOTICE).fate is Fate.LATER

    @pytest.mark.parametrize("token", ["with space", "line\nend", "", "口令"])
    def test_a_token_that_fits_in_no_header_is_refused_at_start_and_not_shown(self, token: str) -> None:
        with pytest.raises(ConfigurationError) as refused:
            HttpNotices(URL, token)
        assert "QIANTAI_NOTICE_TOKEN" in str(refused.value)
        assert not token or token not in str(refused.value)

    def test_an_address_that_is_none_is_refused_at_start(self) -> None:
        with pytest.raises(ConfigurationError, match="QIANTAI_NOTICE_URL"):
            HttpNotices("https://[::1/notices", None)
