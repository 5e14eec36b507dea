"""The account's menu: a sample for the platform, and what its keys mean to us.

The platform answers entries that show a text or open a page by itself; only a CLICK comes to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.wechat.reception import WEB_MENU
from bot.conversation.model import Reserved
from bot.errors import KnowledgeError
from bot.knowledge import Knowledge

MOST_ENTRIES, COLUMN_BYTES, ENTRY_BYTES = 5, 16, 60  # the platform's limits
_COLUMNS = ("wechat_menu_services", "wechat_menu_people", "wechat_menu_web")


def sample(said: Knowledge) -> dict[str, Any]:
    """As the platform's "create menu" takes it. Raises KnowledgeError where a name is too long for the platform."""
    return {"button": [_column(said, phrase) for phrase in _COLUMNS]}


def leads_somewhere(key: str, said: Knowledge) -> bool:
    """Does a click with this key bring the customer an answer?"""
    return key == WEB_MENU or key in said.scripts or key in {reserved.value for reserved in Reserved}


def click_keys(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and key of every entry that comes to us as a CLICK, from the account's present menu."""
    yield from _clicks((shown.get("selfmenu_info") or {}).get("button"))


def _column(said: Knowledge, phrase: str) -> dict[str, Any]:
    name, choices = said.phrase(phrase)
    _fits(phrase, name, COLUMN_BYTES)
    if not choices:
        return {"type": "click", "name": name, "key": WEB_MENU}
    if len(choices) > MOST_ENTRIES:
        raise KnowledgeError(f"phrase {phrase}: a column of the menu has at most {MOST_ENTRIES} entries")
    for choice in choices:
        _fits(phrase, choice.label, ENTRY_BYTES)
    return {"name": name, "sub_button": [{"type": "click", "name": one.label, "key": one.id} for one in choices]}


def _fits(phrase: str, name: str, most: int) -> None:
    if len(name.encode()) > most:
        raise KnowledgeError(f"phrase {phrase}: {name!r} is longer than {most} bytes, which the platform refuses")


def _clicks(entries: Any) -> Iterator[tuple[str, str]]:
    """Nested as the platform nests them: a column's entries stand below `sub_button`, in a `list`."""
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        below = entry.get("sub_button")
        yield from _clicks(below.get("list") if isinstance(below, dict) else below)
        if str(entry.get("type", "")).lower() == "click":
            yield str(entry.get("name", "")), str(entry.get("key", ""))
