from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
import xmltodict
from aiohttp import web
from wechat.account import TEST_ACCOUNT
from wechat.outcomes import NotVerified, Outcome
from wechat.reference import Answer, Heard, Reference, greets, is_slow, says_success
from wechat.simulator import Platform
from wechatpy import parse_message

LIN = "o_lin"
At = Callable[..., Platform]


@pytest_asyncio.fixture
async def reference() -> AsyncIterator[Reference]:
    async with Reference() as server:
        yield server


@pytest.fixture
def platform(reference: Reference, platform_at: At) -> Platform:
    return platform_at(reference.url, patience_s=5)


@pytest.fixture
def hurried(reference: Reference, platform_at: At) -> Platform:
    """Loses patience after a fifth of a second."""
    return platform_at(reference.url, patience_s=0.2)


async def test_binding_a_server_that_echoes(platform: Platform) -> None:
    assert (await platform.verify()).isdecimal()


async def test_binding_a_server_that_does_not_know_the_token(reference: Reference) -> None:
    stranger = Platform(reference.url, TEST_ACCOUNT.appid, "another token", TEST_ACCOUNT.aes_key)
    async with stranger:
        with pytest.raises(NotVerified):
            await stranger.verify()


# what arrives


@pytest.mark.parametrize("mode", ["aes", "compatible", "plain"])
async def test_every_mode_arrives_whole(reference: Reference, platform_at: At, mode: str) -> None:
    reference.answer = says_success
    await platform_at(reference.url, mode=mode).text(LIN, "余额 ]]> <b>&amp; 😀")
    (heard,) = reference.heard
    assert heard.message["Content"] == "余额 ]]> <b>&amp; 😀"
    assert heard.query["openid"] == LIN
    assert ("msg_signature" in heard.query) == (mode != "plain")
    outer = xmltodict.parse(heard.body)["xml"]
    assert ("Encrypt" in outer, "Content" in outer) == (mode != "plain", mode != "aes")


@pytest.mark.parametrize(
    ("send", "kind", "expected"),
    [
        (lambda p: p.text(LIN, "hello", msgid=77), "text", {"content": "hello", "id": 77}),
        (lambda p: p.voice(LIN, "转账"), "voice", {"recognition": "转账", "format": "amr"}),
        (lambda p: p.voice(LIN), "voice", {"recognition": None}),
        (lambda p: p.image(LIN), "image", {}),
        (lambda p: p.video(LIN), "video", {}),
        (lambda p: p.video(LIN, short=True), "shortvideo", {}),
        (lambda p: p.location(LIN, 31.2, 121.4, "人民广场"), "location", {"label": "人民广场", "scale": "15"}),
        (lambda p: p.link(LIN, "t", "d", "http://x"), "link", {"title": "t", "url": "http://x"}),
        (lambda p: p.event(LIN, "subscribe"), "event", {"event": "subscribe"}),
        (lambda p: p.event(LIN, "subscribe", "qrscene_7"), "event", {"event": "subscribe_scan", "scene_id": "7"}),
        (lambda p: p.event(LIN, "unsubscribe"), "event", {"event": "unsubscribe"}),
        (lambda p: p.event(LIN, "SCAN", "7"), "event", {"event": "scan", "scene_id": "7"}),
        (lambda p: p.event(LIN, "CLICK", "HELP"), "event", {"event": "click", "key": "HELP"}),
        (lambda p: p.event(LIN, "VIEW", "http://x"), "event", {"event": "view", "url": "http://x"}),
        (lambda p: p.event(LIN, "LOCATION", Latitude="1.5"), "event", {"event": "location", "latitude": 1.5}),
    ],
)
async def test_wechatpy_understands_what_customers_do(
    reference: Reference,
    platform: Platform,
    send: Callable[[Platform], Awaitable[Outcome]],
    kind: str,
    expected: dict[str, object],
) -> None:
    await send(platform)
    message = parse_message(xmltodict.unparse({"xml": reference.heard[0].message}))
    assert (message.type, message.source, message.target) == (kind, LIN, TEST_ACCOUNT.name)
    assert {name: getattr(message, name) for name in expected} == expected


async def test_a_file_and_a_menu_option_carry_their_own_fields(reference: Reference, platform: Platform) -> None:
    await platform.file(LIN, "对账单.pdf")
    await platform.text(LIN, "转人工", menu_id="102")
    file, option = (heard.message for heard in reference.heard)
    assert (file["MsgType"], file["Title"]) == ("file", "对账单.pdf")
    assert (option["Content"], option["bizmsgmenuid"]) == ("转人工", "102")


