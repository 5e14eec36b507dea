from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
import pytest_asyncio
from wechat.account import TEST_ACCOUNT
from wechat.caller import Caller
from wechat.endpoints import (
    API_IPS,
    CALLBACK_IPS,
    CLEAR_QUOTA,
    MEDIA,
    SELF_MENU,
    SEND,
    STABLE_TOKEN,
    TYPING,
    Media,
)  # fmt: skip
from wechat.fake_api import FakeApi
from wechat.faults import Fault

LIN, WANG = "o_lin", "o_wang"


@pytest_asyncio.fixture
async def bank(fake_api: FakeApi) -> Caller:
    """Has a token, and a customer Lin who has just written."""
    bank = Caller(fake_api)
    await bank.asks_token()
    await fake_api.customer_did(LIN, "message")
    return bank


# what is accepted


async def test_an_accepted_message_is_recorded_with_its_call(bank: Caller, fake_api: FakeApi) -> None:
    await fake_api.customer_did(WANG, "message")
    assert [await bank.sends(LIN, "一"), await bank.sends(WANG, "二"), await bank.sends(LIN, "三")] == [0, 0, 0]
    assert [message.text for message in fake_api.accepted(LIN)] == ["一", "三"]
    assert (fake_api.sends, fake_api.tokens_issued) == (3, 1)
    call = fake_api.calls_to(SEND)[0]
    assert (call.method, call.token, call.outcome, call.at) == ("POST", bank.token, "ok", fake_api.clock())
    assert call.body == {"touser": LIN, "msgtype": "text", "text": {"content": "一"}}


async def test_a_menu_message_is_read_with_its_options(bank: Caller, fake_api: FakeApi) -> None:
    options = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    menu = {"head_content": "您满意吗", "list": options, "tail_content": "谢谢"}
    answered = await bank.post(SEND, {"touser": LIN, "msgtype": "msgmenu", "msgmenu": menu})
    assert answered == {"errcode": 0, "errmsg": "ok"}
    assert fake_api.accepted(LIN)[0].text == "您满意吗\n满意\n不满意\n谢谢"


async def test_escapes_are_shown_to_the_customer_as_they_were_sent(bank: Caller, fake_api: FakeApi) -> None:
    escaped = json.dumps({"touser": LIN, "msgtype": "text", "text": {"content": '您\n"好"\\u'}})
    assert (await bank.post(SEND, escaped.encode()))["errcode"] == 0
    assert fake_api.accepted(LIN)[0].text == '\\u60a8\n"\\u597d"\\u'


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"{", 47001),
        (b"[]", 47001),
        (b"\xff", 47001),
        ({"touser": LIN, "msgtype": "text", "text": "hello"}, 47001),
        ({"touser": LIN, "msgtype": "text", "text": {"content": 5}}, 47001),
        ({"touser": LIN, "msgtype": "msgmenu", "msgmenu": {"list": []}}, 47001),
        ({"touser": LIN, "msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1"}]}}, 47001),
        ({"touser": LIN, "msgtype": "sound", "sound": {}}, 40008),
        ({"touser": LIN, "msgtype": "text", "text": {"content": ""}}, 44004),
        ({"touser": LIN, "msgtype": "text", "text": {"content": "好" * 682 + "ab"}}, 0),  # 2048 bytes
        ({"touser": LIN, "msgtype": "text", "text": {"content": "好" * 683}}, 45002),
        ({"touser": "o_nobody", "msgtype": "text", "text": {"content": "hello"}}, 40003),
        ({"msgtype": "text", "text": {"content": "hello"}}, 40003),
    ],
)
async def test_a_body_is_accepted_only_as_the_platform_would(bank: Caller, body: object, errcode: int) -> None:
    assert (await bank.post(SEND, body))["errcode"] == errcode


async def test_a_token_is_needed_for_everything_else(bank: Caller) -> None:
    for path in (SEND, TYPING, CLEAR_QUOTA):
        assert (await bank.post(path, {}, token=""))["errcode"] == 41001
        assert (await bank.post(path, {}, token="made up"))["errcode"] == 40001


async def test_other_paths_and_methods_are_refused(bank: Caller) -> None:
    assert (await bank.post("/cgi-bin/else", {}))["errcode"] == 40066
    assert (await bank.post(SELF_MENU, {}))["errcode"] == 43001
    assert json.loads((await bank.get(SEND))[1])["errcode"] == 43002


# the smaller endpoints


