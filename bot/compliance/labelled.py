"""Outgoing texts that people have labelled: what the second reader learns from, and what the guard is measured on.

A file has lines `text<TAB>topics<TAB>labels`: topics or `-`; labels `ok`, or any of missing:DISCLOSURE, promise,
secret, link, figure, daily_rate. In a text `{wealth_risk}` stands for that mandatory text, and `\\n` for a line end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.model import Disclosure

FORBIDDEN = ("promise", "secret", "link", "figure", "daily_rate")


@dataclass(frozen=True)
class Labelled:
    text: str
    topics: frozenset[str]
    labels: frozenset[str]

    @property
    def forbidden(self) -> frozenset[str]:
        return self.labels.intersection(FORBIDDEN)

    @property
    def missing(self) -> frozenset[str]:
        return frozenset(label.removeprefix("missing:") for label in self.labels if label.startswith("missing:"))


def read(file: Path, disclosures: Iterable[Disclosure], whole: bool = True) -> list[Labelled]:
    """`whole`: with the mandatory texts written out; else they are left away, as the second reader reads."""
    texts = {str(one.id): str(one.text) if whole else "\n" for one in disclosures}
    return [_labelled(line, texts) for line in lines(file)]


def lines(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _labelled(line: str, texts: dict[str, str]) -> Labelled:
    text, topics, labels = line.split("\t")
    for id_, written_out in texts.items():
        text = text.replace(f"{{{id_}}}", written_out)
    return Labelled(
        text.replace("\\n", "\n"), frozenset(topics.split(",")) - {"-"}, frozenset(labels.split(",")) - {"ok"}
    )
