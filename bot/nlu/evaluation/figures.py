"""What judged lines come to. Pure: `measure` counts, nothing here prints.

Labels, confusions and calibration look at the first label, whatever the thresholds; decisions at what the product does.
A line whose first label is an alternative counts for that label.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from bot.knowledge.vocabulary import OUT_OF_SCOPE
from bot.nlu.evaluation.hearing import Judged

BINS = 10
RIGHT_WHEN_ANSWERED = 0.95


@dataclass(frozen=True)
class Share:
    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """95%, by Wilson; everything where there is nothing to count."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.hits / self.of
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Measure:
    """One figure. `id` is its name for machines; `goal` is None where nothing was promised."""

    id: str
    title: str
    share: Share
    goal: float | None = None
    part: bool = False  # of the lines that the measure before it counts

    @property
    def met(self) -> bool | None:
        value = self.share.value
        return None if self.goal is None or value is None else value >= self.goal


@dataclass(frozen=True)
class Decisions:
    """What the product did, out of `lines` of one kind."""

    kind: str
    lines: int
    answered_right: int
    answered_wrong: int
    asked: int
    referred: int


@dataclass(frozen=True)
class LabelFigures:
    """`support` lines have the label, `predicted` were given it, `right` are both. None where there is no such line."""

    label: str
    support: int
    predicted: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        return self.right / self.support if self.support else None

    @property
    def f1(self) -> float | None:
        lines = self.support + self.predicted
        return 2 * self.right / lines if lines else None


@dataclass(frozen=True)
class Bin:
    low: float
    high: float
    lines: int
    sure: float  # on average
    right: int


@dataclass(frozen=True)
class Calibration:
    """Of the first label. `error` is the expected calibration error, `brier` the mean of (sure - right) squared."""

    bins: tuple[Bin, ...]
    error: float
    brier: float


@dataclass(frozen=True)
class Point:
    """Were all answered whose first label is at least this sure (and in scope): how many, and how many right."""

    sure: float
    answered: int
    right: int


@dataclass(frozen=True)
class Times:
    median: float
    p95: float
    again: float | None


@dataclass(frozen=True)
class Figures:
    lines: int
    measures: tuple[Measure, ...]
    decisions: tuple[Decisions, ...]
    labels: tuple[LabelFigures, ...]
    confusions: Counter[tuple[str, str]]  # (wanted, got), right ones too
    calibration: Calibration
    curve: tuple[Point, ...]
    times: Times

    @property
    def mistaken(self) -> list[tuple[tuple[str, str], int]]:
        """What is taken for what, most often first."""
        wrong = [(pair, n) for pair, n in self.confusions.items() if pair[0] != pair[1]]
        return sorted(wrong, key=lambda one: (-one[1], one[0]))

    @property
    def macro_f1(self) -> float:
        return statistics.fmean(one.f1 or 0.0 for one in self.labels if one.support)

    def most_answered(self, right: float) -> Point | None:
        """The point that answers most while so many answers are right: what confidence alone could do."""
        good = [point for point in self.curve if point.right >= right * point.answered]
        return max(good, key=lambda point: point.answered, default=None)


def measure(judged: Sequence[Judged]) -> Figures:
    if not judged:
        raise ValueError("no line to measure")
    return Figures(
        len(judged),
        tuple(_measures(judged)),
        tuple(_decisions(judged)),
        tuple(_labels(judged)),
        Counter(_pair(one) for one in judged),
        _calibration(judged),
        tuple(_curve(judged)),
        _times(judged),
    )


def share(hits: Iterable[bool]) -> Share:
    counted = list(hits)
    return Share(sum(counted), len(counted))


def _measures(judged: Sequence[Judged]) -> list[Measure]:
    within = [one for one in judged if one.line.in_scope]
    outside = [one for one in judged if not one.line.in_scope]
    answered, asked, referred = (
        [one for one in judged if one.decided.does == does] for does in ("answer", "ask", "refer")
    )
    return [
        Measure("first_right", "first right, in scope", share(one.right for one in within), 0.85),
        Measure("among_three", "among the first three, in scope", share(one.among(3) for one in within), 0.97),
        Measure("out_of_scope", "out of scope, recognised", share(one.right for one in outside), 0.75),
        Measure("answered", "answered directly", Share(len(answered), len(judged)), 0.50),
        Measure(
            "answered_right",
            "right when answered",
            share(one.acted_right for one in answered),
            RIGHT_WHEN_ANSWERED,
            part=True,
        ),
        Measure("asked", "asked back", Share(len(asked), len(judged))),
        Measure("asked_held", "first three hold the right one", share(one.among(3) for one in asked), part=True),
        Measure("asked_offered", "a button offers the right one", share(one.acted_right for one in asked), part=True),
        Measure("referred", "referred, as not for the bank", Share(len(referred), len(judged))),
        Measure("referred_right", "right when referred", share(one.acted_right for one in referred), part=True),
    ]


def _decisions(judged: Sequence[Judged]) -> Iterable[Decisions]:
    for kind, in_scope in (("in scope", True), ("out of scope", False)):
        of_kind = [one for one in judged if one.line.in_scope == in_scope]
        answered = [one.acted_right for one in of_kind if one.decided.does == "answer"]
        done = Counter(one.decided.does for one in of_kind)
        yield Decisions(kind, len(of_kind), sum(answered), len(answered) - sum(answered), done["ask"], done["refer"])


def _pair(one: Judged) -> tuple[str, str]:
    return (one.first if one.right else one.line.wanted), one.first


def _labels(judged: Sequence[Judged]) -> list[LabelFigures]:
    pairs = [_pair(one) for one in judged]
    support = Counter(wanted for wanted, _ in pairs)
    predicted = Counter(got for _, got in pairs)
    right = Counter(got for wanted, got in pairs if wanted == got)
    return [LabelFigures(name, support[name], predicted[name], right[name]) for name in sorted({*support, *predicted})]


def _calibration(judged: Sequence[Judged]) -> Calibration:
    bins = []
    for number in range(BINS):
        inside = [one for one in judged if min(int(one.sure * BINS), BINS - 1) == number]
        sure = statistics.fmean(one.sure for one in inside) if inside else 0.0
        right = sum(one.right for one in inside)
        bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), sure, right))
    off = sum(abs(one.right - one.sure * one.lines) for one in bins) / len(judged)
    brier = statistics.fmean((one.sure - one.right) ** 2 for one in judged)
    return Calibration(tuple(bins), off, brier)


def _curve(judged: Sequence[Judged]) -> Iterable[Point]:
    """From the surest down; lines that are equally sure come together."""
    answerable = sorted((one for one in judged if one.first != OUT_OF_SCOPE), key=lambda one: -one.sure)
    right = 0
    for number, one in enumerate(answerable, start=1):
        right += one.right
        if number == len(answerable) or answerable[number].sure < one.sure:
            yield Point(one.sure, number, right)


def _times(judged: Sequence[Judged]) -> Times:
    took = sorted(one.took for one in judged)
    again = [one.took_again for one in judged if one.took_again is not None]
    return Times(
        statistics.median(took),
        took[min(int(0.95 * len(took)), len(took) - 1)],
        statistics.median(again) if again else None,
    )
