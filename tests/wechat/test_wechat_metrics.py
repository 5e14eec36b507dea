"""What who watches over the server sees of the channel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
from wechat.bank import assistant_with, bank_at
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.wiring import House


async def test_metrics_tell_how_deliveries_were_answered_and_what_became_of_messages(
    house: House, fake_api: FakeApi, platform_at: Callable[..., Platform], tmp_path: Path
) -> None:
    async with bank_at(house, assistant_with(), tmp_path, fake_api) as bank:
        platform = platform_at(bank.url)
        await platform.text("o-anna", "房贷利率是多少")
        await platform.post_raw(b"<xml/>", {"signature": "no"})
        async with httpx.AsyncClient() as client:
            shown = (await client.get(bank.server.url + "/metrics")).text
    assert 'qiantai_wechat_messages{state="sent"} 1.0' in shown
    assert 'qiantai_wechat_answered_total{how="reply"} 1.0' in shown
    assert 'qiantai_wechat_refused_total{why="plain"} 1.0' in shown
    assert "qiantai_wechat_stopped 0.0" in shown
    assert "o-anna" not in shown
