"""New figures from a table: everything that is wrong is told at once, and nothing is written until all is right."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.knowledge.editing import edited, replace_file
from bot.knowledge.loading import load, try_load
from bot.knowledge.model import Figure
from bot.knowledge.plausible import doubtful, outside
from bot.knowledge.problems import Problem, one_of
from bot.knowledge.rates_csv import Row, read_rows
from bot.knowledge.render import shown

FIGURES = "figures.yml"
FIELDS = ("value", "as_of", "source", "authority")

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Change:
    line: int
    old: Figure
    new: Figure

    def __str__(self) -> str:
        said = f"{self.old.id} {self.old.label}：{shown(self.old)} → {shown(self.new)}"
        said += f"，数据日期 {self.old.as_of} → {self.new.as_of}"
        if self.new.source != self.old.source:
            said += f"，出处 {self.old.source} → {self.new.source}"
        if self.new.authority != self.old.authority:
            said += f"，以何为准 {self.old.authority} → {self.new.authority}"
        return said


@dataclass(frozen=True)
class Outcome:
    changes: Sequence[Change] = ()
    problems: Sequence[Problem] = ()
    unchanged: int = 0


def import_rates(root: Path, table: Path, today: date, forced: Collection[str] = (), dry_run: bool = False) -> Outcome:
    """Write the table's values into figures.yml, all or none.

    `forced` ids may change by more than is plausible. Raises KnowledgeError where the folder itself is wrong.
    """
    known = load(root)
    figures = known.figures
    before = (root / FIGURES).read_bytes()
    rows, problems = read_rows(table)
    changes = []
    for row in rows:
        if (old := figures.get(row.id)) is None:
            problems.append(Problem(table.name, row.line, row.id, "没有这个编号的数字", one_of(figures, row.id)))
            continue
        if f"figure {row.id}" in known.editions:
            message = "这个数字有几个生效时段，表格不知道要改哪一个"
            problems.append(Problem(table.name, row.line, row.id, message, f"直接在 {FIGURES} 里改"))
            continue
        new, wrong = _new(table.name, row, old)
        problems += wrong
        if new is not None:
            changes.append(Change(row.line, old, new))
    problems += [problem for change in changes for problem in _judge(table.name, change, today, forced)]
    problems += [
        Problem(table.name, 1, id_, "--force 的编号不在表里") for id_ in sorted({*forced} - {r.id for r in rows})
    ]
    if problems:
        return Outcome(problems=sorted(problems))
    made = [change for change in changes if change.new != change.old]
    after = edited(before.decode("utf-8"), {change.old.id: dict(_fields(change)) for change in made}).encode("utf-8")
    if broken := _tried(root, after):
        return Outcome(problems=broken)
    if made and not dry_run:
        if (root / FIGURES).read_bytes() != before:
            return Outcome(problems=[Problem(FIGURES, 1, "", "导入时有人改了这个文件，没有写入", "再运行一次")])
        replace_file(root / FIGURES, after)
    return Outcome(made, unchanged=len(changes) - len(made))


def _new(file: str, row: Row, old: Figure) -> tuple[Figure | None, list[Problem]]:
    value: Decimal | str = row.value
    if old.unit and row.value.endswith(old.unit):
        value = row.value.removesuffix(old.unit).strip()
    if isinstance(old.value, Decimal):
        if not _NUMBER.fullmatch(str(value)):
            message = f"“{row.value}”不是数字"
            return None, [
                Problem(file, row.line, f"{row.id} › value 数值", message, f"写成 {old.value} 这样，单位不用写")
            ]
        value = Decimal(str(value).replace(",", ""))
    texts = {
        name: _LINES.sub("", text) for name, text in (("source", row.source), ("authority", row.authority)) if text
    }
    if any(len(text) < 2 for text in texts.values()):
        return None, [Problem(file, row.line, row.id, "出处或以何为准太短", "至少2个字；不改就空着")]
    return Figure.parse_obj({**old.dict(), "value": value, "as_of": row.as_of, **texts}), []


def _judge(file: str, change: Change, today: date, forced: Collection[str]) -> Iterator[Problem]:
    old, new = change.old, change.new
    if new.as_of > today:
        where = f"{new.id} › as_of 数据日期"
        yield Problem(
            file,
            change.line,
            where,
            f"{new.as_of} 在今天之后",
            f"导入马上生效；要到那天才生效的，在 {FIGURES} 里另写一条，加上 valid_from",
        )
    if reason := outside(new):
        allowed = f"请核对小数点；确实如此，先改 {FIGURES} 里的 low、high"
        yield Problem(file, change.line, f"{new.id} › value 数值", reason, allowed)
    elif old.id not in forced:
        confirm = f"核对无误后加上 --force {old.id}"
        if reason := doubtful(old, new):
            yield Problem(file, change.line, f"{new.id} › value 数值", reason, confirm)
        if new.as_of < old.as_of:
            message = f"{new.as_of} 早于现有的 {old.as_of}"
            yield Problem(file, change.line, f"{new.id} › as_of 数据日期", message, confirm)


def _fields(change: Change) -> Iterator[tuple[str, str]]:
    for name in FIELDS:
        was, now = getattr(change.old, name), getattr(change.new, name)
        if str(was) != str(now):
            yield name, format(now, "f") if isinstance(now, Decimal) else str(now)


def _tried(root: Path, figures: bytes) -> Sequence[Problem]:
    """What would be wrong with the folder if this were its figures.yml."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / root.name
        shutil.copytree(root, copy)
        (copy / FIGURES).write_bytes(figures)
        return try_load(copy)[1]


def still_samples(changes: Sequence[Change]) -> Mapping[str, str]:
    """Figures that have a new value and are still marked as samples: id -> name."""
    return {str(change.new.id): change.new.label for change in changes if change.new.sample}
