"""Time-outs, broken connections, secrets: what is certain of a message when the line fails, and what is logged."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import traceback
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_platform import OPENID, SECRET, SOON, Talk, read_request, serving, wechat_settings, written

from bot.channels.wechat.client import Fate, Sent, Waits, WechatApi
from bot.channels.wechat.errors import WechatUnavailable
from bot.channels.wechat.tokens import Token, Tokens
from bot.clock import FrozenClock
from bot.errors import ConfigurationError, NotFound

TOKEN = "ACCESS-TOKEN-of-these-tests"
TEXT = "尾号1234的卡已挂失"
MEDIA = "media-id-of-a-customers-picture"


@pytest.fixture
def ready(tokens: Tokens, clock: FrozenClock) -> Tokens:
    """A token is there, so that what fails is the message."""
    tokens.save(Token(TOKEN, clock.now() + timedelta(hours=2), clock.now()))
    return tokens


PATIENT = Waits(connect_s=5, read_s=5, whole_s=10)  # where the answer comes, however busy the machine is


async def sent_to(base: str, tokens: Tokens, clock: FrozenClock, waits: Waits = SOON) -> Sent:
    wechat = WechatApi(wechat_settings(base), tokens, clock, waits=waits)
    try:
        return await wechat.send_text(OPENID, TEXT)
    finally:
        await wechat.close()


def failing(error: Exception, tokens: Tokens, clock: FrozenClock) -> WechatApi:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    return WechatApi(wechat_settings(), tokens, clock, httpx.MockTransport(fail))


class TestOverALine:
    async def test_an_answer_arrives(self, ready: Tokens, clock: FrozenClock) -> None:
        seen: list[bytes] = []

        async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await read_request(reader))
            writer.write(written(b'{"errcode":0}'))
            await writer.drain()

        async with serving(answers) as base:
            assert await sent_to(base, ready, clock) == Sent(Fate.SENT, 0)
        head, _, body = seen[0].partition(b"\r\n\r\n")
        assert head.startswith(f"POST /cgi-bin/message/custom/send?access_token={TOKEN} HTTP/1.1\r\n".encode())
        assert b"content-type: application/json; charset=utf-8" in head.lower()
        assert TEXT.encode() in body

    async def test_nobody_listening_means_certainly_not_sent(self, ready: Tokens, clock: FrozenClock) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # taken, and never listening
            base = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            assert await sent_to(base, ready, clock) == Sent(Fate.LATER, None, "ConnectError")

    async def test_a_connection_that_does_not_come_about_in_time_means_certainly_not_sent(
        self, ready: Tokens, clock: FrozenClock
    ) -> None:
        with socket.socket() as full, socket.socket() as first, socket.socket() as second:
            full.bind(("127.0.0.1", 0))
            full.listen(0)  # its queue takes one or two, who are never served
            for one in (first, second):
                one.setblocking(False)
                one.connect_ex(full.getsockname())
            base = f"http://127.0.0.1:{full.getsockname()[1]}"
            waits = Waits(connect_s=0.05, read_s=5, whole_s=5)
            assert await sent_to(base, ready, clock, waits) == Sent(Fate.LATER, None, "ConnectTimeout")

    @pytest.mark.parametrize("answered", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", written(b'{"errcode":0}')[:-3]])
    @pytest.mark.parametrize("roughly", [True, False])
    async def test_a_break_after_the_request_leaves_it_open(
        self, ready: Tokens, clock: FrozenClock, answered: bytes, roughly: bool
    ) -> None:
        async def breaks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(answered)
            await writer.drain()
            if roughly:
                writer.transport.abort()

        async with serving(breaks) as base:
            sent = await sent_to(base, ready, clock)
        assert sent.fate is Fate.AMBIGUOUS
        assert sent.detail in ("ReadError", "RemoteProtocolError")

    @pytest.mark.parametrize("answered", [b"", b"HTTP/1.1 200 OK\r\n", written(b'{"errcode":0}')[:-3]])
    async def test_silence_after_the_request_leaves_it_open(
        self, ready: Tokens, clock: FrozenClock, answered: bytes
    ) -> None:
        async def falls_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(answered)
            await reader.read()  # until the client gives up

        async with serving(falls_silent) as base:
            assert await sent_to(base, ready, clock) == Sent(Fate.AMBIGUOUS, None, "ReadTimeout")

    async def test_an_answer_drop_by_drop_comes_to_an_end(self, ready: Tokens, clock: FrozenClock) -> None:
        async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            gone = asyncio.ensure_future(reader.read(1))
            while not gone.done():  # until the client gives up
                writer.write(b" ")
                await writer.drain()
                await asyncio.wait([gone], timeout=0.005)

        async with serving(drips) as base:
            waits = Waits(connect_s=1, read_s=1, whole_s=0.1)
            assert await sent_to(base, ready, clock, waits) == Sent(Fate.AMBIGUOUS, None, "TimeoutError")

    async def test_a_packed_answer_is_not_unpacked(self, ready: Tokens, clock: FrozenClock) -> None:
        """64 KiB may become 64 MiB."""

        async def packs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert b"accept-encoding: identity" in (await read_request(reader)).lower()
            body = gzip.compress(b'{"errcode":0}')
            writer.write(written(body, "application/json\r\nContent-Encoding: gzip"))
            await writer.drain()

        async with serving(packs) as base:
            assert await sent_to(base, ready, clock) == Sent(Fate.AMBIGUOUS, None, "packed")


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (httpx.ConnectError("refused"), Fate.LATER),
        (httpx.ConnectTimeout("slow"), Fate.LATER),
        (httpx.PoolTimeout("busy"), Fate.LATER),
        (httpx.WriteTimeout("slow"), Fate.AMBIGUOUS),
        (httpx.WriteError("broken"), Fate.AMBIGUOUS),
        (httpx.ReadTimeout("slow"), Fate.AMBIGUOUS),
        (httpx.ReadError("reset"), Fate.AMBIGUOUS),
        (httpx.CloseError("broken"), Fate.AMBIGUOUS),
        (httpx.RemoteProtocolError("nonsense"), Fate.AMBIGUOUS),
    ],
)
async def test_every_failure_of_the_line_is_one_of_two(
    ready: Tokens, clock: FrozenClock, error: Exception, fate: Fate
) -> None:
    wechat = failing(error, ready, clock)
    assert await wechat.send_text(OPENID, TEXT) == Sent(fate, None, type(error).__name__)
    await wechat.close()


def test_waits_are_three_seconds_to_connect_and_five_to_read() -> None:
    assert (Waits().connect_s, Waits().read_s) == (3, 5)


@pytest.mark.parametrize(
    "base",
    [
        "https://bank.example:99999",
        "https://bank.example:port",
        "https://[::1",
        "https://xn--",
        f"https://{'x' * 70}.example",
        "https://bank.example/?to=wechat",
        "https://bank.example/#wechat",
    ],
)
def test_an_address_that_is_none_is_told_at_once(tokens: Tokens, clock: FrozenClock, base: str) -> None:
    with pytest.raises(ConfigurationError, match="QIANTAI_WECHAT_API_BASE"):
        WechatApi(wechat_settings(base), tokens, clock)


class TestSecrets:
    """Access token, AppSecret, openid, what was written and what was asked for: on the wire and nowhere else."""

    PRIVATE = (TOKEN, "ACCESS-TOKEN", SECRET, OPENID, TEXT, MEDIA)

    @pytest.fixture
    def everything(self, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
        """All loggers at their loudest, whatever was set for them."""
        for name in (
            None,
            "httpx",
            "httpcore",
            *(n for n in logging.root.manager.loggerDict if n[:4] in ("http", "bot.")),
        ):
            caplog.set_level(logging.DEBUG, logger=name)
        return caplog

    def assert_silent(self, *said: str) -> None:
        for text in said:
            for private in self.PRIVATE:
                assert private not in text
                assert ascii(private)[1:-1] not in text

    def talk(self, answers: dict[str, bytes]) -> Talk:
        async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            path = (await read_request(reader)).split(b" ")[1].split(b"?")[0].decode()
            writer.write(answers.get(path, b"") + b"")
            await writer.drain()

        return answered

    @pytest.mark.parametrize(
        "answer",
        [
            written(b'{"errcode":0}'),
            written(json.dumps({"errcode": 40003, "errmsg": f"invalid openid {OPENID} {TOKEN}"}).encode()),
            written(b'{"errcode":40001}'),
            written(TEXT.encode()),
            written(b"", status="502 Bad Gateway"),
            written(b"", status=f"302 Found\r\nLocation: /again?access_token={TOKEN}"),
            b"",
            b"nonsense",
        ],
    )
    async def test_nothing_of_a_message_is_logged_or_told(
        self, tokens: Tokens, clock: FrozenClock, everything: pytest.LogCaptureFixture, answer: bytes
    ) -> None:
        granted = written(json.dumps({"access_token": TOKEN, "expires_in": 7200}).encode())
        paths = {"/cgi-bin/stable_token": granted, "/cgi-bin/message/custom/send": answer}
        async with serving(self.talk(paths)) as base:
            sent = await sent_to(base, tokens, clock, PATIENT)
        assert {record.name.partition(".")[0] for record in everything.records} >= {"httpcore", "httpx", "bot"}
        told = [logging.Formatter().format(record) for record in everything.records]
        args = [repr(record.args) for record in everything.records]
        self.assert_silent(everything.text, repr(sent), *told, *args)

    @pytest.mark.parametrize(
        "answer",
        [
            written(b'{"errcode":40007,"errmsg":"invalid media_id"}'),
            written(json.dumps({"errcode": 48001, "errmsg": f"{MEDIA} {TOKEN}"}).encode()),
            written(b"", status="500 Oh"),
            b"",
        ],
    )
    @pytest.mark.parametrize(
        "granted", [{"access_token": TOKEN, "expires_in": 7200}, {"errcode": 40125, "errmsg": SECRET}]
    )
    async def test_nothing_of_what_was_asked_for_is_in_an_error(
        self, tokens: Tokens, clock: FrozenClock, everything: pytest.LogCaptureFixture, answer: bytes, granted: Any
    ) -> None:
        paths = {"/cgi-bin/stable_token": written(json.dumps(granted).encode()), "/cgi-bin/media/get": answer}
        async with serving(self.talk(paths)) as base:
            wechat = WechatApi(wechat_settings(base), tokens, clock, waits=SOON)
            with pytest.raises((WechatUnavailable, NotFound)) as refused:
                await wechat.media(MEDIA)
            await wechat.close()
        logging.getLogger("bot.test").error("media", exc_info=refused.value)
        told = "".join(traceback.format_exception(refused.value))
        below: BaseException | None = refused.value
        while below is not None:  # none of those underneath knows the request, whoever prints them
            told += repr(below) + repr(vars(below))
            below = below.__cause__ or below.__context__
        self.assert_silent(everything.text, told)

    async def test_nothing_of_media_is_logged(
        self, ready: Tokens, clock: FrozenClock, everything: pytest.LogCaptureFixture
    ) -> None:
        """The platform names the file after the media id."""
        picture = written(b"PNG", f'image/png\r\nContent-Disposition: attachment; filename="{MEDIA}.png"')
        async with serving(self.talk({"/cgi-bin/media/get": picture})) as base:
            wechat = WechatApi(wechat_settings(base), ready, clock, waits=SOON)
            assert (await wechat.media(MEDIA)).name == f"{MEDIA}.png"
            await wechat.close()
        self.assert_silent(everything.text)

    def test_the_settings_do_not_show_theirs(self) -> None:
        assert SECRET not in repr(wechat_settings())