async def test_media_addresses_and_menu(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.media["voice-1"] = Media(b"#!AMR", "audio/amr")
    fake_api.menu["selfmenu_info"] = {"button": []}
    assert await bank.get(MEDIA, media_id="voice-1") == ("audio/amr", b"#!AMR")
    assert json.loads((await bank.get(MEDIA, media_id="gone"))[1])["errcode"] == 40007
    for path in (CALLBACK_IPS, API_IPS):
        assert json.loads((await bank.get(path))[1]) == {"ip_list": ["127.0.0.1"]}
    assert json.loads((await bank.get(SELF_MENU))[1]) == {"is_menu_open": 0, "selfmenu_info": {"button": []}}


async def test_clearing_the_quota_ends_the_daily_limit_and_runs_out(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault(45009)], persistent=True)
    fake_api.inject(TYPING, [Fault(-1), Fault(45009)])
    assert await bank.sends(LIN) == 45009
    assert (await bank.post(CLEAR_QUOTA, {"appid": "wx-another"}))["errcode"] == 40013
    assert (await bank.post(CLEAR_QUOTA, {"appid": TEST_ACCOUNT.appid}))["errcode"] == 0
    assert [await bank.sends(LIN), await bank.types(LIN), await bank.types(LIN)] == [0, -1, 0]
    for _ in range(9):
        assert (await bank.post(CLEAR_QUOTA, {"appid": TEST_ACCOUNT.appid}))["errcode"] == 0
    assert (await bank.post(CLEAR_QUOTA, {"appid": TEST_ACCOUNT.appid}))["errcode"] == 48006


# ordered troubles


@pytest.mark.parametrize("errcode", [40001, 42001, -1, 45009, 48001, 40164, 45015, 45047, 45002, 40200, 99999])
async def test_an_ordered_refusal_comes_once_and_accepts_nothing(bank: Caller, fake_api: FakeApi, errcode: int) -> None:
    fake_api.inject(SEND, [Fault(errcode)])
    assert await bank.sends(LIN) == errcode
    assert fake_api.accepted(LIN) == []
    assert await bank.sends(LIN) == 0
    assert [call.outcome for call in fake_api.calls_to(SEND)] == [str(errcode), "ok"]


async def test_ordered_troubles_come_in_their_order_and_the_last_may_stay(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault(-1), Fault(40001)], persistent=True)
    assert [await bank.sends(LIN) for _ in range(4)] == [-1, 40001, 40001, 40001]
    fake_api.heal(SEND)
    assert await bank.sends(LIN) == 0


async def test_healing_all_forgets_every_path(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault(-1)])
    fake_api.inject(TYPING, [Fault(-1)], persistent=True)
    fake_api.heal()
    assert [await bank.sends(LIN), await bank.types(LIN)] == [0, 0]


async def test_trouble_can_strike_the_token_too(fake_api: FakeApi) -> None:
    fake_api.inject(STABLE_TOKEN, [Fault(40164)])
    bank = Caller(fake_api)
    assert (await bank.asks_token())["errcode"] == 40164
    assert "access_token" in await bank.asks_token()


async def _fails(bank: Caller, timeout_s: float = 5) -> type[BaseException]:
    try:
        await asyncio.wait_for(bank.sends(LIN), timeout_s)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        return type(error)
    raise AssertionError("the call came through")


async def test_an_http_error_is_no_json(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault.http(502)])
    async with aiohttp.ClientSession() as session, session.post(fake_api.url + SEND) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert fake_api.calls_to(SEND)[0].outcome == "http 502"


async def test_a_reset_connection_accepts_nothing(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault.reset()])
    assert issubclass(await _fails(bank), (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError))
    assert fake_api.accepted(LIN) == []
    assert (fake_api.calls_to(SEND)[0].outcome, fake_api.calls_to(SEND)[0].raw) == ("reset", b"")
    assert await bank.sends(LIN) == 0


async def test_a_reset_is_a_reset_and_no_proper_end(fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault.reset()])
    host, port = fake_api.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {SEND} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_lost_answer_leaves_the_message_accepted(bank: Caller, fake_api: FakeApi) -> None:
    fake_api.inject(SEND, [Fault.answer_lost()])
    assert issubclass(await _fails(bank), (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError))
    assert [message.text for message in fake_api.accepted(LIN)] == ["您好"]
    assert fake_api.calls_to(SEND)[0].outcome == "answer lost"


async def test_a_hanging_call_is_known_at_once_and_ends_with_the_server() -> None:
    async with FakeApi(TEST_ACCOUNT.appid, TEST_ACCOUNT.secret) as api:
        bank = Caller(api)
        await bank.asks_token()
        api.inject(SEND, [Fault.hang()], persistent=True)
        assert await _fails(bank, timeout_s=0.1) is asyncio.TimeoutError
        hanging = asyncio.create_task(bank.sends(LIN))
        assert [call.outcome for call in await api.called(SEND, at_least=2)] == ["hang", "hang"]
        assert not hanging.done()
    with pytest.raises(aiohttp.ClientError):
        await hanging
    assert api.accepted(LIN) == []


async def test_waiting_for_a_call_that_never_comes_ends(fake_api: FakeApi) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await fake_api.called(SEND, timeout_s=0.05)
