"""Rates, sums, times and counts in what people type: they must be the bank's own, with source and date (004-58).

Scripts fill theirs in from knowledge/ with a note of the source; what an agent types is held against the same figures.
Read are rates (%, 个点, 百分之, bare decimals beside `guard.rate_words`), sums beside words of price and limit
(`guard.figure_words`), and beside the words for a figure (`spoken`) every quantity of its kind: 吞了卡三十天之内来取 is
wrong when the bank keeps it three days. The customer's own sums are none. A rate must be that of the product named
before it: 三年定期1.55% is wrong when 1.55 is the certificate of deposit's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.compliance.quantities import CLOCK, SUM, kind_and_values, quantities
from bot.compliance.reading import squeeze
from bot.compliance.words import pattern
from bot.knowledge.guard import Guard
from bot.knowledge.model import Figure
from bot.knowledge.render import shown
from bot.text.entities import number
from bot.text.normalise import normalise

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CHINESE = r"[零一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九]+)?"
_RATE = re.compile(rf"(?P<n>{_DIGITS}|{_CHINESE})\s*(?:%|个百分点|个点)")
_PERCENT = re.compile(rf"百分之(?P<n>{_DIGITS}|{_CHINESE})")
_RANGE = re.compile(rf"(?P<n>{_DIGITS})(?:%)?\s*(?:—|-|~|到|至)\s*(?:{_DIGITS})\s*(?:%|个点)?")
_BARE_RATE = re.compile(
    r"(?<![\d.+])(?P<n>\d{1,2}\.\d{1,3})(?![\d.]|\s*(?:%|元|块|万|折|倍|版|折|克|个(?!点)|小时|分钟))"
)
_SUM = re.compile(rf"(?P<n>{_DIGITS}|{_CHINESE})\s*(?P<w>万|w)?\s*(?:元|块钱|块|美元|美金)")
_BARE_SUM = re.compile(
    rf"(?P<n>{_DIGITS}|[零一二两三四五六七八九十百千]+)\s*(?P<w>万)(?=起|以上|以下|以内|封顶|为限|额度|$|\W)"
)
_CLAUSE = re.compile(r"[^，。；！？\n,;!?]*")
_SENTENCE = re.compile(r"[^。！？；\n!?;]+")
_SOURCE = re.compile(r"《([^》]*)》")
_BESIDE = 16  # characters before a figure in which its product is named
_POINT = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class Typed:
    words: str
    value: Decimal
    kind: str  # "%" or "元"
    before: str  # what stands between the figure before, or the start of the clause, and this one
    text: str  # all of it, without titles of sources
    start: int = 0  # where the number stands


def typed(text: str, guard: Guard) -> list[Typed]:
    """The rates and prices in a text, in order."""
    read = normalise(text)
    whole = squeeze(_SOURCE.sub("", read))
    found: dict[tuple[int, int], Typed] = {}
    for clause in _CLAUSE.finditer(read):
        words = clause[0]
        if not any(char.isdigit() or char in "一二两三四五六七八九十百千万" for char in words):
            continue
        beside = squeeze(words)
        owned, price, rate = (
            bool(pattern(w).search(beside)) for w in (guard.owned_sums, guard.figure_words, guard.rate_words)
        )
        if pattern(guard.owned_rates).search(beside):
            continue
        for m in _numbers(words, price and not owned, rate):
            value = _value(m["n"], m.groupdict().get("w"))
            if value is not None:
                kind = "元" if m.re in (_SUM, _BARE_SUM) else "%"
                place = (clause.start() + m.start("n"), clause.start() + m.end("n"))
                before = re.split(r"\d", words[max(0, m.start("n") - _BESIDE) : m.start("n")])[-1]
                found.setdefault(
                    place, Typed(text[place[0] : clause.start() + m.end()], value, kind, before, whole, place[0])
                )
    return [found[place] for place in sorted(found)]


def _numbers(clause: str, price: bool, rate: bool) -> Iterator[re.Match[str]]:
    yield from _RATE.finditer(clause)
    yield from _PERCENT.finditer(clause)
    for m in _RANGE.finditer(clause):
        if "%" in m[0] or "个点" in m[0]:
            yield m
    if rate:
        yield from _BARE_RATE.finditer(clause)
    if price:
        yield from _SUM.finditer(clause)
        yield from _BARE_SUM.finditer(clause)


@dataclass(frozen=True)
class Told:
    """A quantity in a sentence that speaks of figures: `own` are those that it is, none where it differs."""

    words: str
    place: tuple[int, int]
    own: tuple[Figure, ...] = ()


def told(text: str, guard: Guard, figures: Sequence[Figure]) -> list[Told]:
    """Beside the words for a figure, in the same sentence. Once it is told right, other numbers there are not it."""
    read = normalise(text)
    found: list[Told] = []
    for sentence in _SENTENCE.finditer(read):
        if not (said := quantities(sentence[0])):
            continue
        beside = squeeze(sentence[0])
        owned = bool(pattern(guard.owned_sums).search(beside))
        places = [(f, [m.span() for m in pattern(f.spoken).finditer(beside)]) for f in figures if f.spoken]
        told_right: set[str] = set()
        differing: list[tuple[str, Told]] = []
        for one in said:
            at = (len(squeeze(sentence[0][: one.start])), len(squeeze(sentence[0][: one.end])))
            alike = [f for f, spans in places if _kind(f) == one.kind and any(_near(span, at) for span in spans)]
            if not alike or (owned and one.kind == SUM):
                continue
            place = (sentence.start() + one.start, sentence.start() + one.end)
            own = tuple(f for f in alike if one.values & _told(f)[1])
            if not own:
                differing.append((one.kind, Told(text[slice(*place)], place)))
                continue
            found.append(Told(text[slice(*place)], place, own))
            if one.kind != CLOCK:
                told_right.add(one.kind)
        found += [one for kind, one in differing if kind not in told_right]
    return found


def _near(span: tuple[int, int], at: tuple[int, int]) -> bool:
    return span[0] - at[1] <= _BESIDE and at[0] - span[1] <= _BESIDE


@lru_cache(maxsize=1024)
def _told(figure: Figure) -> tuple[str, frozenset[Decimal]]:
    return kind_and_values(shown(figure)) or ("", frozenset())


def _kind(figure: Figure) -> str:
    return _told(figure)[0]


def matching(one: Typed, figures: Sequence[Figure]) -> list[Figure]:
    """The bank's figures that have this value, unless another product's name stands before it; the likeliest first."""
    same = [figure for figure in figures if one.value in _values(figure, one.kind)]
    nearest = max((_likeness(figure, one.before) for figure in figures if _values(figure, one.kind)), default=0)
    meant = [figure for figure in same if _likeness(figure, one.text) >= nearest]
    return sorted(meant, key=lambda figure: -_likeness(figure, one.before) - _likeness(figure, one.text) / 100)


def _likeness(figure: Figure, text: str) -> int:
    return sum(pair in text for pair in _pairs(figure.label))


@lru_cache(maxsize=1024)
def _pairs(label: str) -> frozenset[str]:
    read = squeeze(label)
    return frozenset(read[i : i + 2] for i in range(len(read) - 1))


def is_sourced(text: str, figures: Sequence[Figure]) -> bool:
    """Does the text name source, also by a short title, and date of one of the figures?"""
    read = squeeze(text)
    named = [title for found in _SOURCE.findall(text) if len(title := _title(found)) >= 4]
    return any(
        (_title(f.source) in read or any(_title(f.source).endswith(title) for title in named))
        and any(squeeze(day) in read for day in _days(f.as_of))
        for f in figures
    )


def _values(figure: Figure, kind: str) -> set[Decimal]:
    said = f"{figure.value}{figure.unit}"
    return _numbers_of(said) if kind in said else set()


@lru_cache(maxsize=1024)
def _numbers_of(said: str) -> set[Decimal]:
    factor = 10_000 if "万" in said else 1
    return {Decimal(found) * factor for found in re.findall(r"\d+(?:\.\d+)?", said.replace(",", ""))}


def _value(text: str, ten_thousand: str | None) -> Decimal | None:
    whole, _, point = text.partition("点")
    try:
        if point:
            value = (number(whole) or Decimal(0)) + Decimal("0." + point.translate(_POINT))
        else:
            found = number(text)
            if found is None:
                return None
            value = found
    except InvalidOperation:
        return None
    return value * 10_000 if ten_thousand else value


def _title(source: str) -> str:
    """《贷款利率公告（样例）》 is also called 贷款利率公告."""
    return squeeze(re.sub(r"[（(][^）)]*[）)]", "", source))


def _days(day: date) -> tuple[str, ...]:
    return (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}")
