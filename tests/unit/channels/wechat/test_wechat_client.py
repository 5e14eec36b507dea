"""Messages to customers: what each answer means, and never one request more than is allowed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_platform import OK, OPENID, Platform, wechat_settings

from bot.channels.wechat.client import Fate, Sent, WechatApi
from bot.channels.wechat.credential import NoToken
from bot.channels.wechat.fates import TOKEN_REFUSED
from bot.channels.wechat.tokens import Token, Tokens, wechat_tokens
from bot.clock import FrozenClock
from bot.db import Database

SEND = "/cgi-bin/message/custom/send"
NONE = "no other access token"


class TestWhatGoesOut:
    async def test_a_text(self, wechat: WechatApi, platform: Platform) -> None:
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.SENT, 0)
        (asked,) = platform.asked
        assert asked.path == SEND
        assert asked.document == {"touser": OPENID, "msgtype": "text", "text": {"content": "您好"}}

    async def test_a_menu(self, wechat: WechatApi, platform: Platform) -> None:
        sent = await wechat.send_menu(OPENID, "您可以：", [("human", "转人工"), ("form", "去填写")], "回复数字也行")
        assert sent.fate is Fate.SENT
        assert platform.asked[0].document == {
            "touser": OPENID,
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "您可以：",
                "list": [{"id": "human", "content": "转人工"}, {"id": "form", "content": "去填写"}],
                "tail_content": "回复数字也行",
            },
        }

    @pytest.mark.parametrize(("on", "command"), [(True, "Typing"), (False, "CancelTyping")])
    async def test_that_somebody_types(self, wechat: WechatApi, platform: Platform, on: bool, command: str) -> None:
        assert (await wechat.typing(OPENID, on)).fate is Fate.SENT
        assert platform.asked[0].path == "/cgi-bin/message/custom/typing"
        assert platform.asked[0].document == {"touser": OPENID, "command": command}

    async def test_chinese_leaves_as_itself_and_not_as_escapes(self, wechat: WechatApi, platform: Platform) -> None:
        await wechat.send_text(OPENID, "理财非存款，产品有风险🙂")
        assert "理财非存款，产品有风险🙂".encode() in platform.asked[0].body
        assert b"\\u" not in platform.asked[0].body

    async def test_half_an_emoji_does_not_stop_the_rest(self, wechat: WechatApi, platform: Platform) -> None:
        assert (await wechat.send_text(OPENID, "好\ud83d的")).fate is Fate.SENT
        assert platform.asked[0].document["text"]["content"] == "好的"

    async def test_under_an_address_with_a_path_of_its_own(self, tokens: Tokens, platform: Platform) -> None:
        settings = wechat_settings("https://gateway.bank.example/wechat")
        seen: list[httpx.URL] = []

        async def gateway(request: httpx.Request) -> httpx.Response:
            seen.append(request.url)
            request.url = request.url.copy_with(path=request.url.path.removeprefix("/wechat"))
            return await platform.handle(request)

        wechat = WechatApi(settings, tokens, platform.clock, httpx.MockTransport(gateway))
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.SENT
        assert [url.path for url in seen] == ["/wechat/cgi-bin/stable_token", f"/wechat{SEND}"]
        await wechat.close()


class TestWhatAnAnswerMeans:
    @pytest.mark.parametrize(
        ("errcode", "fate"),
        [
            (0, Fate.SENT),
            (-1, Fate.LATER),
            (45011, Fate.LATER),
            (45015, Fate.HELD),
            (45047, Fate.HELD),
            (45080, Fate.HELD),
            (45081, Fate.SENT),
            (45002, Fate.TOO_LONG),
            (40003, Fate.REFUSED),
            (43004, Fate.REFUSED),
            (45009, Fate.STOPPED),
            (48001, Fate.STOPPED),
            (40164, Fate.STOPPED),
            (40200, Fate.NO_MENU),
            (47001, Fate.LATER),  # and every other that the table does not know
        ],
    )
    async def test_each_errcode_has_its_fate_after_one_request(
        self, wechat: WechatApi, platform: Platform, errcode: int, fate: Fate
    ) -> None:
        platform.answers = [{"errcode": errcode, "errmsg": f"not shown {OPENID}"}]
        assert await wechat.send_text(OPENID, "您好") == Sent(fate, errcode, "")
        assert (len(platform.asked), platform.fetches) == (1, [False])

    async def test_the_platforms_number_of_the_request_is_kept_for_its_support(
        self, wechat: WechatApi, platform: Platform
    ) -> None:
        platform.answers = [{"errcode": 48001, "errmsg": "api unauthorized rid: 64a2acfb-39b8ab86-1cd28664"}]
        assert (await wechat.send_text(OPENID, "您好")).detail == "rid 64a2acfb-39b8ab86-1cd28664"

    @pytest.mark.parametrize("status", [500, 502, 503, 404, 302, 201])
    async def test_another_status_leaves_it_open(self, wechat: WechatApi, platform: Platform, status: int) -> None:
        platform.answers = [httpx.Response(status, json=OK, headers={"Location": "https://elsewhere.example"})]
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.AMBIGUOUS, None, f"HTTP {status}")
        assert len(platform.asked) == 1

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"ok",
            b"<html>\xe7\xbd\x91\xe5\x85\xb3</html>",
            b'{"errcode":0',
            b"[0]",
            b"0",
            b"{}",
            b'{"errcode":"0"}',
            b'{"errcode":false}',
            b'{"errcode":null}',
            b'{"errcode":0.0}',
            b'{"errcode":' + b"9" * 100 + b"}",
            b'{"errcode":\xff}',
            b"[" * 100_000,
        ],
    )
    async def test_an_answer_that_says_nothing_leaves_it_open(
        self, wechat: WechatApi, platform: Platform, body: bytes
    ) -> None:
        platform.answers = [httpx.Response(200, content=body)]
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.AMBIGUOUS, None, "unreadable")
        assert len(platform.asked) == 1

    async def test_an_answer_is_read_whatever_its_type(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [httpx.Response(200, content=b'{"errcode":45015}', headers={"Content-Type": "text/plain"})]
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.HELD

    async def test_a_huge_answer_is_not_read_to_its_end(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [{"errcode": 0, "errmsg": "x" * 300_000}]
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.AMBIGUOUS, None, "over 262144 bytes")

    async def test_a_store_that_is_away_means_later(
        self, wechat: WechatApi, platform: Platform, token_db: Database
    ) -> None:
        wechat_tokens.drop(token_db.engine)
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.LATER
        assert platform.asked == []


class TestAnAccessTokenThatIsRefused:
    """40001, 40014 and 42001 say that nothing was done, so a second request is safe. There is no third."""

    @pytest.mark.parametrize("errcode", sorted(TOKEN_REFUSED))
    async def test_is_replaced_once_and_the_message_sent_again(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock, errcode: int
    ) -> None:
        await wechat.token()
        clock.advance(60)
        platform.answers = [lambda _: httpx.Response(200, json={"errcode": errcode}), OK]
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.SENT, 0)
        assert [asked.token for asked in platform.asked] == ["ACCESS-TOKEN-1", "ACCESS-TOKEN-2"]
        assert platform.asked[0].body == platform.asked[1].body

    async def test_for_ever_costs_two_requests_and_two_tokens(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        platform.refuses_all = True
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.STOPPED, 40001)
        assert (len(platform.asked), platform.fetches) == (
            2,
            [False, True],
        )  # a new one by force, for it is just fetched

    async def test_for_ever_costs_no_more_the_next_time(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        platform.refuses_all = True
        await wechat.send_text(OPENID, "您好")
        clock.advance(10)  # too early for force
        assert await platform.cost(wechat.send_text(OPENID, "您好")) == (Sent(Fate.STOPPED, 40001, NONE), 1, [])
        clock.advance(30)
        assert await platform.cost(wechat.send_text(OPENID, "您好")) == (Sent(Fate.STOPPED, 40001), 2, [True])
        clock.advance(60)  # old enough that the polite way may bring another; it brings the same
        assert await platform.cost(wechat.send_text(OPENID, "您好")) == (Sent(Fate.STOPPED, 40001), 2, [False, True])

    async def test_is_not_used_again_where_even_force_brings_the_same(
        self, wechat: WechatApi, platform: Platform
    ) -> None:
        platform.forced()  # a second ago, by another system of the bank
        platform.refuses_all = True
        assert await platform.cost(wechat.send_text(OPENID, "您好")) == (
            Sent(Fate.STOPPED, 40001, NONE),
            1,
            [False, True],
        )

    async def test_for_ever_stays_within_the_days_twenty_by_force(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        platform.refuses_all = True
        for _ in range(30):
            clock.advance(40)
            assert (await wechat.send_text(OPENID, "您好")).fate is Fate.STOPPED
        assert platform.fetches.count(True) == 20

    async def test_is_replaced_by_the_newer_one_that_another_process_has_stored(
        self, wechat: WechatApi, platform: Platform, tokens: Tokens, clock: FrozenClock
    ) -> None:
        await wechat.token()
        clock.advance(1)
        newer = platform.renew()
        tokens.save(Token(newer, clock.now() + timedelta(hours=2), clock.now()))
        platform.fetches.clear()
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.SENT
        assert [asked.token for asked in platform.asked] == ["ACCESS-TOKEN-1", newer]
        assert platform.fetches == []

    async def test_is_asked_for_politely_where_another_system_has_renewed_it(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        """Force would take the new one from that system in turn, and so on for ever."""
        await wechat.token()
        clock.advance(600)
        platform.renew()
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.SENT
        assert platform.fetches == [False, False]

    async def test_by_many_messages_at_once_is_replaced_once(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        await wechat.token()
        clock.advance(600)
        platform.renew()
        sent = await asyncio.gather(*(wechat.send_text(OPENID, str(n)) for n in range(20)))
        assert {one.fate for one in sent} == {Fate.SENT}
        assert platform.fetches == [False, False]
        assert len(platform.asked) == 40

    async def test_and_the_second_answer_is_final(self, wechat: WechatApi, platform: Platform) -> None:
        await wechat.token()
        platform.clock.advance(60)
        platform.renew()
        platform.answers = [httpx.Response(502)]
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.AMBIGUOUS
        assert len(platform.asked) == 2

    async def test_without_another_to_be_had_means_later(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        await wechat.token()
        clock.advance(60)
        platform.renew()
        platform.grant = httpx.ConnectError("down")
        assert await wechat.send_text(OPENID, "您好") == Sent(Fate.LATER, None, "no access token: ConnectError")
        assert len(platform.asked) == 1


async def test_a_process_without_a_token_tells_so(wechat: WechatApi, platform: Platform) -> None:
    platform.grant = {"errcode": 40125, "errmsg": "invalid appsecret"}
    with pytest.raises(NoToken) as refused:
        await wechat.token()
    assert refused.value.extra == {"errcode": 40125}


@pytest.mark.parametrize(
    ("grant", "sent"),
    [
        ({"errcode": 40125}, Sent(Fate.STOPPED, 40125, "no access token: 40125")),
        ({"errcode": 40164}, Sent(Fate.STOPPED, 40164, "no access token: 40164")),
        ({"errcode": 40001}, Sent(Fate.STOPPED, 40001, "no access token: 40001")),
        ({"errcode": 40003}, Sent(Fate.STOPPED, 40003, "no access token: 40003")),
        ({"errcode": -1}, Sent(Fate.LATER, -1, "no access token: -1")),
        (httpx.Response(502), Sent(Fate.LATER, None, "no access token: HTTP 502")),
        (httpx.ReadTimeout("slow"), Sent(Fate.LATER, None, "no access token: ReadTimeout")),
        *(
            (grant, Sent(Fate.LATER, None, "no access token: unreadable"))
            for grant in (
                {},
                {"access_token": "", "expires_in": 7200},
                {"access_token": "有效", "expires_in": 7200},
                {"access_token": "x" * 5000, "expires_in": 7200},
                {"access_token": 7, "expires_in": 7200},
                {"access_token": "x"},
                {"access_token": "x", "expires_in": 0},
                {"access_token": "x", "expires_in": True},
                {"access_token": "x", "expires_in": "7200"},
            )
        ),
    ],
)
async def test_without_a_token_nothing_leaves(wechat: WechatApi, platform: Platform, grant: Any, sent: Sent) -> None:
    platform.grant = grant
    assert await wechat.send_text(OPENID, "您好") == sent
    assert (platform.asked, platform.fetches) == ([], [False])
