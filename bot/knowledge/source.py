"""Read YAML into plain values, and remember the line of each, so that a clerk finds what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.knowledge.problems import Path, Problem, where

_INTEGER = re.compile(r"-?(0|[1-9]\d*)")


@dataclass(frozen=True)
class Document:
    """One file: its values, and the line of each path in it."""

    file: str
    data: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Of the path itself or of the nearest thing around it (a missing field has no line of its own)."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, message: str, allowed: str = "", entry: str | None = None) -> Problem:
        shown = path[1:] if entry else path
        return Problem(self.file, self.line(path), where(shown, entry), message, allowed)


def read(root: FilePath, file: str) -> tuple[Document | None, list[Problem]]:
    """Read one file under `root`. Numbers with a decimal point stay text, so that 3.10 keeps its last digit."""
    text, problems = read_text(root, file)
    if problems:
        return None, problems
    try:
        node = YAML(typ="safe").compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Problem(file, mark.line + 1 if mark else 1, "", _syntax(error, text, mark))]
    except YAMLError:
        return None, [Problem(file, 1, "", "文件里有不能识别的字符")]
    if node is None:
        return None, [Problem(file, 1, "", "文件是空的")]
    lines: dict[Path, int] = {}
    data = _plain(node, (), lines, problems, file, ())
    return Document(file, data, lines), problems


def read_text(root: FilePath, file: str) -> tuple[str, list[Problem]]:
    path = root / file
    if not path.is_file():
        return "", [Problem(file, 1, "", "缺少这个文件")]
    try:
        return path.read_text("utf-8"), []
    except UnicodeDecodeError:
        return "", [Problem(file, 1, "", "文件不是 UTF-8 编码，请用 UTF-8 另存")]


def _syntax(error: MarkedYAMLError, text: str, mark: Any) -> str:
    rows = text.splitlines()
    row = rows[mark.line] if mark and mark.line < len(rows) else ""
    if "\t" in row:
        return "缩进里有制表符（Tab），请改成空格"
    if "mapping values are not allowed" in str(error.problem):
        return "冒号用在了不该用的地方：内容里有英文冒号时，整段要用引号括起来"
    return f"写法有误，请检查这一行和上一行的缩进、冒号、引号、方括号（{error.problem}）"


def _plain(
    node: Node, path: Path, lines: dict[Path, int], problems: list[Problem], file: str, above: tuple[int, ...]
) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        problems.append(Problem(file, node.start_mark.line + 1, where(path), "内容引用了它自己"))
        return None
    above = (*above, id(node))
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, MappingNode):
        return dict(_pairs(node, path, lines, problems, file, above))
    return [_plain(item, (*path, i), lines, problems, file, above) for i, item in enumerate(node.value)]


def _pairs(
    node: MappingNode, path: Path, lines: dict[Path, int], problems: list[Problem], file: str, above: tuple[int, ...]
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if not name:
            problems.append(Problem(file, line, where(path), "字段名不对：冒号前面应当是一个词"))
            continue
        inner: Path = (*path, name)
        if name in seen:
            problems.append(Problem(file, line, where(inner), "同一个字段写了两次，只能保留一个"))
        seen.add(name)
        lines[inner] = line
        yield name, _plain(value, inner, lines, problems, file, above)


def _scalar(node: ScalarNode) -> Any:
    raw = str(node.value)
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return raw.lower() in ("true", "yes", "on")
    if kind == "int" and _INTEGER.fullmatch(raw):
        return int(raw)
    return raw
