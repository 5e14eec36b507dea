"""The figures as lines for a terminal, and as JSON for machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.nlu.evaluation.figures import (
    RIGHT_WHEN_ANSWERED,
    Calibration,
    Decisions,
    Figures,
    LabelFigures,
    Measure,
    Share,
)

CONFUSIONS = 20


def tell(figures: Figures) -> list[str]:
    lines = [f"{'':36} {'':44} goal"]
    lines += [told(one) for one in figures.measures]
    lines += ["", *_decisions(figures)]
    lines += ["", f"per label (first label; mean F1 {figures.macro_f1:.3f})"]
    lines += [f"  {'':24} {'precision':>9} {'recall':>7} {'F1':>6} {'lines':>6}"]
    lines += [_label(one) for one in sorted(figures.labels, key=lambda one: (one.f1 or 0.0, one.label))]
    lines += ["", "taken for another most often (wanted -> got)"]
    lines += [f"  {wanted:>24} -> {got:<24} {n:4}" for (wanted, got), n in figures.mistaken[:CONFUSIONS]]
    lines += ["", *_calibration(figures.calibration)]
    times = figures.times
    again = "" if times.again is None else f", heard again: median {times.again:.1f} ms"
    return [*lines, "", f"parse: median {times.median:.1f} ms, 95% within {times.p95:.1f} ms{again}"]


def told(one: Measure) -> str:
    goal = "" if one.goal is None else f"{one.goal:.0%} {'' if one.met is None else 'met' if one.met else 'missed'}"
    title = f"  {one.title}" if one.part else one.title
    return f"{title:<36} {percent(one.share):<44} {goal}".rstrip()


def percent(share: Share) -> str:
    """ "98.1% (153/156, 95% interval 94.5-99.3%)"."""
    if share.value is None:
        return "-"
    low, high = share.interval
    return f"{share.value:.1%} ({share.hits}/{share.of}, 95% interval {100 * low:.1f}-{high:.1%})"


def could(figures: Figures) -> str:
    """What confidence alone could do on these very lines; chosen on them, so it flatters."""
    best = figures.most_answered(RIGHT_WHEN_ANSWERED)
    if best is None:
        return f"no threshold answers with {RIGHT_WHEN_ANSWERED:.0%} right"
    return (
        f"with {RIGHT_WHEN_ANSWERED:.0%} right, confidence alone could answer {best.answered / figures.lines:.1%} "
        f"(from {best.sure:.2f} up; chosen on these lines, so it flatters)"
    )


def _decisions(figures: Figures) -> list[str]:
    head = (
        f"{'what it does':14} {'lines':>6} {'answers right':>14} {'answers wrong':>14} {'asks back':>10} {'refers':>7}"
    )
    return [head, *map(_decision, figures.decisions), could(figures)]


def _decision(one: Decisions) -> str:
    return (
        f"  {one.kind:12} {one.lines:6} {one.answered_right:14} {one.answered_wrong:14} {one.asked:10} {one.referred:7}"
    )


def _label(one: LabelFigures) -> str:
    return f"  {one.label:24} {_maybe(one.precision):>9} {_maybe(one.recall):>7} {_maybe(one.f1):>6} {one.support:6}"


def _maybe(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _calibration(found: Calibration) -> list[str]:
    lines = [f"calibration (first label): expected error {found.error:.3f}, Brier score {found.brier:.3f}"]
    lines += [f"  {'sure':9} {'lines':>6} {'on average':>11} {'right':>7}"]
    for one in found.bins:
        means = f"{one.sure:11.3f} {one.right / one.lines:7.3f}" if one.lines else f"{'-':>11} {'-':>7}"
        lines.append(f"  {one.low:.1f}-{one.high:.1f}   {one.lines:6} {means}")
    return lines


def as_json(figures: Figures, about: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the report shows but the texts. `about` tells of the file and the model."""
    matrix: dict[str, dict[str, int]] = defaultdict(dict)
    for (wanted, got), n in sorted(figures.confusions.items()):
        matrix[wanted][got] = n
    best = figures.most_answered(RIGHT_WHEN_ANSWERED)
    return {
        **about,
        "lines": figures.lines,
        "measures": {one.id: _measure(one) for one in figures.measures},
        "decisions": {one.kind.replace(" ", "_"): _counts(one) for one in figures.decisions},
        "could_answer": None if best is None else {"share": best.answered / figures.lines, "from": best.sure},
        "labels": {one.label: _label_json(one) for one in figures.labels},
        "macro_f1": figures.macro_f1,
        "confusions": [{"wanted": wanted, "got": got, "lines": n} for (wanted, got), n in figures.mistaken],
        "matrix": matrix,
        "calibration": asdict(figures.calibration),
        "parse_ms": asdict(figures.times),
    }


def _measure(one: Measure) -> dict[str, Any]:
    low, high = one.share.interval
    value = one.share.value
    return {
        "value": value,
        "hits": one.share.hits,
        "of": one.share.of,
        "interval": None if value is None else [low, high],
        "goal": one.goal,
        "met": one.met,
    }


def _counts(one: Decisions) -> dict[str, int]:
    return {name: n for name, n in asdict(one).items() if name != "kind"}


def _label_json(one: LabelFigures) -> dict[str, Any]:
    return {
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "support": one.support,
        "predicted": one.predicted,
        "right": one.right,
    }