async def test_events_have_no_msgid_and_the_moment_that_is_given(reference: Reference, platform: Platform) -> None:
    await platform.event(LIN, "CLICK", "HELP", created=1700000000)
    (heard,) = reference.heard
    assert heard.message["CreateTime"] == "1700000000"
    assert "MsgId" not in heard.message


# what comes back


async def test_a_proper_reply_is_read_and_seen(platform: Platform) -> None:
    outcome = await platform.text(LIN, "你好")
    assert (outcome.kind, outcome.text, outcome.status, len(outcome.attempts)) == ("reply", "您好", 200, 1)
    assert 0 < outcome.seconds < 5
    assert platform.customers[LIN].texts == ["您好"]


@pytest.mark.parametrize(("body", "kind"), [("success", "success"), ("", "empty")])
async def test_an_acknowledgement_is_told_apart_and_not_seen(
    reference: Reference, platform: Platform, body: str, kind: str
) -> None:
    reference.answer = _says(lambda _: body)
    assert (await platform.text(LIN, "你好")).kind == kind
    assert platform.customers[LIN].entries == []


def _says(body: Callable[[Heard], str]) -> Answer:
    async def says(heard: Heard) -> str:
        return body(heard)

    return says


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda h: '{"errcode":0}', "not XML"),
        (lambda h: "success\n", "not XML"),
        (lambda h: "<html></html>", "root"),
        (lambda h: "<!DOCTYPE xml [<!ENTITY a 'a'>]><xml>&a;</xml>", "not XML"),
        (lambda h: h.reply(), "not encrypted"),
        (lambda h: h.sealed(h.reply()).replace("<MsgSignature><![CDATA[", "<MsgSignature><![CDATA[0"), "MsgSignature"),
        (lambda h: h.sealed(h.reply()).replace("<TimeStamp>", "<TimeStamp>1"), "MsgSignature"),
        (lambda h: h.sealed(h.reply()).replace("Nonce>", "Once>"), "Nonce is missing"),
        (lambda h: h.sealed(h.reply(), appid="wx11111111111111bb"), "appid"),
        (lambda h: h.sealed(h.reply(ToUserName="o_other")), "ToUserName"),
        (lambda h: h.sealed(h.reply(ToUserName=TEST_ACCOUNT.name, FromUserName=LIN)), "ToUserName"),
        (lambda h: h.sealed(h.reply(FromUserName=LIN)), "FromUserName"),
        (lambda h: h.sealed(h.reply(CreateTime="today")), "CreateTime"),
        (lambda h: h.sealed(h.reply(MsgType="card")), "MsgType"),
        (lambda h: h.sealed(h.reply(Content="")), "Content"),
        (lambda h: h.sealed(h.reply(Content="行" * 683)), "2048"),
        (lambda h: h.sealed("<xml><ToUserName>"), "not XML"),
    ],
)
async def test_anything_else_is_a_fault_that_the_customer_sees(
    reference: Reference, platform: Platform, body: Callable[[Heard], str], reason: str
) -> None:
    reference.answer = _says(body)
    outcome = await platform.text(LIN, "你好")
    assert (outcome.kind, len(outcome.attempts)) == ("fault", 1)
    assert reason in outcome.reason
    assert [entry.way for entry in platform.customers[LIN].entries] == ["banner"]


@pytest.mark.parametrize(("mode", "kind"), [("compatible", "reply"), ("plain", "reply"), ("aes", "fault")])
async def test_a_reply_in_clear_where_it_is_allowed(
    reference: Reference, platform_at: At, mode: str, kind: str
) -> None:
    reference.answer = _says(Heard.reply)
    assert (await platform_at(reference.url, mode=mode).text(LIN, "你好")).kind == kind


async def test_an_encrypted_reply_in_plain_mode_is_a_fault(reference: Reference, platform_at: At) -> None:
    outcome = await platform_at(reference.url, mode="plain").text(LIN, "你好")
    assert (outcome.kind, outcome.reason) == ("fault", "encrypted in plain mode")


async def test_handing_over_to_other_staff_is_a_reply_that_shows_nothing(
    reference: Reference, platform: Platform
) -> None:
    reference.answer = _says(lambda h: h.sealed(h.reply(MsgType="transfer_customer_service")))
    outcome = await platform.text(LIN, "你好")
    assert (outcome.kind, outcome.text) == ("reply", None)
    assert platform.customers[LIN].entries == []


