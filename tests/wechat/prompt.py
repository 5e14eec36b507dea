"""The simulator by hand: a line is what the customer types, a slash is something that he does."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import aiohttp
from wechat import messages
from wechat.customers import Seen
from wechat.messages import Message
from wechat.outcomes import NotVerified, Outcome

if TYPE_CHECKING:
    from wechat.simulator import Platform

HELP = """any text                  the customer types it
/subscribe [SCENE]        follows the account, with SCENE by a QR code
/unsubscribe              no longer follows
/scan SCENE               scans a QR code as a follower
/click KEY                touches a menu entry
/view URL                 touches a menu entry that opens a page
/option ID TEXT           touches an option of a menu message
/voice [TEXT]             speaks; without TEXT nothing is recognised
/image  /video  /file [NAME]
/location LAT LON [LABEL]
/link URL [TITLE]
/again [COPIES]           the platform delivers the last message again, COPIES at once
/verify                   the platform binds the server
/help  /quit"""


class Unknown(ValueError):
    """The line is no command; the text says what is wrong."""


def to_message(platform: Platform, openid: str, line: str) -> Message:
    """What the customer sends with this line. Raises Unknown."""
    if not line.startswith("/"):
        return platform.message(openid, "text", messages.text(line))
    command, _, rest = line[1:].partition(" ")
    rest = rest.strip()
    if command in ("subscribe", "unsubscribe"):
        return platform.new_event(openid, command, f"qrscene_{rest}" if rest else "")
    if command in ("scan", "click", "view") and rest:
        return platform.new_event(openid, command.upper(), rest)
    if command == "option" and " " in rest:
        menu_id, _, text = rest.partition(" ")
        return platform.message(openid, "text", messages.text(text, menu_id))
    if command == "location":
        lat, lon, label = (*rest.split(maxsplit=2), "", "", "")[:3]
        try:
            return platform.message(openid, "location", messages.location(float(lat), float(lon), label))
        except ValueError:
            raise Unknown("/location needs two numbers, e.g. /location 31.23 121.47") from None
    if command == "link" and rest:
        url, _, title = rest.partition(" ")
        return platform.message(openid, "link", messages.link(title, "", url))
    fields = {
        "voice": lambda: messages.voice(rest or None),
        "image": messages.image,
        "video": messages.video,
        "file": lambda: messages.file(rest or "statement.pdf"),
    }.get(command)
    if fields is None:
        raise Unknown(f"no such command, or its word is missing: /{command} (see /help)")
    return platform.message(openid, command, fields())


async def converse(
    platform: Platform,
    openid: str,
    lines: AsyncIterator[str] | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Read lines until they end or say /quit, and tell what the customer sees as it comes."""
    platform.customers[openid].watch(lambda entry: say(_as_seen(entry)))
    say(f"You are {openid}. Type; /help tells the rest.")
    last: Message | None = None
    async for line in lines if lines is not None else _typed():
        if line.strip() == "/quit":
            return
        try:
            last = await _do(platform, openid, line, last, say)
        except Unknown as error:
            say(str(error))
        except NotVerified as error:
            say(f"  not verified: {error}")
        except aiohttp.ClientError as error:
            say(f"  fake_api.py does not answer: {type(error).__name__}")


async def _do(
    platform: Platform, openid: str, line: str, last: Message | None, say: Callable[[str], None]
) -> Message | None:
    """Do what the line says; the message that /again would repeat."""
    command, _, rest = line.strip().partition(" ")
    if command == "":
        return last
    if command == "/help":
        say(HELP)
        return last
    if command == "/verify":
        say(f"  echoed {await platform.verify()}")
        return last
    if command == "/again":
        if last is None or (rest and not rest.isdecimal()):
            raise Unknown("/again repeats what was sent, at most as often as the number says")
        message, copies = last, int(rest or 1)
    else:
        message, copies = to_message(platform, openid, line.strip()), 1
    for outcome in await platform.at_once(message, copies):
        say(_as_told(outcome))
    return message


def _as_told(outcome: Outcome) -> str:
    why = f": {outcome.reason}" if outcome.reason else ""
    tries = "" if len(outcome.attempts) == 1 else f" after {len(outcome.attempts)} tries"
    return f"  [{outcome.kind}{why}{tries}, {outcome.seconds:.2f} s]"


def _as_seen(entry: Seen) -> str:
    if entry.way == "banner":
        return "  !! the customer sees the platform's fault banner"
    return f"  <- ({entry.way}) {entry.text or entry.body}"


async def _typed() -> AsyncIterator[str]:
    """Lines of the terminal. A thread that dies with the program reads them: it may hang in the read for ever."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str]()

    def reads() -> None:
        line = "to begin with"
        while line:  # the empty one, at the end of the input, is passed on too
            line = sys.stdin.readline()
            loop.call_soon_threadsafe(queue.put_nowait, line)

    threading.Thread(target=reads, daemon=True).start()
    while line := await queue.get():
        yield line.rstrip("\n")
