"""Where a text sends the customer: only to the bank's own addresses, never to somebody's private contact (L9)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.normalise import normalise

# With the path behind it, whose dots are no hosts of their own.
_HOST = re.compile(
    r"(?:https?://|(?<![a-z0-9@._-]))((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?![a-z0-9_-])(?:[:/?#][!-+\--~]*)?"
)
_PATH = re.compile(r"https?://[^\s/?#]+([/?#][!-+\--~]*)")
_FILES = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "apk", "txt", "zip"})


def without_paths(text: str) -> str:
    """The text with blanks for what stands behind the host of an address: letters in a signed token say nothing."""
    chars = list(text)
    for m in _PATH.finditer(normalise(text)):
        chars[m.start(1) : m.end(1)] = " " * (m.end(1) - m.start(1))
    return "".join(chars)


def strange_hosts(text: str, domains: Sequence[str]) -> tuple[str, ...]:
    """Hosts in the text, also behind an @, that are none of the bank's."""
    found = [m[1] for m in _HOST.finditer(normalise(text).replace("@", " "))]
    return tuple(dict.fromkeys(host for host in found if not is_own(host, domains) and _ending(host) not in _FILES))


def is_own(host: str, domains: Sequence[str]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _ending(host: str) -> str:
    return host.rpartition(".")[2]