async def test_trouble_with_an_unsubscribe_is_seen_by_nobody(reference: Reference, platform: Platform) -> None:
    reference.answer = _says(lambda _: "sorry")
    assert (await platform.event(LIN, "unsubscribe")).kind == "fault"
    assert platform.customers[LIN].entries == []


# patience and tries


async def test_a_slow_server_is_asked_three_times_and_then_the_banner_shows(
    reference: Reference, hurried: Platform
) -> None:
    reference.answer = is_slow
    outcome = await hurried.text(LIN, "你好", msgid=7)
    assert (outcome.kind, outcome.status, outcome.reason) == ("fault", None, "no answer: timed_out")
    assert [heard.message["MsgId"] for heard in reference.heard] == ["7"] * 3
    assert all(0.2 <= attempt.seconds < 2 for attempt in outcome.attempts)
    assert [entry.way for entry in hurried.customers[LIN].entries] == ["banner"]


def _slow_at_first(then: Answer) -> Answer:
    async def answers(heard: Heard) -> web.StreamResponse | str:
        return await (is_slow if heard.number == 1 else then)(heard)

    return answers


@pytest.mark.parametrize("new_nonce", [True, False])
async def test_a_retry_comes_with_a_new_nonce_or_as_it_was(
    reference: Reference, platform_at: At, new_nonce: bool
) -> None:
    reference.answer = _slow_at_first(greets)
    outcome = await platform_at(reference.url, patience_s=0.5, new_nonce_on_retry=new_nonce).text(LIN, "你好")
    first, second = reference.heard
    assert (outcome.kind, len(outcome.attempts)) == ("reply", 2)
    assert (first.query["nonce"] != second.query["nonce"]) == new_nonce
    assert (first.body != second.body) == new_nonce
    assert first.message == second.message


async def test_an_error_status_is_tried_again_at_once(reference: Reference, platform: Platform) -> None:
    async def fails(_: Heard) -> web.Response:
        return web.Response(status=500, text="success")

    reference.answer = fails
    outcome = await platform.text(LIN, "你好")
    assert (outcome.kind, outcome.status, len(outcome.attempts)) == ("fault", 500, 3)


async def test_nobody_listens(platform_at: At, unused_tcp_port: int) -> None:
    outcome = await platform_at(f"http://127.0.0.1:{unused_tcp_port}/wechat").text(LIN, "你好")
    assert (outcome.kind, outcome.reason, len(outcome.attempts)) == ("fault", "no answer: failed", 3)


async def test_only_the_first_connection_breaks_when_told_to(reference: Reference, platform: Platform) -> None:
    reference.answer = _slow_at_first(says_success)
    platform.break_connection_after_s = 0.05
    outcome = await platform.text(LIN, "你好")
    assert outcome.kind == "success"
    assert [attempt.end for attempt in outcome.attempts] == ["broken_off", "answered"]


async def test_a_reply_that_is_lost_while_it_is_read_is_not_seen(reference: Reference, platform: Platform) -> None:
    async def replies_once(heard: Heard) -> str:
        return await (greets if heard.number == 1 else says_success)(heard)

    reference.answer = replies_once
    platform.abort_while_reading = True
    outcome = await platform.text(LIN, "你好")
    assert (outcome.kind, [attempt.end for attempt in outcome.attempts]) == ("success", ["broken_off", "answered"])
    assert platform.customers[LIN].entries == []


async def test_copies_of_a_message_arrive_at_the_same_time(reference: Reference, platform: Platform) -> None:
    both_here = asyncio.Event()

    async def waits_for_the_other(heard: Heard) -> str:
        if heard.number == 2:
            both_here.set()
        await both_here.wait()
        return "success"

    reference.answer = waits_for_the_other
    outcomes = await platform.at_once(platform.message(LIN, "text", {"Content": "你好"}), copies=2)
    assert [outcome.kind for outcome in outcomes] == ["success", "success"]
    first, second = reference.heard
    assert first.message == second.message
    assert first.query["nonce"] != second.query["nonce"]


async def test_hostile_input_is_posted_as_it_is(reference: Reference, platform: Platform) -> None:
    request = platform.request_for(platform.message(LIN, "text", {"Content": "你好"}))
    honest = await platform.post_raw(request.body, request.query)
    spoilt = await platform.post_raw(request.body + b"<", {**request.query, "timestamp": "1"})
    assert (honest.end, honest.status) == ("answered", 200)
    assert (spoilt.end, spoilt.status) == ("answered", 500)  # the reference trips over it
    assert honest.headers is not None
    assert platform.customers[LIN].entries == []
