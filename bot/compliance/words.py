"""From the words of guard.yml to what finds them. A word is plain text; in it "…" is up to ten characters of the same
clause and 【a/b】 one of both.

Words are grouped by their first character: so the search passes over text without any at the speed of the regex engine,
and a list of a thousand words costs little more than one of ten.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.compliance.reading import BORDER, QUESTION, squeeze

_WILD = "…"
_PARTS = re.compile(r"…|【[^】]*】|[^…【]+")
_NEVER = re.compile(r"(?!)")


@lru_cache(maxsize=512)
def pattern(words: tuple[str, ...], but: str = "") -> re.Pattern[str]:
    """Any of the words, longer ones first. "…" holds no character of `but`."""
    wild = rf"[^{BORDER}{QUESTION}{but}]{{0,10}}?"
    starting: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(dict.fromkeys(words), key=lambda word: (-_length(word), word)):
        head, *rest = _PARTS.findall(word) or [""]
        for first, starts in _by_first(_choices(head)):
            starting[first].append(_any(starts) + "".join(_compiled(part, wild) for part in rest))
    joined = "|".join(_grouped(first, found) for first, found in starting.items())
    return re.compile(joined) if joined else _NEVER


class Ending:
    """Where the longest of the words begins that the text ends with."""

    def __init__(self, words: Iterable[str]) -> None:
        plain = {word for word in words if not _is_open(word)}
        self._plain = {squeeze(word) for word in plain} - {""}
        self._most = max(map(len, self._plain), default=0)
        open_ones = tuple(word for word in words if word not in plain)
        self._open = re.compile(rf"(?:{pattern(open_ones).pattern})$") if open_ones else _NEVER

    def start(self, text: str) -> int | None:
        if found := self._open.search(text):
            return found.start()
        for length in range(min(self._most, len(text)), 0, -1):
            if text[-length:] in self._plain:
                return len(text) - length
        return None


def _is_open(word: str) -> bool:
    return _WILD in word or "【" in word


def _length(word: str) -> int:
    return sum(len(_choices(part)[0]) for part in _PARTS.findall(word))


def _choices(part: str) -> list[str]:
    return part[1:-1].split("/") if part.startswith("【") else [part]


def _by_first(starts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Squeezed, and together where the first character is the same."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for start in starts:
        if squeezed := squeeze(start):
            found[squeezed[0]].append(squeezed)
    yield from found.items()


def _compiled(part: str, wild: str) -> str:
    return wild if part == _WILD else _any([squeeze(one) for one in _choices(part)])


def _any(words: list[str]) -> str:
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return re.escape(longest[0]) if len(longest) == 1 else "(?:" + "|".join(map(re.escape, longest)) + ")"


def _grouped(first: str, found: list[str]) -> str:
    """The regex engine itself takes out the first character that all of them share."""
    return found[0] if len(found) == 1 else "(?:" + "|".join(found) + ")"


def spans(found: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [m.span() for m in found.finditer(text)]


def covered(span: tuple[int, int], by: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in by)
