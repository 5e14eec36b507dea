"""Reads the dialogue files: what a customer says, and what the assistant must do. A slip of the pen is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from support import SUNDAY_NOON

from bot.clock import BEIJING

FOLDER = Path(__file__).parent
# officer: what a supervisor does to the newest case, {act: {field: value}} or the act alone; elsewhere: the customer
# begins a conversation that has nothing to do with the one before
DOES = ("customer", "presses", "waits", "restarts", "officer", "elsewhere")
Words = tuple[str, ...]


@dataclass(frozen=True)
class Expected:
    """What the reply to one step must be. What is None is not looked at."""

    script: Words | None = None  # these scripts and no others, in this order; [] for none
    one_of: Words | None = None  # exactly one script, and it is one of these
    warnings: Words | None = None  # these mandatory texts stand whole in the reply
    choices: Words | None = None  # these buttons are offered
    phrase: Words | None = None  # these lines of the assistant itself are said
    not_phrase: Words | None = None
    asks_back: bool | None = None  # it offers two or three things that may have been meant, or owns up
    says: Words | None = None
    not_says: Words | None = None
    state: str | None = None
    reason: str | None = None
    flow: str | None = None  # "complaint:facts", or "none"
    case: Mapping[str, str] | None = None  # severity, owner, due (how it begins)


@dataclass(frozen=True)
class Step:
    does: str
    what: Any
    expected: Expected


@dataclass(frozen=True)
class Dialogue:
    """`private`: what the customer types and must be found nowhere afterwards."""

    name: str
    file: str
    number: int  # its place in the file
    at: datetime
    large_type: bool
    private: Words
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


def read_all(folder: Path = FOLDER) -> list[Dialogue]:
    files = sorted(folder.glob("*.yml"))
    found = [read(raw, path.stem, number) for path in files for number, raw in enumerate(_raw(path), 1)]
    names = [str(dialogue) for dialogue in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two dialogues have the same name: {', '.join(sorted(twice))}")
    return found


def read(raw: Mapping[str, Any], file: str, number: int = 1) -> Dialogue:
    """Raises ValueError that names the dialogue and the word that is not known."""
    where = f"{file}: {raw.get('name')}"
    _known(raw, ("name", "given", "private", "steps"), where)
    given = raw.get("given") or {}
    _known(given, ("at", "large_type"), where)
    at = datetime.fromisoformat(given["at"]).replace(tzinfo=BEIJING) if "at" in given else SUNDAY_NOON
    return Dialogue(
        name=raw["name"],
        file=file,
        number=number,
        at=at,
        large_type=bool(given.get("large_type", False)),
        private=_words(raw.get("private") or ()),
        steps=tuple(_step(step, where) for step in raw["steps"]),
    )


def _raw(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _step(raw: Mapping[str, Any], where: str) -> Step:
    _known(raw, (*DOES, "assistant"), where)
    does = [name for name in DOES if name in raw]
    if len(does) != 1:
        raise ValueError(f"{where}: a step does exactly one of {', '.join(DOES)}: {dict(raw)}")
    return Step(does[0], raw[does[0]], _expected(raw.get("assistant") or {}, where))


def _expected(raw: Mapping[str, Any], where: str) -> Expected:
    _known(raw, [field.name for field in fields(Expected)], where)
    single = ("asks_back", "state", "reason", "flow", "case")
    return Expected(**{name: value if name in single else _words(value) for name, value in raw.items()})


def _words(value: Any) -> Words:
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)


def _known(raw: Mapping[str, Any], names: Any, where: str) -> None:
    unknown = set(raw) - set(names)
    if unknown:
        raise ValueError(f"{where}: not known here: {', '.join(sorted(unknown))}")
