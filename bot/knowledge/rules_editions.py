"""What editions of one id must keep to: they follow each other, and nothing that is said lacks a figure between two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from bot.knowledge.fields import Dated
from bot.knowledge.files import Entry, Files
from bot.knowledge.model import Figure, Script
from bot.knowledge.problems import Problem

_DAY = timedelta(days=1)


def check_editions(files: Files, model: type[Dated]) -> Iterator[Problem]:
    """An id may stand there several times, each time for other days and, where it has versions, with another one."""
    named: dict[str, list[Entry[Dated]]] = {}
    for entry in files.all(model):
        if backwards(entry.value):
            message = f"失效日期 {entry.value.valid_to} 早于生效日期 {entry.value.valid_from}"
            yield entry.problem(("valid_to",), message)
        if entry.name:
            named.setdefault(entry.name, []).append(entry)
    for editions in named.values():
        for first, second in combinations(editions, 2):
            yield from _two(first, second)


def _two(first: Entry[Dated], second: Entry[Dated]) -> Iterator[Problem]:
    where = f"{first.document.file} 第{first.document.line(first.path)}行"
    a, b = first.value, second.value
    if _drafted(a) or _drafted(b):  # the next edition, being written
        pass
    elif _always(a) or _always(b):
        allowed = "每条的编号都要不同；同一编号的新旧两版，用 valid_from、valid_to 错开"
        yield second.problem(("id",), f"编号“{second.name}”重复，{where} 已经用过", allowed)
    elif a.in_force(b.valid_from or date.min) or b.in_force(a.valid_from or date.min):
        message = f"编号“{second.name}”重复，{where} 已经用过，有效期又重叠"
        yield second.problem(("id",), message, "旧的写 valid_to，新的从第二天起写 valid_from")
    elif (version := getattr(b, "version", None)) is not None and version == getattr(a, "version", None):
        yield second.problem(("version",), f"和 {where} 的版本号一样", "每一版用自己的 version")


def check_gaps(files: Files) -> Iterator[Problem]:
    """A script is never left without a figure, on no day of its own."""
    spans: dict[str, list[Dated]] = {}
    for entry in files.all(Figure):
        spans.setdefault(str(entry.name), []).append(entry.value)
    for script in files.all(Script):
        value: Script = script.value
        for i, id_ in enumerate(value.figures):
            if id_ in spans and (day := _uncovered(value, spans[id_])) is not None:
                message = f"数字“{id_}”在 {day} 没有生效的数值，而话术那天还在用"
                yield script.problem(("figures", i), message, "在 figures.yml 里补上那一天起的数值，或缩短话术的有效期")


def backwards(one: Dated) -> bool:
    return one.valid_from is not None and one.valid_to is not None and one.valid_to < one.valid_from


def _uncovered(script: Dated, spans: list[Dated]) -> date | None:
    """The first day of the script on which none of the spans is in force."""
    day = script.valid_from or date.min
    for span in sorted(spans, key=lambda one: one.valid_from or date.min):
        if span.in_force(day):
            if span.valid_to is None:
                return None
            day = span.valid_to + _DAY
    return day if script.in_force(day) else None


def _always(one: Dated) -> bool:
    return one.valid_from is None and one.valid_to is None


def _drafted(one: Dated) -> bool:
    return bool(getattr(one, "draft", False))
