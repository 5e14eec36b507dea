"""Names of other banks, lenders and platforms in a text: the strongest single sign that it is none of our business.

The names are data (knowledge/institutions.yml). A name beside a word of paying or binding is only where money comes
from: 用工行卡还你们贷款. The model weighs the mark, it decides nothing by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from bot.text.normalise import normalise

OTHER, BESIDE = "\4other", "\4other beside"  # no n-gram begins so


@dataclass(frozen=True)
class Others:
    """`names` are whole names, `patterns` regular expressions, `beside` words that make a name a mere means."""

    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Others:
        with path.open(encoding="utf-8") as file:
            data = YAML(typ="safe", pure=True).load(file)
        names = tuple(sorted({normalise(name) for group in ("banks", "lenders", "platforms") for name in data[group]}))
        return cls(names, tuple(data["patterns"]), tuple(normalise(word) for word in data["beside"]))

    def marks(self, text: str) -> list[str]:
        """Terms for the text; none where it names nobody else."""
        read = normalise(text)
        if not self._any.search(read):
            return []
        return [BESIDE] if any(word in read for word in self.beside) else [OTHER, OTHER]

    @cached_property
    def _any(self) -> re.Pattern[str]:
        names = sorted(map(re.escape, self.names), key=len, reverse=True)
        return re.compile("|".join([*names, *self.patterns]) or r"(?!)")
