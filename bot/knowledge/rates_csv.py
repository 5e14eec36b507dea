"""A table of figures as departments send it: CSV from a spreadsheet, in whatever encoding and width of digits."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.problems import FIELD_NAMES, Problem, one_of

REQUIRED = ("id", "value", "as_of")
COLUMNS = (*REQUIRED, "source", "authority")

_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)")


@dataclass(frozen=True)
class Row:
    """One line. `value` as typed, but for width; `source` and `authority` are empty where they stay as they are."""

    line: int
    id: str
    value: str
    as_of: date
    source: str = ""
    authority: str = ""


def read_rows(path: Path) -> tuple[list[Row], list[Problem]]:
    """All lines that can be read, and everything that is wrong with the others."""
    text, problems = _text(path)
    if problems:
        return [], problems
    records, problems = _records(path.name, text)
    if not records:
        return [], problems or [Problem(path.name, 1, "", "文件是空的", f"第一行写列名：{','.join(COLUMNS)}")]
    (line, header), *rest = records
    columns, wrong = _columns(path.name, line, header)
    problems += wrong
    if wrong:
        return [], problems
    rows = [_row(path.name, place, columns, cells, problems) for place, cells in rest]
    found = [row for row in rows if row is not None]
    problems += _twice(path.name, found)
    if not rest and not problems:
        problems.append(Problem(path.name, line, "", "只有列名，没有数据"))
    return found, problems


def _text(path: Path) -> tuple[str, list[Problem]]:
    if not path.is_file():
        return "", [Problem(path.name, 1, "", "没有这个文件")]
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, []
    return "", [Problem(path.name, 1, "", "文件的编码不能识别", "另存为 CSV，编码选 UTF-8 或 GB18030（GBK）")]


def _records(file: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Lines that are not blank, each with the number at which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return records, [Problem(file, line, "", "这一行的引号没有成对", "内容里有英文引号时，写两个")]
    return records, []


def _columns(file: str, line: int, header: Sequence[str]) -> tuple[list[str], list[Problem]]:
    names = {FIELD_NAMES[column]: column for column in COLUMNS}
    columns = [names.get(plain(cell), plain(cell).lower()) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    problems = [
        Problem(file, line, "", f"没有“{column}”这一列", one_of(COLUMNS)) for column in columns if column not in COLUMNS
    ]
    problems += [Problem(file, line, "", f"缺少“{column}”这一列") for column in REQUIRED if column not in columns]
    problems += [
        Problem(file, line, "", f"“{column}”这一列写了两次") for column in COLUMNS if columns.count(column) > 1
    ]
    return columns, problems


def _row(file: str, line: int, columns: Sequence[str], cells: Sequence[str], problems: list[Problem]) -> Row | None:
    given = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    id_ = plain(given.get("id", ""))
    wrong: list[Problem] = []
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = f"有{len(cells)}格，列名只有{len(columns)}个"
        wrong.append(Problem(file, line, id_, message, "内容里有英文逗号时，整格用英文引号括起来"))
    wrong += [Problem(file, line, id_, f"缺少 {name} {FIELD_NAMES[name]}") for name in REQUIRED if not given.get(name)]
    as_of = day(given.get("as_of", ""))
    if as_of is None and given.get("as_of"):
        message = f"日期“{given['as_of']}”写法不对，或没有这一天"
        wrong.append(Problem(file, line, id_, message, "写成 2026-11-22 这样"))
    problems += wrong
    if wrong or as_of is None:
        return None
    return Row(line, id_, narrow(given["value"]), as_of, given.get("source", ""), given.get("authority", ""))


def _twice(file: str, rows: Sequence[Row]) -> list[Problem]:
    first: dict[str, int] = {}
    return [
        Problem(file, row.line, row.id, f"编号重复，第{first[row.id]}行已经有了")
        for row in rows
        if first.setdefault(row.id, row.line) != row.line
    ]


def day(text: str) -> date | None:
    """2026-11-22, 2026/11/22, 2026.11.22 and 2026年11月22日, whatever the width of the digits."""
    found = _DAY.fullmatch(plain(text))
    if found is None:
        return None
    year, *parts = (int(part) for part in found.groups() if part)
    try:
        return date(year, *parts)
    except ValueError:
        return None


def plain(text: str) -> str:
    """Half-width, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones; dashes and Chinese marks as they are."""
    return "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text).strip()
