"""Does a customer's message ask the same again as an earlier one? A small judge, learnt from data/pairs/. Pure.

A logistic regression over what the second has that the first lacks, lacks that the first has, and shares (character
n-grams), and over some numbers: the model's opinion of both, their ideas, products, letters and lengths. Kept as plain
numbers; it needs no embedding (decision 0021).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.knowledge.editing import replace_file
from bot.knowledge.vocabulary import FALLBACK
from bot.nlu import ngrams
from bot.text.normalise import normalise
from bot.text.similarity import differences, similarity

LONGEST, SCALE, COST, RAREST = 3, 8.0, 0.1, 2


@dataclass(frozen=True)
class Said:
    """A message and what the model makes of it."""

    text: str
    chances: Mapping[str, float]
    products: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str, parsed: Mapping[str, Any]) -> Said:
        ranking = {one["name"]: float(one["confidence"]) for one in parsed.get("intent_ranking") or ()}
        products = {str(e["value"]) for e in parsed.get("entities") or () if e.get("entity") == "product"}
        return cls(text, {name: chance for name, chance in ranking.items() if name != FALLBACK}, frozenset(products))


@dataclass(frozen=True)
class Judge:
    """`weights`: those of the terms, then of the numbers; `middle` and `spread` bring the numbers to one measure."""

    name: str
    tfidf: ngrams.Tfidf
    weights: np.ndarray
    intercept: float
    middle: np.ndarray
    spread: np.ndarray

    def likely(self, first: Said, second: Said) -> float:
        """From 0 to 1."""
        row = self.tfidf.row(terms(first, second))
        score = float(self.weights[row.indices] @ row.data) + self.intercept
        score += float(self.weights[len(self.tfidf.index) :] @ ((_row(first, second) - self.middle) / self.spread))
        return float(1 / (1 + np.exp(-score)))


def learn(pairs: Sequence[tuple[Said, Said]], again: Sequence[bool], name: str) -> Judge:
    """The same pairs give the same judge."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    documents = [terms(first, second) for first, second in pairs]
    tfidf = ngrams.Tfidf.fit(documents, SCALE, RAREST)
    rows = np.array([_row(first, second) for first, second in pairs])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    words = tfidf.rows(documents)
    features = hstack([words, csr_matrix((rows - middle) / spread)], format="csr")
    made = LogisticRegression(C=COST, max_iter=1000).fit(features, list(again))
    return Judge(name, tfidf, made.coef_[0], float(made.intercept_[0]), middle, spread)


def terms(first: Said, second: Said) -> list[str]:
    before, after = (set(ngrams.terms(normalise(one.text), (), 1, LONGEST)) for one in (first, second))
    marked = (("+", after - before), ("-", before - after), ("=", after & before))
    return [mark + gram for mark, grams in marked for gram in sorted(grams)]


def numbers(first: Said, second: Said) -> dict[str, float]:
    """By name; always the same names in the same order."""
    return {
        "letters": similarity(first.text, second.text),
        **_opinions(first.chances, second.chances),
        **differences(first.text, second.text),
        **_products(first.products, second.products),
        **_lengths(normalise(first.text), normalise(second.text)),
    }


def save(judge: Judge, path: Path) -> None:
    """Whole or not at all; plain numbers and text, no code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "name": judge.name,
        "tfidf": judge.tfidf.to_json(),
        "weights": np.round(judge.weights, 6).tolist(),
        "intercept": judge.intercept,
        "middle": judge.middle.tolist(),
        "spread": judge.spread.tolist(),
    }
    replace_file(path, json.dumps(kept, ensure_ascii=False).encode())


def load(path: Path) -> Judge | None:
    """None where it is missing or damaged."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        arrays = (np.array(kept[key]) for key in ("middle", "spread"))
        tfidf = ngrams.Tfidf.from_json(kept["tfidf"])
        return Judge(str(kept["name"]), tfidf, np.array(kept["weights"]), float(kept["intercept"]), *arrays)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _row(first: Said, second: Said) -> np.ndarray:
    return np.array(list(numbers(first, second).values()), dtype=np.float64)


def _opinions(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    shared = {name: (before[name], after[name]) for name in before if name in after}
    one, other = (sorted(chances, key=lambda name: -chances[name])[:3] for chances in (before, after))
    return {
        "product_of_chances": sum(p * q for p, q in shared.values()),
        "overlap_of_chances": sum((p * q) ** 0.5 for p, q in shared.values()),
        "same_label": one[:1] == other[:1],
        "first_label_in_second": after.get(one[0], 0.0) if one else 0.0,
        "second_label_in_first": before.get(other[0], 0.0) if other else 0.0,
        "shared_labels": len(set(one) & set(other)),
        "sure_of_first": max(before.values(), default=0.0),
        "sure_of_second": max(after.values(), default=0.0),
    }


def _products(before: frozenset[str], after: frozenset[str]) -> dict[str, float]:
    return {
        "new_product": bool(after - before),
        "kept_product": bool(after & before),
        "other_product": bool(after - before) and bool(before),
        "dropped_product": bool(before - after),
    }


def _lengths(before: str, after: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for n in (1, 2):
        one, other = ({text[i : i + n] for i in range(len(text) - n + 1)} for text in (before, after))
        found[f"alike_{n}"] = len(one & other) / max(1, len(one | other))
        found[f"held_{n}"] = len(one & other) / max(1, min(len(one), len(other)))
    new = len(set(after) - set(before))
    return {
        **found,
        "length_of_first": len(before),
        "length_of_second": len(after),
        "longer": len(after) / max(1, len(before)),
        "shorter_length": min(len(before), len(after)),
        "new_characters": new,
        "share_of_new": new / max(1, len(set(after))),
    }
