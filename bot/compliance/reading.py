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
_BORDERS = frozenset("，。！；：→\n,!;:")
_WILD = "…"
_REACH = 60  # characters of a clause that bear on a word; keeps the reading of a clause without end short
_PARTS = re.compile(r"…|【[^】]*】|[^…【]+")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Reading:
    """`text` is squeezed: 保 本, 保-本 and 保*本 read 保本. `at[i]` is where its i-th character stands."""

    original: str
    text: str
    at: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        return self.original[self.at[start] : self.at[end - 1] + 1]

    def clause(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after, up to the border of the clause; a question mark is kept at the end."""
        left = self.text[max(0, start - _REACH) : start]
        left = left[max(left.rfind(BORDER), left.rfind(QUESTION)) + 1 :]
        right = re.match(rf"[^{BORDER}{QUESTION}]*\??", self.text[end : end + _REACH])
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
    return "".join(map(_kept, normalise(text)))


def _kept(char: str) -> str:
    if char in _BORDERS:
        return BORDER
    if char in (QUESTION, "%") or unicodedata.category(char)[0] in "LN":
        return char
    return ""


@lru_cache(maxsize=512)
def pattern(words: tuple[str, ...], but: str = "") -> re.Pattern[str]:
    """Any of the words, longer ones first. In a word "…" is up to ten characters within the clause, none of them in
    `but`, and 【a/b】 is one of them."""
    wild = rf"[^{BORDER}{QUESTION}{but}]{{0,10}}?"
    parts = (_compiled(word, wild) for word in sorted(words, key=lambda word: (-len(word), word)))
    joined = "|".join(part for part in parts if part)
    return re.compile(joined) if joined else _NEVER


def _compiled(word: str, wild: str) -> str:
    parts = []
    for part in _PARTS.findall(word):
        if part == _WILD:
            parts.append(wild)
        elif part.startswith("【"):
            parts.append("(?:" + "|".join(re.escape(squeeze(one)) for one in part[1:-1].split("/")) + ")")
        else:
            parts.append(re.escape(squeeze(part)))
    return "".join(parts)


@lru_cache(maxsize=512)
def ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """As `pattern`, at the end of what is searched."""
    return re.compile(rf"(?:{pattern(words).pattern})$")


def spans(found: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [m.span() for m in found.finditer(text)]


def covered(span: tuple[int, int], by: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in by)
