"""Which of the choices shown to a customer he means by a number or by their words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.text.entities import number
from bot.text.normalise import normalise

_NUMBER = r"([1-9][0-9]?|[一二三四五六七八九十]{1,3})"
_CHOSEN = re.compile(rf"(?:我?选择?)?\s*(?:第\s*{_NUMBER}\s*[个项条]?|\(?{_NUMBER})\s*[.、。,)]?")


def chosen(text: str, choices: Sequence[tuple[str, str]]) -> str | None:
    """The id of the choice (id, label) that is meant; None where that is not plain."""
    said = _plain(text)
    meant = {id_ for place, (id_, label) in enumerate(choices, start=1) if said and said in _labels(place, label)}
    if found := _CHOSEN.fullmatch(said):
        place = int(number(found[1] or found[2]) or 0)
        meant |= {id_ for id_, _ in choices[place - 1 : place]}
    return meant.pop() if len(meant) == 1 else None


def _labels(place: int, label: str) -> tuple[str, ...]:
    """The label, and the whole line where choices are numbered."""
    return _plain(label), _plain(f"{place} {label}"), _plain(f"{place}{label}")


def _plain(text: str) -> str:
    """Simplified, half-width, without the rings of ① and 1️⃣."""
    bare = text.replace("\ufe0f", "").replace("\u20e3", "")
    return normalise(unicodedata.normalize("NFKC", bare)).strip()
