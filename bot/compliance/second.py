"""The second reader: how likely a text promises, asks for a secret, or leads away, by its wording as a whole.

Two logistic regressions over character n-grams of the squeezed text, learnt from data/guard/ and averaged into one row
of weights. It stands beside the word lists, never instead of them (decision 0019): it sees what no list holds, and asks
an agent to look again.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags

from bot.compliance import reading
from bot.compliance.links import without_paths
from bot.compliance.reading import BORDER
from bot.compliance.topics import is_courtesy
from bot.knowledge.editing import replace_file
from bot.knowledge.guard import Guard
from bot.nlu import ngrams

KINDS = ("promise", "secret", "link")
LONGEST, SCALE, COST = 3, 4.5, 3.0  # n-grams up to so many characters, length of a row, C of the regression
LOUDER, SMOOTH = 1.0, 0.3  # C of the second regression, and what every term has been seen at least
WHOLE = 100  # characters: up to so many a text is read whole too, and not by sentences only
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_CLAUSE = re.compile(r"[^，,；;、~～…—\s]+")
Spellings = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reader:
    """`weights`: a row for each kind, the intercept last."""

    name: str
    tfidf: ngrams.Tfidf
    weights: np.ndarray
    guard: Guard

    def read(self, text: str) -> dict[str, float]:
        """Of each kind the likelihood, from 0 to 1, in the stretch that is most likely so."""
        rows = [
            self.tfidf.row(_terms(squeezed(stretch, self.guard.spellings))) for stretch in _stretches(text, self.guard)
        ]
        if not rows:
            return dict.fromkeys(KINDS, 0.0)
        scores = np.max([ngrams.weighed(row, self.weights) + self.weights[:, -1] for row in rows], axis=0)
        return {kind: float(1 / (1 + np.exp(-score))) for kind, score in zip(KINDS, scores, strict=True)}


def learn(texts: Sequence[str], labels: Sequence[frozenset[str]], guard: Guard, name: str) -> Reader:
    """`texts` without their mandatory texts. Takes seconds; the same lines give the same reader."""
    from sklearn.linear_model import LogisticRegression

    documents = [_terms(squeezed(text, guard.spellings)) for text in texts]
    tfidf = ngrams.Tfidf.fit(documents, SCALE)
    rows = tfidf.rows(documents)
    weights = []
    for kind in KINDS:
        wanted = np.array([kind in given for given in labels])
        plain = LogisticRegression(C=COST, max_iter=500, class_weight="balanced").fit(rows, wanted)
        telling = _telling(rows, wanted)
        other = LogisticRegression(C=LOUDER, max_iter=500, class_weight="balanced").fit(rows @ diags(telling), wanted)
        both = (plain.coef_[0] + telling * other.coef_[0], plain.intercept_[0] + other.intercept_[0])
        weights.append(np.append(*both) / 2)
    return Reader(name, tfidf, np.vstack(weights), guard)


def _telling(rows: csr_matrix, wanted: np.ndarray) -> np.ndarray:
    """How much each term tells by itself, as naive Bayes counts it: the second regression hears these louder."""
    having, lacking = (SMOOTH + np.asarray(rows[chosen].sum(axis=0))[0] for chosen in (wanted, ~wanted))
    return np.asarray(np.abs(np.log((having / having.sum()) / (lacking / lacking.sum()))))


def squeezed(text: str, spellings: Spellings) -> str:
    return reading.read(without_paths(text), spellings).text.strip(BORDER)


def digest(lines: Path, spellings: Spellings) -> str:
    """Changes when, and only when, learning would give another reader."""
    numbers = [KINDS, LONGEST, SCALE, COST, LOUDER, SMOOTH, spellings]
    made = hashlib.sha256(json.dumps(numbers, ensure_ascii=False).encode())
    for module in (ngrams, reading):
        made.update(inspect.getsource(module).encode())
    for path in sorted(lines.glob("*.tsv")):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:12]


def save(reader: Reader, path: Path) -> None:
    """Whole or not at all; plain numbers and text, no code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"name": reader.name, "tfidf": reader.tfidf.to_json(), "weights": np.round(reader.weights, 5).tolist()}
    replace_file(path, json.dumps(kept, ensure_ascii=False).encode())


def load(path: Path, guard: Guard) -> Reader | None:
    """None where it is missing or damaged: it is learnt anew then."""
    try:
        kept: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        return Reader(str(kept["name"]), ngrams.Tfidf.from_json(kept["tfidf"]), np.array(kept["weights"]), guard)  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _terms(text: str) -> list[str]:
    return ngrams.terms(text, (), 1, LONGEST)


def _stretches(text: str, guard: Guard) -> list[str]:
    """The text, and each sentence with and without its courtesies: a promise drowns in what is said around it."""
    sentences = _SENTENCE.findall(text)
    found = [*([text] if len(text) <= WHOLE else ()), *sentences, *(_core(one, guard) for one in sentences)]
    return [one for one in dict.fromkeys(found) if any(map(str.isalnum, one))]


def _core(sentence: str, guard: Guard) -> str:
    """Without the polite clauses around it: 您好，让您久等了，…，还有别的问题吗."""
    telling = [
        clause.span()
        for clause in _CLAUSE.finditer(sentence)
        if not is_courtesy(reading.read(clause[0], guard.spellings), guard)
    ]
    return sentence[telling[0][0] : telling[-1][1]] if telling else ""
