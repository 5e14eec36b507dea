"""How the guard reads: variants, blanks and marks between characters are taken away, clauses stay apart, and what is
written in letters or look-alikes to get past a reader (bao ben, 葆本, 唔会) is read as what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.text.normalise import normalise

BORDER = "\n"
QUESTION = "?"
_BORDERS = frozenset("，。！；：→\n,!;:")
_REACH = 60  # characters of a clause that bear on a word; keeps the reading of a clause without end short
_LETTERS = re.compile(r"[a-zà-ɏ\u0300-\u036f]+")
_BRACKETS = re.compile(r"[（(\[【「][^）)\]】」\n]{1,12}[）)\]】」]")
_BESIDE_WORDS = 40
_BESIDE = 20  # characters on either side of a bracket that are read without it


class _Kept(dict[str, str]):
    """What becomes of a character; fills itself as characters are met."""

    def __missing__(self, char: str) -> str:
        word = char in (QUESTION, "%") or unicodedata.category(char)[0] in "LN"
        self[char] = kept = BORDER if char in _BORDERS else char if word else ""
        return kept


_KEPT = _Kept()


@dataclass(frozen=True)
class Reading:
    """`text` is squeezed: 保 本, 保-本 and 保*本 read 保本. Its i-th character stands in `original` from `at[i]` up to
    `until[i]`."""

    original: str
    text: str
    at: tuple[int, ...]
    until: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        return self.original[self.at[start] : self.until[end - 1]]

    def clause(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after, up to the border of the clause; a question mark is kept at the end."""
        left = self.text[max(0, start - _REACH) : start]
        left = left[max(left.rfind(BORDER), left.rfind(QUESTION)) + 1 :]
        right = re.match(rf"[^{BORDER}{QUESTION}]*\??", self.text[end : end + _REACH])
        return left, right[0] if right else ""

    def beside(self, start: int, end: int) -> str:
        return self.text[max(0, start - _BESIDE_WORDS) : end + _BESIDE_WORDS]


@dataclass(frozen=True)
class _Spellings:
    characters: dict[str, str]
    syllables: dict[str, str]
    whole: re.Pattern[str]  # a run of letters that is nothing but syllables
    one: re.Pattern[str]


def read(text: str, spellings: tuple[tuple[str, ...], ...] = ()) -> Reading:
    """`spellings` as in guard.yml."""
    return _read(text, normalise(text), _prepared(spellings))


def without_brackets(reading: Reading, spellings: tuple[tuple[str, ...], ...]) -> Reading | None:
    """保（略）本 as 保本: what stands around each short bracket, without it; None where there is no such bracket."""
    text = normalise(reading.original)
    brackets = [m.span() for m in _BRACKETS.finditer(text)]
    if not brackets:
        return None
    kept = [BORDER] * len(text)
    for start, end in brackets:
        kept[max(0, start - _BESIDE) : end + _BESIDE] = text[max(0, start - _BESIDE) : end + _BESIDE]
    for start, end in brackets:
        kept[start:end] = " " * (end - start)
    return _read(reading.original, "".join(kept), _prepared(spellings))


def squeeze(text: str) -> str:
    """A word of guard.yml in the form in which texts are read."""
    return "".join(map(_KEPT.__getitem__, normalise(text)))


def _read(original: str, text: str, spellings: _Spellings) -> Reading:
    chars: list[str] = []
    at: list[int] = []
    until: list[int] = []
    spelled = dict(_spelled(text, spellings))
    meant = spellings.characters
    place = 0
    while place < len(text):
        char, length = text[place], 1
        if place in spelled:
            char, length = spelled[place]
        for kept in meant.get(char, char):
            if kept := _KEPT[kept]:
                chars.append(kept)
                at.append(place)
                until.append(place + length)
        place += length
    return Reading(original, "".join(chars), tuple(at), tuple(until))


def _spelled(text: str, spellings: _Spellings) -> Iterator[tuple[int, tuple[str, int]]]:
    """Where a character is written in letters: its place, and how many letters it takes."""
    for run in _LETTERS.finditer(text):
        letters, places = _plain(run)
        if spellings.whole.fullmatch(letters):
            for one in spellings.one.finditer(letters):
                first, last = places[one.start()], places[one.end() - 1]
                yield first, (spellings.syllables[one[0]], last + 1 - first)


def _plain(run: re.Match[str]) -> tuple[str, list[int]]:
    """The letters without their tone marks, and where each stands."""
    found = [
        (letter, place)
        for place, char in enumerate(run[0], run.start())
        for letter in unicodedata.normalize("NFD", char)
        if not unicodedata.combining(letter)
    ]
    return "".join(letter for letter, _ in found), [place for _, place in found]


@lru_cache(maxsize=8)
def _prepared(spellings: tuple[tuple[str, ...], ...]) -> _Spellings:
    written = {normalise(way): meant for meant, *ways in spellings for way in ways}
    syllables = {way: meant for way, meant in written.items() if way.isascii() and way.isalpha()}
    one = "|".join(sorted(syllables, key=lambda way: (-len(way), way))) or "(?!)"
    characters = {way: meant for way, meant in written.items() if way not in syllables}
    return _Spellings(characters, syllables, re.compile(f"(?:{one})+"), re.compile(one))
