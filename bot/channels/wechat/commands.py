"""`qiantai wechat ...`: what an operator asks of the channel. What he reads goes to standard output."""

from __future__ import annotations

import asyncio
import json
import re

from bot.channels.wechat import check as checking
from bot.channels.wechat import menu as menus
from bot.channels.wechat.bridge import connect
from bot.errors import ConfigurationError, InvalidInput
from bot.wiring import House

_OPENID = re.compile(r"[!-~]{1,64}")


def check(house: House, public_url: str | None) -> int:
    """Prints what works and what does not; 1 where something does not."""
    return asyncio.run(_check(house, public_url))


async def _check(house: House, public_url: str | None) -> int:
    bad = 0
    async for finding in checking.findings(house, public_url):
        print(finding, flush=True)
        bad += finding.kind == "bad"
    return 1 if bad else 0


def link(house: House, openid: str) -> None:
    """The link that makes a web conversation this customer's, and his name in our records.

    Raises ConfigurationError, InvalidInput; neither tells the openid.
    """
    if house.settings.web_chat is None:
        raise ConfigurationError("QIANTAI_WEB_CHAT is missing: the address of the bank's page with the chat")
    bridge = connect(house)
    if bridge is None:
        raise ConfigurationError("no WeChat account is set: see `qiantai wechat check`")
    if not _OPENID.fullmatch(openid):
        raise InvalidInput("this is no openid: 1 to 64 letters, digits and signs, without spaces")
    customer_id = bridge.reception.customer_id(openid)
    print(f"customer {customer_id}\nlink     {bridge.reception.links.url(customer_id)}")


def menu(house: House) -> None:
    print(json.dumps(menus.sample(house.knowledge), ensure_ascii=False, indent=2))
