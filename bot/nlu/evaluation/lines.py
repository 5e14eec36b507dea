"""Labelled lines: `text<TAB>label[<TAB>alternatives]`, alternatives with commas between. A file is whole or refused.

An alternative is as right as the label: 我急用钱 may ask how to borrow, or how much.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InvalidInput
from bot.knowledge.vocabulary import OUT_OF_SCOPE
from bot.text.normalise import clean, neutralise

LONGEST = 1000  # characters; the channels refuse more
SHOWN = 20  # mistakes that are told at once


@dataclass(frozen=True)
class Line:
    text: str
    wanted: str
    also: frozenset[str] = frozenset()
    number: int = 0  # in its file

    @property
    def accepted(self) -> frozenset[str]:
        return self.also | {self.wanted}

    @property
    def in_scope(self) -> bool:
        return self.wanted != OUT_OF_SCOPE


@dataclass(frozen=True)
class Labelled:
    """A file that has been read. `digest` is its SHA-256: figures are told of this text and no other."""

    name: str
    digest: str
    lines: tuple[Line, ...]


def read(file: Path, labels: Collection[str]) -> Labelled:
    """Raises InvalidInput that names the file and each wrong line. Blank lines are passed over."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{file}:{line}: not UTF-8 (byte 0x{content[error.start]:02x}); save it as UTF-8") from None
    lines: list[Line] = []
    wrong: list[str] = []
    for number, raw in enumerate(text.split("\n"), start=1):  # splitlines() would break a text at U+2028 and the like
        if raw.strip():
            found = _line(raw.rstrip("\r"), number, labels)
            if isinstance(found, str):
                wrong.append(f"{file}:{number}: {found}")
            else:
                lines.append(found)
    if wrong:
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise InvalidInput("\n".join(wrong[:SHOWN] + more))
    if not lines:
        raise InvalidInput(f"{file}: holds no line; each is text<TAB>label[<TAB>alternatives]")
    return Labelled(str(file), hashlib.sha256(content).hexdigest(), tuple(lines))


def _line(raw: str, number: int, labels: Collection[str]) -> Line | str:
    """The line, or what is wrong with it."""
    text, *rest = raw.split("\t")
    if not rest:
        return "no tab; a line is text<TAB>label[<TAB>alternatives]"
    if len(rest) > 2:
        return f"{len(rest)} tabs; a line is text<TAB>label[<TAB>alternatives]"
    if not neutralise(clean(text)):
        return "empty text"
    if len(text) > LONGEST:
        return f"{len(text)} characters; a customer may write {LONGEST}"
    wanted = rest[0].strip()
    also = [label.strip() for label in rest[1].split(",")] if len(rest) == 2 and rest[1].strip() else []
    unknown = [label for label in (wanted, *also) if label not in labels]
    if unknown:
        return f"unknown label {unknown[0]!r}; labels are the ids of knowledge/intents.yml"
    return Line(text, wanted, frozenset(also) - {wanted}, number)
