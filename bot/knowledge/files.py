"""Which files knowledge/ holds, and from text to checked entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge.model import (
    Bank,
    Branch,
    Calendar,
    Complaints,
    Disclosure,
    Escalation,
    Figure,
    Guard,
    Institutions,
    Intent,
    Phrase,
    Place,
    Product,
    Reply,
    Script,
    Survey,
    Tone,
)
from bot.knowledge.problems import Path, Problem, from_validation
from bot.knowledge.source import Document, read, read_text

M = TypeVar("M", bound=BaseModel)

SINGLE: dict[str, type[BaseModel]] = {
    "bank.yml": Bank,
    "escalation.yml": Escalation,
    "complaints.yml": Complaints,
    "calendar.yml": Calendar,
    "guard.yml": Guard,
    "tone.yml": Tone,
    "institutions.yml": Institutions,
    "survey.yml": Survey,
}
LISTS: dict[str, type[BaseModel]] = {
    "figures.yml": Figure,
    "disclosures.yml": Disclosure,
    "phrases.yml": Phrase,
    "products.yml": Product,
    "intents.yml": Intent,
    "branches.yml": Branch,
    "places.yml": Place,
    "replies.yml": Reply,
}
LEXICON = "lexicon.txt"


@dataclass(frozen=True)
class Entry(Generic[M]):
    """One checked object and where it stands."""

    value: M
    document: Document
    path: Path
    name: str | None

    def problem(self, path: Path, message: str, allowed: str = "") -> Problem:
        return self.document.problem((*self.path, *path), message, allowed, self.name)


@dataclass
class Files:
    """Everything read. Ids of broken entries are known too, so that one mistake is reported once."""

    entries: dict[type[BaseModel], list[Entry[Any]]] = field(default_factory=dict)
    named: dict[type[BaseModel], set[str]] = field(default_factory=dict)
    unread: set[type[BaseModel]] = field(default_factory=set)
    broken: set[type[BaseModel]] = field(default_factory=set)
    lexicon: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def all(self, model: type[M]) -> list[Entry[M]]:
        return self.entries.get(model, [])

    def ids(self, model: type[BaseModel]) -> set[str]:
        return self.named.get(model, set())

    def lacks(self, model: type[BaseModel], id_: str) -> bool:
        """Nothing has this id; not asked of a file that could not be read."""
        return model not in self.unread and id_ not in self.ids(model)

    def whole(self, model: type[BaseModel]) -> bool:
        """All entries could be read: what is missing is missing."""
        return model not in self.unread | self.broken

    def values(self, model: type[M]) -> list[M]:
        return [entry.value for entry in self.all(model)]


def read_files(root: FilePath) -> Files:
    """Read and check the form of every file. What one entry says about another is checked by `rules`."""
    files = Files()
    scripts = sorted(f"scripts/{path.name}" for path in (root / "scripts").glob("*.yml"))
    if not scripts:
        files.problems.append(Problem("scripts", 1, "", "没有话术文件", "放在 scripts 文件夹里，文件名以 .yml 结尾"))
    for name, model in SINGLE.items():
        _load(files, root, name, model, single=True)
    for name, model in LISTS.items():
        _load(files, root, name, model, single=False)
    for name in scripts:
        _load(files, root, name, Script, single=False)
    files.problems += _strangers(root, {*SINGLE, *LISTS, *scripts})
    text, problems = read_text(root, LEXICON)
    files.lexicon = tuple(text.splitlines())
    files.problems += problems
    files.digest = digest(root)
    return files


def digest(root: FilePath) -> str:
    """Of all content: changes when and only when a file changes."""
    total = sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in (".yml", ".txt"):
            content = path.read_bytes()
            total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _load(files: Files, root: FilePath, name: str, model: type[BaseModel], single: bool) -> None:
    document, problems = read(root, name)
    files.problems += problems
    if document is None:
        files.unread.add(model)
        return
    if not isinstance(document.data, dict if single else list):
        files.unread.add(model)
        wanted = "一组“字段: 内容”" if single else "清单：每一条以“- id: ”开头"
        files.problems.append(document.problem((), "整个文件的写法不对", f"应当是{wanted}"))
        return
    if single:
        _parse(files, document, (), document.data, model)
    else:
        for i, item in enumerate(document.data):
            _parse(files, document, (i,), item, model)


def _parse(files: Files, document: Document, path: Path, data: Any, model: type[BaseModel]) -> None:
    if not isinstance(data, dict):
        files.broken.add(model)
        files.problems.append(document.problem(path, "这一条的写法不对", "应当是一组“字段: 内容”"))
        return
    name = data.get("id") if path else None
    name = name if isinstance(name, str) else None
    if name is not None:
        files.named.setdefault(model, set()).add(name)
    try:
        value = model.parse_obj(data)
    except ValidationError as error:
        files.broken.add(model)
        for inner, message, allowed in from_validation(error, model):
            files.problems.append(document.problem((*path, *inner), message, allowed, name))
        return
    files.entries.setdefault(model, []).append(Entry(value, document, path, name))


def _strangers(root: FilePath, known: set[str]) -> Iterator[Problem]:
    """A file that nobody reads is a mistake in its name."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in (".yml", ".yaml") and name not in known:
            yield Problem(name, 1, "", "系统不读取这个文件，请检查文件名和位置", "话术放在 scripts/，扩展名是 .yml")
