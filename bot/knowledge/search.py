"""Find scripts by words: for the agents' search box. Small, in memory, no engine."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_TITLE, _BODY = 4.0, 1.0


def grams(text: str) -> Iterator[str]:
    """Pairs of neighbouring characters; a single character stands for itself."""
    folded = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(c if c.isalnum() else " " for c in folded)
    for word in letters.split():
        if len(word) == 1:
            yield word
        for i in range(len(word) - 1):
            yield word[i : i + 2]


@dataclass(frozen=True)
class Index:
    """Weights of the pairs in each document, by document id."""

    weights: tuple[tuple[str, dict[str, float]], ...]

    def ranked(self, query: str) -> list[str]:
        """Ids, best first; those that share nothing with the query are left out."""
        wanted = set(grams(query))
        scores = ((sum(row.get(gram, 0.0) for gram in wanted), id_) for id_, row in self.weights)
        return [id_ for score, id_ in sorted(scores, key=lambda pair: (-pair[0], pair[1])) if score > 0]


def build(documents: Sequence[tuple[str, Iterable[str], Iterable[str]]]) -> Index:
    """From (id, titles, bodies). What many documents share counts little."""
    counts: list[tuple[str, Counter[str], Counter[str]]] = [
        (id_, Counter(g for t in titles for g in grams(t)), Counter(g for b in bodies for g in grams(b)))
        for id_, titles, bodies in documents
    ]
    common = Counter(gram for _, titles, bodies in counts for gram in titles.keys() | bodies.keys())

    def weight(gram: str, title: int, body: int) -> float:
        rarity = math.log(1 + len(counts) / common[gram])
        return rarity * (_TITLE * (title > 0) + _BODY * body / (body + 1.5))

    return Index(
        tuple(
            (id_, {g: weight(g, titles[g], bodies[g]) for g in titles.keys() | bodies.keys()})
            for id_, titles, bodies in counts
        )
    )
