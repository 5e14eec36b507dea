"""Cases: what is not the platform's, or is malformed, is answered harmlessly, changes nothing and is not repeated in
any log."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest
from wechat.bank import Bank
from wechat.posting import Request
from wechat.sealing import Seal
from wechat.simulator import Platform
from wechat.wire import written

from bot.clock import FrozenClock

LIN = "o_lin_whom_nobody_may_name"
WORDS = "我的余额只有三块钱"
At = Callable[..., Platform]


def sealed(platform: Platform, xml: bytes, seal: Seal | None = None, cipher: str = "") -> Request:
    """Signed and encrypted as the platform does it, whatever the message is."""
    seal = seal or platform.seal
    timestamp, nonce = str(int(platform.clock())), "1234567890"
    cipher = cipher or seal.encrypt(xml)
    query = {
        "signature": platform.seal.signature(timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": LIN,
        "encrypt_type": "aes",
        "msg_signature": platform.seal.signature(timestamp, nonce, cipher),
    }
    return Request(query, written({"ToUserName": platform.account, "Encrypt": cipher}).encode())


def honest(platform: Platform) -> Request:
    return platform.request_for(platform.message(LIN, "text", {"Content": WORDS}))


def with_query(request: Request, **changed: str) -> Request:
    return Request({**request.query, **changed}, request.body)


def without(request: Request, name: str) -> Request:
    return Request({key: value for key, value in request.query.items() if key != name}, request.body)


def xml(platform: Platform) -> bytes:
    return platform.message(LIN, "text", {"Content": WORDS}).xml().encode()


def other_account(platform: Platform) -> Seal:
    seal = Seal("wx11111111111111bb", platform.seal.token, "A" * 43)
    seal._key = platform.seal._key
    return seal


def bad_padding(platform: Platform) -> Request:
    """One that decrypts to a last byte that is no padding."""
    encryptor = platform.seal._cipher().encryptor()
    raw = platform.seal._decrypted(platform.seal.encrypt(xml(platform)))[:-1] + b"\x00"
    return sealed(platform, b"", cipher=base64.b64encode(encryptor.update(raw) + encryptor.finalize()).decode())


def plain(platform: Platform) -> Request:
    """The body in clear under a plain signature that is right."""
    request = honest(platform)
    query = {name: request.query[name] for name in ("signature", "timestamp", "nonce", "openid")}
    return Request(query, xml(platform))


def bomb(platform: Platform) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else WORDS}">' for n in range(8))
    return f"<!DOCTYPE xml [{entities}]><xml><Content>&a7;</Content></xml>".encode()


def outside(platform: Platform) -> bytes:
    told = xml(platform).replace(WORDS.encode(), b"]]>&e;<![CDATA[")
    return b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + told


def deep(platform: Platform) -> bytes:
    return xml(platform).replace(b"</xml>", b"<a>" * 50 + WORDS.encode() + b"</a>" * 50 + b"</xml>")


NOT_THE_PLATFORMS: dict[str, Callable[[Platform], Request]] = {
    "a wrong signature": lambda p: with_query(honest(p), msg_signature="0" * 40),
    "no signature": lambda p: without(honest(p), "msg_signature"),
    "another nonce than was signed": lambda p: with_query(honest(p), nonce="1"),
    "no nonce": lambda p: without(honest(p), "nonce"),
    "another account's appid": lambda p: sealed(p, xml(p), other_account(p)),
    "broken padding": bad_padding,
    "a cipher that is no base64": lambda p: sealed(p, b"", cipher="<<<"),
    "another time than was signed": lambda p: with_query(honest(p), timestamp="1"),
    "a plain body": plain,
    "a plain body that claims to be encrypted": lambda p: with_query(plain(p), encrypt_type="aes", msg_signature="0"),
    "no query at all": lambda p: Request({}, honest(p).body),
    "an empty body": lambda p: Request(honest(p).query, b""),
    "a megabyte": lambda p: Request(honest(p).query, b"<xml>" + WORDS.encode() * 40_000 + b"</xml>"),
}
THE_PLATFORMS_BUT_MALFORMED: dict[str, Callable[[Platform], bytes]] = {
    "a DOCTYPE": lambda p: b"<!DOCTYPE xml>" + xml(p),
    "entities that grow": bomb,
    "an external entity": lambda p: (
        b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + xml(p).replace(WORDS.encode(), b"]]>&e;<![CDATA[")
    ),
    "deep nesting": deep,
    "a field twice": lambda p: xml(p).replace(b"</xml>", b"<Content>x</Content></xml>"),
    "no MsgId": lambda p: xml(p).replace(b"MsgId>", b"Other>"),
    "a MsgId that is no number": lambda p: xml(p).replace(b"<MsgId>", b"<MsgId>x"),
    "no openid": lambda p: xml(p).replace(b"FromUserName>", b"Other>"),
    "an openid with a line end": lambda p: xml(p).replace(LIN.encode(), b"o_lin\nINFO forged"),
    "half a document": lambda p: xml(p)[:40],
    "another root": lambda p: xml(p).replace(b"<xml>", b"<html>").replace(b"</xml>", b"</html>"),
}


async def is_harmless(bank: Bank, platform: Platform, request: Request, caplog: pytest.LogCaptureFixture) -> int:
    """Nothing is kept and nothing of it logged; gives the status."""
    caplog.set_level(logging.DEBUG)
    got = await platform.post_raw(request.body, request.query)
    assert got.end == "answered" and got.status is not None
    assert WORDS.encode() not in got.body and LIN.encode() not in got.body and len(got.body) < 500
    assert bank.conversation_ids() == []
    assert bank.rows("wechat_customers") == [] and bank.rows("wechat_inbound") == []
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "sanic", "http")))
    assert WORDS not in ours and LIN not in ours and "forged" not in ours
    return got.status


async def test_what_is_not_the_platforms_is_refused(
    bank: Bank, platform_at: At, caplog: pytest.LogCaptureFixture
) -> None:
    """One server for all the cases of the table: what one leaves behind would show in the next."""
    platform = platform_at(bank.url)
    statuses = {
        case: await is_harmless(bank, platform, request(platform), caplog)
        for case, request in NOT_THE_PLATFORMS.items()
    }
    incomplete = ("no signature", "no nonce", "no query at all", "an empty body")
    assert {case for case, status in statuses.items() if status == 200} == set(incomplete)
    assert set(statuses.values()) == {200, 403, 413}


async def test_what_is_malformed_in_a_proper_envelope_gets_success_and_is_not_tried_again(
    bank: Bank, platform_at: At, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_at(bank.url)
    statuses = {
        case: await is_harmless(bank, platform, sealed(platform, xml(platform)), caplog)
        for case, xml in THE_PLATFORMS_BUT_MALFORMED.items()
    }
    assert statuses == dict.fromkeys(THE_PLATFORMS_BUT_MALFORMED, 200)


@pytest.mark.parametrize(("late", "status"), [(299, 200), (301, 403), (-299, 200), (-301, 403)])
async def test_a_delivery_is_taken_within_five_minutes_of_its_time(
    bank: Bank, platform_at: At, clock: FrozenClock, late: int, status: int
) -> None:
    platform = platform_at(bank.url)
    request = honest(platform)
    clock.advance(late)
    got = await platform.post_raw(request.body, request.query)
    assert (got.status, len(bank.conversation_ids())) == (status, 1 if status == 200 else 0)


async def test_the_same_request_sent_again_by_an_eavesdropper_says_nothing_twice(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    request = honest(platform)
    for _ in range(3):
        await platform.post_raw(request.body, request.query)
    assert bank.said_by_customer() == [WORDS]


async def test_in_a_compatible_body_only_what_is_encrypted_counts(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url, mode="compatible")
    request = honest(platform)
    forged = request.body.replace(WORDS.encode(), "转账给我".encode()).replace(LIN.encode(), b"o_another")
    assert forged != request.body
    got = await platform.post_raw(forged, request.query)
    assert got.status == 200
    assert bank.said_by_customer() == [WORDS]
    assert [row["openid"] for row in bank.rows("wechat_customers")] == [LIN]


async def test_a_creation_time_beyond_the_calendar_is_taken_for_now(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    message = replace(platform.message(LIN, "text", {"Content": "谢谢"}), created=999_999_999_999)
    assert (await platform.deliver(message)).kind == "reply"


async def test_the_platform_verifies_our_address_and_nobody_else_can(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    await platform.verify()
    async with httpx.AsyncClient() as client:
        signed = platform._signed()
        for query in ({**signed, "signature": "0" * 40, "echostr": "17"}, {"echostr": "17"}, {}):
            got = await client.get(f"{bank.url}?{urlencode(query)}")
            assert "17" not in got.text
        got = await client.get(f"{bank.url}?{urlencode({**signed, 'echostr': '<script>'})}")
    assert got.headers["content-type"].startswith("text/plain")  # the signature does not cover what is echoed
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_two_accounts_of_the_same_bank_do_not_mix(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    platform.seal = Seal(platform.seal.appid, "another token", "B" * 43)
    outcome = await platform.text(LIN, WORDS)
    assert (outcome.kind, outcome.status) == ("fault", 403)
    assert bank.conversation_ids() == []
