"""Plots of a report, each a data URI: nothing is loaded from elsewhere. Labels by id, so no font for Chinese is needed.

matplotlib comes with Rasa and is imported only where a plot is made.
"""

from __future__ import annotations

import base64
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.nlu.evaluation.figures import RIGHT_WHEN_ANSWERED, Figures, Measure, Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MIXED = 16  # labels in the heat map
INK, FAINT, GOOD, POOR = "#1f4e79", "#9db4c8", "#2e7d32", "#b23b3b"


def reliability(figures: Figures) -> str:
    """How often it is right where it says how sure it is; above the line it is too modest."""
    figure, axes = _axes(5.2, 4.2)
    bins = [one for one in figures.calibration.bins if one.lines]
    shares = [Share(one.right, one.lines) for one in bins]
    right = [share.hits / share.of for share in shares]
    off = [
        [value - share.interval[0] for value, share in zip(right, shares, strict=True)],
        [share.interval[1] - value for value, share in zip(right, shares, strict=True)],
    ]
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
    axes.errorbar([one.sure for one in bins], right, yerr=off, fmt="o-", color=INK, capsize=3, markersize=4)
    for one, value in zip(bins, right, strict=True):
        axes.annotate(str(one.lines), (one.sure, value), (5, -11), textcoords="offset points", fontsize=7)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="sure, on average in its tenth", ylabel="right")
    return _uri(figure)


def coverage(figures: Figures) -> str:
    """The more it answers, the less often it is right; where the product stands, and where it should."""
    figure, axes = _axes(5.2, 4.2)
    answered = [point.answered / figures.lines for point in figures.curve]
    axes.plot(answered, [point.right / point.answered for point in figures.curve], color=INK, linewidth=1.5)
    named = {one.id: one for one in figures.measures}
    many, right = named["answered"], named["answered_right"]
    if many.share.value is not None and right.share.value is not None:
        axes.plot(many.share.value, right.share.value, "o", color=POOR, label="the product's thresholds")
    axes.axvline(_goal(many), color=GOOD, linestyle=":", linewidth=1)
    axes.axhline(RIGHT_WHEN_ANSWERED, color=GOOD, linestyle=":", linewidth=1, label="goals")
    axes.set(xlim=(0, 1), xlabel="share of all lines answered directly", ylabel="right when answered")
    axes.legend(loc="lower left", fontsize=8)
    return _uri(figure)


def labels(figures: Figures) -> str:
    """Precision and recall of every label, the weakest on top."""
    shown = sorted(figures.labels, key=lambda one: (-(one.f1 or 0.0), one.label))
    figure, axes = _axes(7.2, 1.0 + 0.24 * len(shown))
    at = range(len(shown))
    axes.barh([y + 0.2 for y in at], [one.recall or 0.0 for one in shown], 0.38, color=INK, label="recall")
    axes.barh([y - 0.2 for y in at], [one.precision or 0.0 for one in shown], 0.38, color=FAINT, label="precision")
    axes.set(xlim=(0, 1), ylim=(-0.7, len(shown) - 0.3))
    axes.set_yticks(list(at))
    axes.set_yticklabels([f"{one.label} ({one.support})" for one in shown], fontsize=7)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncol=2, fontsize=8, frameon=False)
    return _uri(figure)


def confusion(figures: Figures) -> str | None:
    """The labels that are mixed up most among each other; right ones left blank. None where nothing is mixed up."""
    weight: Counter[str] = Counter()
    for pair, n in figures.mistaken:
        weight.update({name: n for name in pair})
    names = sorted(name for name, _ in sorted(weight.items(), key=lambda one: (-one[1], one[0]))[:MIXED])
    if not names:
        return None
    counts = [[figures.confusions[w, g] if w != g else 0 for g in names] for w in names]
    figure, axes = _axes(2.4 + 0.38 * len(names), 1.8 + 0.34 * len(names))
    axes.pcolormesh(counts, cmap="Reds", vmin=0, vmax=1.3 * max(max(row) for row in counts) or 1, edgecolors="#eee")
    for y, row in enumerate(counts):
        for x, n in enumerate(row):
            if n or x == y:
                axes.text(x + 0.5, y + 0.5, str(n) if n else "\N{MIDDLE DOT}", ha="center", va="center", fontsize=7)
    middles = [i + 0.5 for i in range(len(names))]
    axes.set_xticks(middles)
    axes.set_xticklabels(names, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(middles)
    axes.set_yticklabels(names, fontsize=7)
    axes.set(xlabel="got", ylabel="wanted")
    axes.invert_yaxis()
    return _uri(figure)


def _goal(one: Measure) -> float:
    return one.goal or 0.0


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    """Without pyplot: no window, no state that outlives the plot."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), tight_layout=True)
    axes: Any = figure.subplots()
    axes.spines["top"].set_visible(False)
    axes.spines["right"].set_visible(False)
    axes.grid(color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _uri(figure: Figure) -> str:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=144)
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
