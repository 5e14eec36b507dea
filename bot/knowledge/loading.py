"""From the folder to one snapshot, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.errors import KnowledgeError
from bot.knowledge.fields import Dated
from bot.knowledge.files import Files, read_files
from bot.knowledge.model import (
    Bank,
    Branch,
    Calendar,
    Complaints,
    Disclosure,
    Escalation,
    Figure,
    Frozen,
    Guard,
    Intent,
    Phrase,
    Place,
    Product,
    Reply,
    Script,
    Survey,
)
from bot.knowledge.problems import Problem
from bot.knowledge.render import shown
from bot.knowledge.rules import check
from bot.knowledge.rules_fit import check_fit
from bot.knowledge.search import Index, build
from bot.knowledge.snapshot import Knowledge
from bot.knowledge.templates import fill
from bot.knowledge.vocabulary import BANK_BLANKS

F = TypeVar("F", bound=Frozen)


def load(path: Path) -> Knowledge:
    """Raises KnowledgeError with every problem in its message, one a line, and as `extra["problems"]`."""
    knowledge, problems = try_load(path)
    if knowledge is None:
        lines = "\n".join(str(problem) for problem in problems)
        raise KnowledgeError(f"{path.name} 中有 {len(problems)} 处错误：\n{lines}", problems=problems)
    return knowledge


def try_load(path: Path) -> tuple[Knowledge | None, Sequence[Problem]]:
    files, problems = examine(path)
    return (None if files is None else snapshot(files)), problems


def examine(path: Path) -> tuple[Files | None, Sequence[Problem]]:
    """What was read, with the line of each thing; None where anything is wrong with it."""
    if not path.is_dir():
        return None, [Problem(path.name, 1, "", "没有这个文件夹")]
    files = read_files(path)
    problems = sorted({*files.problems, *check(files)})
    if not problems:
        problems = sorted({*check_fit(files, snapshot(files))})
    return (None, problems) if problems else (files, ())


def snapshot(files: Files) -> Knowledge:
    return Knowledge(
        digest=files.digest,
        bank=files.values(Bank)[0],
        escalation=files.values(Escalation)[0],
        calendar=files.values(Calendar)[0],
        complaints=files.values(Complaints)[0],
        guard=files.values(Guard)[0],
        survey=files.values(Survey)[0],
        figures=_by_id(files, Figure),
        disclosures=_by_id(files, Disclosure),
        scripts=_by_id(files, Script),
        phrases=_by_id(files, Phrase),
        products=_by_id(files, Product),
        intents=_by_id(files, Intent),
        branches=_by_id(files, Branch),
        places=_by_id(files, Place),
        replies=tuple(files.values(Reply)),
        index=_index(files),
        editions=MappingProxyType(dict(_editions(files))),
    )


def _by_id(files: Files, model: type[F]) -> MappingProxyType[str, F]:
    """Of several editions the last: `Knowledge.on` chooses."""
    return MappingProxyType({str(getattr(value, "id")): value for value in files.values(model)})  # noqa: B009


def _editions(files: Files) -> Iterator[tuple[str, tuple[Dated, ...]]]:
    """Of each id that has several: "kind id", and they in the order of their dates."""
    for kind, model in (("script", Script), ("disclosure", Disclosure), ("figure", Figure)):
        found: dict[str, list[Dated]] = {}
        for entry in files.all(model):
            found.setdefault(str(entry.name), []).append(entry.value)
        for id_, editions in found.items():
            if len(editions) > 1:
                yield f"{kind} {id_}", tuple(sorted(editions, key=lambda one: one.valid_from or date.min))


def _index(files: Files) -> Index:
    products = {str(p.id): (p.name, *p.words) for p in files.values(Product)}
    intents = {i.id: i.words for i in files.values(Intent)}
    figures = {str(f.id): shown(f) for f in files.values(Figure)}
    bank = dict.fromkeys(BANK_BLANKS, "")
    return build(
        [
            (
                script.id,
                (script.title, *script.keywords, intents[script.intent]),
                [
                    *(fill(text, {**bank, **figures}) for _, text in script.every_text()),
                    *products.get(script.product or "", ()),
                ],
            )
            for script in files.values(Script)
        ]
    )
