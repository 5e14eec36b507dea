"""What is fetched from the platform: media within limits, its addresses, the account's menu."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from api_platform import Platform

from bot.channels.wechat.client import MEDIA_BYTES, Media, WechatApi
from bot.channels.wechat.errors import WechatUnavailable
from bot.clock import FrozenClock
from bot.errors import NotFound

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def file(kind: str, body: bytes = PNG, name: str | None = "MEDIA_ID.png") -> httpx.Response:
    headers = {"Content-Type": kind}
    if name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return httpx.Response(200, content=body, headers=headers)


class TestMedia:
    async def test_arrives_as_the_customer_sent_it(self, wechat: WechatApi, platform: Platform) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            assert request.method == "GET"
            assert (request.url.path, request.url.params["media_id"]) == ("/cgi-bin/media/get", "a&b=c/+ d")
            return file("image/png")

        platform.answers = [answer]
        assert await wechat.media("a&b=c/+ d") == Media("image/png", PNG, "MEDIA_ID.png")

    @pytest.mark.parametrize(
        "kind", ["image/jpeg", "image/gif", "audio/amr", "voice/speex", "video/mp4", "application/octet-stream"]
    )
    async def test_may_be_a_picture_a_voice_a_video_or_a_file(
        self, wechat: WechatApi, platform: Platform, kind: str
    ) -> None:
        platform.answers = [file(f"{kind.upper()}; x=y", name=None)]
        media = await wechat.media("id")
        assert (media.content_type, media.body) == (kind, PNG)
        assert media.name == kind.partition("/")[0]

    @pytest.mark.parametrize(
        "kind", ["text/html", "text/plain", "image/svg+xml", "application/javascript", "application/json", "", "image"]
    )
    async def test_is_nothing_that_a_browser_would_run(self, wechat: WechatApi, platform: Platform, kind: str) -> None:
        platform.answers = [file(kind)]
        with pytest.raises(WechatUnavailable):
            await wechat.media("id")

    async def test_is_at_most_ten_megabytes(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [file("image/png", bytes(MEDIA_BYTES)), file("image/png", bytes(MEDIA_BYTES + 1))]
        assert len((await wechat.media("id")).body) == 10 * 1024 * 1024
        with pytest.raises(WechatUnavailable, match="over 10485760 bytes"):
            await wechat.media("id")

    async def test_is_never_empty(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [file("image/png", b"")]
        with pytest.raises(WechatUnavailable):
            await wechat.media("id")

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/json; charset=utf-8"])
    async def test_that_has_expired_is_not_found(self, wechat: WechatApi, platform: Platform, kind: str) -> None:
        platform.answers = [file(kind, b'{"errcode":40007,"errmsg":"invalid media_id"}', None)]
        with pytest.raises(NotFound):
            await wechat.media("id")

    @pytest.mark.parametrize("answer", [{"errcode": -1}, {"errcode": 48001}, {"video_url": "http://x.example/film"}])
    async def test_that_the_platform_does_not_hand_out_is_unavailable(
        self, wechat: WechatApi, platform: Platform, answer: Any
    ) -> None:
        platform.answers = [answer]
        with pytest.raises(WechatUnavailable):
            await wechat.media("id")
        assert len(platform.asked) == 1

    @pytest.mark.parametrize("kind", ["image/png", "application/octet-stream"])
    async def test_cannot_speak_for_the_platform(self, wechat: WechatApi, platform: Platform, kind: str) -> None:
        """A customer's file that says 40001 would cost the bank its access token each time that it is opened."""
        platform.answers = [file(kind, b'{"errcode":40001}')]
        assert (await wechat.media("id")).body == b'{"errcode":40001}'
        assert platform.fetches == [False]

    async def test_survives_a_renewed_token(self, wechat: WechatApi, platform: Platform, clock: FrozenClock) -> None:
        await wechat.token()
        clock.advance(60)
        platform.renew()
        platform.answers = [file("image/png")]
        assert (await wechat.media("id")).body == PNG
        assert len(platform.asked) == 2


class TestThePlatformsAddresses:
    async def test_are_told(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [{"ip_list": ["101.226.62.77", "101.226.103.0/25"]}]
        assert await wechat.addresses() == ["101.226.62.77", "101.226.103.0/25"]
        assert platform.asked[0].path == "/cgi-bin/getcallbackip"

    @pytest.mark.parametrize("answer", [{}, {"ip_list": "127.0.0.1"}, {"ip_list": [7]}, [], {"errcode": -1}])
    async def test_are_never_guessed(self, wechat: WechatApi, platform: Platform, answer: Any) -> None:
        platform.answers = [httpx.Response(200, json=answer)]
        with pytest.raises(WechatUnavailable):
            await wechat.addresses()


class TestTheMenu:
    async def test_is_told_as_it_is(self, wechat: WechatApi, platform: Platform) -> None:
        menu = {"is_menu_open": 1, "selfmenu_info": {"button": [{"type": "click", "name": "人工", "key": "human"}]}}
        platform.answers = [menu]
        assert await wechat.menu() == menu
        assert platform.asked[0].path == "/cgi-bin/get_current_selfmenu_info"

    async def test_that_was_never_made_is_empty(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [{"errcode": 46003, "errmsg": "menu no exist"}]
        assert await wechat.menu() == {}

    async def test_that_may_not_be_read_says_why(self, wechat: WechatApi, platform: Platform) -> None:
        platform.answers = [{"errcode": 48001, "errmsg": "api unauthorized rid: 64a2acfb-39b8ab86-1cd28664"}]
        with pytest.raises(WechatUnavailable, match="48001 rid 64a2acfb-39b8ab86-1cd28664") as refused:
            await wechat.menu()
        assert refused.value.extra == {"errcode": 48001}

    @pytest.mark.parametrize("answer", [b"<html>", b"[]", b""])
    async def test_that_cannot_be_read_is_unavailable(
        self, wechat: WechatApi, platform: Platform, answer: bytes
    ) -> None:
        platform.answers = [httpx.Response(200, content=answer)]
        with pytest.raises(WechatUnavailable):
            await wechat.menu()
