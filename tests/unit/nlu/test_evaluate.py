"""Leaving an author out: who wrote what is known, and thresholds are counted right."""

from __future__ import annotations

from collections import Counter

from ruamel.yaml import YAML

from bot.nlu.evaluate import authors, digest, try_threshold
from bot.nlu.evaluation.hearing import Judged, by_thresholds
from bot.nlu.evaluation.lines import Line
from bot.settings import ROOT
from bot.text.normalise import normalise


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


def training_lines() -> list[tuple[str, str]]:
    read = YAML(typ="safe", pure=True).load
    topics = [one for path in (ROOT / "data" / "nlu").glob("*.yml") for one in read(path)["nlu"] if "intent" in one]
    return [(line.strip()[2:].strip(), one["intent"]) for one in topics for line in one["examples"].splitlines()]


def test_every_author_is_known_by_his_lines() -> None:
    wrote = authors()
    counts = Counter(wrote.get(digest(line)) for line, _ in training_lines())
    assert len(counts) == 16
    few = {author for author, lines in counts.items() if lines < 1_000}
    assert few == {"idioms", "danger", "corrections"}  # who wrote for one fault: too few to be left out


def test_no_line_is_learnt_twice_nor_under_two_labels() -> None:
    """Doubles but for blanks and punctuation weigh twice, and a text under two labels teaches neither."""
    seen: dict[str, list[str]] = {}
    for line, label in training_lines():
        seen.setdefault("".join(filter(str.isalnum, normalise(line))) or line, []).append(label)
    twice = {text: labels for text, labels in seen.items() if len(labels) > 1}
    assert twice == {}
