"""Sublinear TF-IDF over character n-grams and words. Pure; persisted as JSON, so a model file runs no code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix


def terms(text: str, words: Iterable[str], lowest: int, highest: int) -> list[str]:
    """Character n-grams with a blank at both ends, and the words, told apart by a mark in front."""
    padded = f" {text} "
    grams = [padded[i : i + n] for n in range(lowest, highest + 1) for i in range(len(padded) - n + 1)]
    return grams + [f"\1{word}" for word in words if word.strip()]


def weighed(row: csr_matrix, weights: np.ndarray) -> np.ndarray:
    """`weights` holds a line of weights for each label, the row's columns first: what each makes of the row.

    Only the columns that stand in it are read: scipy's product would copy all weights first, 8 ms a message.
    """
    return np.asarray(weights[:, row.indices] @ row.data)


@dataclass(frozen=True)
class Tfidf:
    """`index` gives a term's column, `idf` its weight. Rows have length `scale`."""

    index: dict[str, int]
    idf: np.ndarray
    scale: float

    @classmethod
    def fit(cls, documents: Sequence[Sequence[str]], scale: float, rarest: int = 1) -> Tfidf:
        """Terms of fewer than `rarest` documents are left out: they cost time and teach nothing."""
        seen = Counter(term for document in documents for term in set(document))
        index = {term: i for i, term in enumerate(sorted(term for term, count in seen.items() if count >= rarest))}
        idf = np.array([math.log((1 + len(documents)) / (1 + seen[term])) + 1 for term in index], dtype=np.float64)
        return cls(index, idf, scale)

    def rows(self, documents: Iterable[Iterable[str]]) -> csr_matrix:
        """A document a row."""
        found = [[self.index[term] for term in document if term in self.index] for document in documents]
        ends = np.cumsum([0, *map(len, found)])
        columns = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=ends[-1])
        rows = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(found), len(self.index)))
        rows.sum_duplicates()
        rows.data = (1 + np.log(rows.data)) * self.idf[rows.indices]
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))[:, 0])
        rows.data *= np.repeat(self.scale / np.maximum(lengths, 1e-9), np.diff(rows.indptr))
        return rows

    def row(self, document: Iterable[str]) -> csr_matrix:
        return self.rows([document])

    def to_json(self) -> dict[str, Any]:
        return {"terms": list(self.index), "idf": [round(float(w), 6) for w in self.idf], "scale": self.scale}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tfidf:
        return cls({term: i for i, term in enumerate(data["terms"])}, np.array(data["idf"]), data["scale"])
