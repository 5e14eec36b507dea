"""Cross-validation: lines are spread evenly, and thresholds are counted right."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.nlu.evaluate import split, try_threshold
from bot.nlu.evaluation.hearing import Judged, by_thresholds
from bot.nlu.evaluation.lines import Line


def judged(wanted: str, *ranking: tuple[str, float]) -> Judged:
    return Judged(Line("", wanted), ranking, by_thresholds(ranking, 0, 0))


LINES = [
    judged("a", ("a", 0.9), ("b", 0.05), ("c", 0.05)),  # right, sure
    judged("a", ("b", 0.8), ("a", 0.1), ("c", 0.1)),  # wrong, sure
    judged("a", ("b", 0.2), ("a", 0.19), ("c", 0.1)),  # wrong, unsure, among the three
    judged("d", ("b", 0.2), ("a", 0.1), ("c", 0.1)),  # wrong, unsure, not among the three
]


def test_thresholds_ask_back_instead_of_answering_wrong() -> None:
    tried = try_threshold(LINES, sure=0.3, lead=0.05)
    assert (tried.asked, tried.right_when_answered, tried.wrong_answers, tried.saved) == (0.5, 0.5, 0.25, 0.5)


def test_ambiguity_alone_asks_back() -> None:
    assert try_threshold(LINES, sure=0.0, lead=0.05).asked == 0.25


def test_every_label_is_spread_over_all_folds() -> None:
    labels = ["a"] * 25 + ["b"] * 10
    parts = split(labels, 5)
    counts = Counter(zip(labels, parts, strict=True))
    assert [counts["a", fold] for fold in range(5)] == [5] * 5
    assert [counts["b", fold] for fold in range(5)] == [2] * 5
    assert split(labels, 5) == pytest.approx(parts)
