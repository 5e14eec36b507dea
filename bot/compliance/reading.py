"""How the guard reads: variants, blanks and marks between characters are taken away, clauses stay apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.text.normalise import normalise

BORDER = "\n"
QUESTION = "?"
_BORDERS = frozenset("，。！；\n,!;")
_WILD = "…"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Reading:
    """`text` is squeezed: 保 本, 保-本 and 保*本 read 保本. `at[i]` is the place of its i-th character in `original`."""

    original: str
    text: str
    at: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        return self.original[self.at[start] : self.at[end - 1] + 1]

    def clause(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after, up to the border of the clause; a question mark is kept at the end."""
        left = self.text[:start]
        left = left[max(left.rfind(BORDER), left.rfind(QUESTION)) + 1 :]
        right = re.match(rf"[^{BORDER}{QUESTION}]*\??", self.text[end:])
        return left, right[0] if right else ""


def read(text: str) -> Reading:
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(normalise(text)):
        kept = _kept(char)
        if kept:
            chars.append(kept)
            places.append(place)
    return Reading(text, "".join(chars), tuple(places))


def squeeze(text: str) -> str:
    """A word of guard.yml in the form in which texts are read."""
    return "".join(kept for kept in map(_kept, normalise(text)) if kept not in ("", BORDER))


def _kept(char: str) -> str:
    if char in _BORDERS:
        return BORDER
    if char in (QUESTION, "%") or unicodedata.category(char)[0] in "LN":
        return char
    return ""


@lru_cache(maxsize=512)
def pattern(words: tuple[str, ...], but: str = "") -> re.Pattern[str]:
    """Any of the words, longer ones first; "…" is up to eight characters within the clause, none of them in `but`."""
    wild = rf"[^{BORDER}{QUESTION}{but}]{{0,8}}?"
    parts = (wild.join(re.escape(squeeze(part)) for part in word.split(_WILD)) for word in _longest_first(words))
    joined = "|".join(part for part in parts if part)
    return re.compile(joined) if joined else _NEVER


@lru_cache(maxsize=512)
def ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """As `pattern`, at the end of what is searched."""
    return re.compile(rf"(?:{pattern(words).pattern})$")


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def spans(found: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [m.span() for m in found.finditer(text)]


def covered(span: tuple[int, int], by: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in by)
