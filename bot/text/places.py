"""Cities, districts and the bank's own branches in what customers type. Pure; offsets are those of the text given.

The names come from knowledge/places.yml and branches.yml. The longest name wins; nothing is read inside the tokens that
stand for personal data, and nothing that begins or ends inside another word (加大理财 names no 大理).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from bot.text.normalise import normalise

PLACE, BRANCH = "place", "branch"

_TOKEN = re.compile(r"〔[^〕]*〕")
_UNIT = re.compile(r".+?(?:特别行政区|自治[区州县旗]|省|市|区|县|旗)(?![市区县])")
_OF_A_BANK = re.compile(r"^.*?银行(?:股份有限公司)?(?=.)")
_KIND = r"(?:社区)?(?:支行|分行|营业部|营业厅|营业室|分理处|储蓄所)"
_KIND_OF_BRANCH = re.compile(rf"(?<=..){_KIND}$")
_THAT_ONE = re.compile(
    rf"{_KIND}|[那这](?:一?[个家间]|边的?|里的?|儿的?)(?:你们的?)?(?:{_KIND}|网点|银行)|[那这]一?家(?![店里])"
)
_BRANCH_WORD = "网点"
_ELSE = re.compile(r"[东南西北中]?[一二三四五六七八九十]*(?:路(?![演过])|大?街|大道)|时间")  # 北京路 is in any city


@dataclass(frozen=True)
class Named:
    kind: str  # place | branch
    value: str  # the place's full name, the branch's id
    start: int
    end: int


@dataclass(frozen=True)
class Names:
    """`places`: word -> full name of the place. `branches`: name -> id. `stems`: what a half name begins with -> id."""

    places: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Of all names, the longest first."""
        return tuple(sorted({len(word) for word in (*self.places, *self.branches, *self.stems)}, reverse=True))


def names(places: Iterable[Mapping[str, Any]], branches: Iterable[Mapping[str, Any]]) -> Names:
    """From the entries of the two files. A half name that two branches share is no branch's name."""
    branches = list(branches)
    called: dict[str, str] = {}
    for place in places:
        called.update(dict.fromkeys(map(normalise, [place["name"], *place.get("words", ())]), str(place["name"])))
    for unit in (unit for branch in branches for unit in units(branch["district"])):
        called.setdefault(normalise(unit), unit)
    full: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for branch in branches:
        short = _OF_A_BANK.sub("", branch["name"])
        for name in (branch["name"], short, *branch.get("words", ())):
            full.setdefault(normalise(name), set()).add(branch["id"])
        stems.setdefault(normalise(_KIND_OF_BRANCH.sub("", short)), set()).add(branch["id"])
    return Names(called, dict(_of_one(full)), dict(_of_one(stems)))


def units(district: str) -> list[str]:
    """上海市浦东新区 -> 上海市, 浦东新区."""
    return [unit for unit in _UNIT.findall(district) if len(unit) > 1]


def find(names: Names, text: str, bounds: Collection[int] | None = None) -> list[Named]:
    """In order of place, not overlapping. `bounds`: where words begin and end, if they are known.

    杭州西湖区 and 杭州的西湖区 are one place, 杭州市西湖区.
    """
    text = _TOKEN.sub(lambda m: "\0" * len(m[0]), normalise(text))
    found: list[Named] = []
    for run in _runs(_every(names, text), text):
        start, end = run[0].start, run[-1].end
        whole = bounds is None or (start in bounds and (end in bounds or run[-1].kind == BRANCH))
        if whole and not (run[-1].kind == PLACE and _ELSE.match(text, end)):
            found += _joined(run)
    return found


def units_in(names: Names, text: str) -> set[str]:
    """Of the full name of a place, or of a district as the bank writes it: 杭州市西湖区 -> 杭州市 and 西湖区."""
    return {one.value for one in _every(names, normalise(text)) if one.kind == PLACE}


def _every(names: Names, text: str) -> Iterator[Named]:
    at = 0
    while at < len(text):
        longest = max(_at(names, text, at), key=lambda one: (one.end, one.kind == BRANCH), default=None)
        if longest is not None:
            yield longest
        at = longest.end if longest is not None else at + 1


def _at(names: Names, text: str, at: int) -> Iterator[Named]:
    for word in (text[at : at + length] for length in names.lengths):
        end = at + len(word)
        if word in names.places:
            yield Named(PLACE, names.places[word], at, end)
        if word in names.branches:
            yield Named(BRANCH, names.branches[word], at, end)
        if word in names.stems and (half := _half(names, word, text, end)):
            yield Named(BRANCH, names.stems[word], at, half)


def _half(names: Names, stem: str, text: str, at: int) -> int | None:
    """Where 城东那个网点 ends. 浦东网点 may be any of those in 浦东: it names one only where 浦东 is no place."""
    match = _THAT_ONE.match(text, at)
    if match is None and stem not in names.places and text.startswith(_BRANCH_WORD, at):
        return at + len(_BRANCH_WORD)
    return match.end() if match else None


def _runs(found: Iterable[Named], text: str) -> list[list[Named]]:
    """上海浦东 is two names and, to jieba, one word: what stands side by side is judged together."""
    runs: list[list[Named]] = []
    for one in found:
        if runs and text[runs[-1][-1].end : one.start] in ("", " ", "的"):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _joined(run: list[Named]) -> Iterator[Named]:
    for kind, group in groupby(run, lambda one: one.kind):
        members = list(group)
        if kind == PLACE:
            name = "".join(dict.fromkeys(one.value for one in members))
            yield Named(PLACE, name, members[0].start, members[-1].end)
        else:
            yield from members


def _of_one(owners: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    return ((name, next(iter(ids))) for name, ids in owners.items() if len(ids) == 1 < len(name))
