"""Sublinear TF-IDF over character n-grams and words. Pure; persisted as JSON, so a model file runs no code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack


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


def stacked(rows: Sequence[csr_matrix]) -> csr_matrix:
    return vstack(rows, format="csr")


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

    def row(self, document: Iterable[str]) -> csr_matrix:
        counts = Counter(self.index[term] for term in document if term in self.index)
        columns = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
        weights = weights * self.idf[columns]
        weights = weights * (self.scale / max(float(np.linalg.norm(weights)), 1e-9))
        return csr_matrix((weights, (np.zeros_like(columns), columns)), shape=(1, len(self.index)))

    def to_json(self) -> dict[str, Any]:
        return {"terms": list(self.index), "idf": [round(float(w), 6) for w in self.idf], "scale": self.scale}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tfidf:
        return cls({term: i for i, term in enumerate(data["terms"])}, np.array(data["idf"]), data["scale"])
