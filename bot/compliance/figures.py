"""Rates and sums in what people type: they must be the bank's own, with source and date (004-58).

Scripts fill theirs in from knowledge/ with a note of the source; what an agent types is held against the same figures.
Read are rates (%, 个点) and sums of money beside words of price and limit (`guard.figure_words`); times of the desk and
the customer's own sums are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.compliance.reading import squeeze
from bot.compliance.words import pattern
from bot.knowledge.guard import Guard
from bot.knowledge.model import Figure
from bot.text.entities import number
from bot.text.normalise import normalise

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CHINESE = r"[零一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九]+)?"
_RATE = re.compile(rf"(?P<n>{_DIGITS}|{_CHINESE})\s*(?:%|个百分点|个点)")
_RANGE = re.compile(rf"(?P<n>{_DIGITS})(?:%)?\s*(?:—|-|~|到|至)\s*(?:{_DIGITS})\s*(?:%|个点)?")
_SUM = re.compile(rf"(?P<n>{_DIGITS}|{_CHINESE})\s*(?P<w>万|w)?\s*(?:元|块钱|块|美元|美金)")
_BARE_SUM = re.compile(rf"(?P<n>{_DIGITS}|{_CHINESE})\s*(?P<w>万)(?!\w)")
_CLAUSE = re.compile(r"[^，。；！？\n,;!?]*")
_POINT = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class Typed:
    words: str
    value: Decimal
    kind: str  # "%" or "元"


def typed(text: str, guard: Guard) -> list[Typed]:
    """The rates and prices in a text, in order."""
    read = normalise(text)
    found: dict[tuple[int, int], Typed] = {}
    for clause in _CLAUSE.finditer(read):
        words = clause[0]
        price = bool(pattern(guard.figure_words).search(squeeze(words)))
        for m in _numbers(words, price):
            value = _value(m["n"], m.groupdict().get("w"))
            if value is not None:
                kind = "元" if m.re in (_SUM, _BARE_SUM) else "%"
                place = (clause.start() + m.start("n"), clause.start() + m.end("n"))
                found.setdefault(place, Typed(text[place[0] : clause.start() + m.end()], value, kind))
    return [found[place] for place in sorted(found)]


def _numbers(clause: str, price: bool) -> Iterator[re.Match[str]]:
    yield from _RATE.finditer(clause)
    for m in _RANGE.finditer(clause):
        if "%" in m[0] or "个点" in m[0]:
            yield m
    if price:
        yield from _SUM.finditer(clause)
        yield from _BARE_SUM.finditer(clause)


def matching(one: Typed, figures: Sequence[Figure]) -> list[Figure]:
    """The bank's figures that have this value."""
    return [figure for figure in figures if one.value in _values(figure, one.kind)]


def is_sourced(text: str, figures: Sequence[Figure]) -> bool:
    """Does the text name source and date of one of the figures?"""
    read = squeeze(text)
    return any(_title(f.source) in read and any(squeeze(day) in read for day in _days(f.as_of)) for f in figures)


def _values(figure: Figure, kind: str) -> set[Decimal]:
    unit = figure.unit
    if kind not in unit and not (kind == "元" and unit.endswith("元")):
        return set()
    numbers = re.findall(r"\d+(?:\.\d+)?", str(figure.value).replace(",", ""))
    factor = 10_000 if "万" in unit else 1
    return {Decimal(found) * factor for found in numbers}


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
