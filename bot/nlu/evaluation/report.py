"""The figures as one HTML file that stands alone: style inside, plots inside, every text escaped, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from bot.nlu.evaluation import plots
from bot.nlu.evaluation.figures import Figures
from bot.nlu.evaluation.hearing import Judged
from bot.nlu.evaluation.telling import could, percent

Cell = str | int | float | None

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .7rem; border-bottom: 1px solid #e2e2e2; }
th { text-align: left; font-weight: 600; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
.met { color: #2e7d32; } .missed { color: #b23b3b; } .faint { color: #666; } pre { margin: 0; }
figure { margin: 0; } img { max-width: 100%; height: auto; } figcaption { color: #666; font-size: .85rem; }
.two { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.two figure { flex: 1 1 26rem; } td.part { padding-left: 1.8rem; } .wide { overflow-x: auto; }
.matrix { font-size: .72rem; } .matrix th, .matrix td { padding: .1rem .25rem; border: 1px solid #eee; }
.matrix thead th { writing-mode: vertical-rl; } .matrix .right { background: #e3f0e3; }
.matrix .wrong { background: #f7dcdc; } .errors td { vertical-align: top; } .errors td.text { word-break: break-word; }
"""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(figures: Figures, judged: Sequence[Judged], about: Mapping[str, str], texts: bool = True) -> str:
    """`about` is shown on top, name and value; `texts`: with the list of errors, in the customers' words."""
    title = "How well the assistant understands"
    parts = [
        f"<h1>{title}</h1>",
        _table([], [(name, value) for name, value in about.items()]),
        "<h2>Goals</h2>",
        _goals(figures),
        f'<p class="faint">{escape(could(figures))}</p>',
        "<h2>What it does</h2>",
        _table(
            ["", "lines", "answers right", "answers wrong", "asks back", "refers"],
            [(d.kind, d.lines, d.answered_right, d.answered_wrong, d.asked, d.referred) for d in figures.decisions],
        ),
        "<h2>Confidence</h2>",
        '<div class="two">',
        _picture(
            plots.reliability(figures), "Reliability: right against sure, with 95% intervals and counts of lines."
        ),
        _picture(plots.coverage(figures), "Coverage against accuracy: what confidence alone could do."),
        "</div>",
        _calibration(figures),
        "<h2>Labels</h2>",
        f'<p class="faint">By the first label, whatever the thresholds; mean F1 {figures.macro_f1:.3f}.</p>',
        _picture(plots.labels(figures), "Recall and precision by label, the weakest on top; in brackets its lines."),
        _folded(
            "In figures",
            _table(
                ["label", "precision", "recall", "F1", "lines"],
                [(one.label, one.precision, one.recall, one.f1, one.support) for one in figures.labels],
            ),
        ),
        "<h2>Confusions</h2>",
        *_confusions(figures),
        "<h2>Time</h2>",
        _times(figures),
        *([_errors(judged)] if texts else []),
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _goals(figures: Figures) -> str:
    rows = []
    for one in figures.measures:
        verdict = {None: "", True: "met", False: "missed"}[one.met]
        goal = "" if one.goal is None else f"{one.goal:.0%}"
        rows.append(
            f'<tr><td class="{"part" if one.part else ""}">{escape(one.title)}</td>'
            f"<td>{escape(percent(one.share))}</td><td>{goal}</td>"
            f'<td class="{verdict}">{verdict}</td></tr>'
        )
    return f"<table>{_head(['', 'measured', 'goal', ''])}<tbody>{''.join(rows)}</tbody></table>"


def _calibration(figures: Figures) -> str:
    found = figures.calibration
    rows = [
        (
            f"{one.low:.1f}-{one.high:.1f}",
            one.lines,
            *((one.sure, one.right / one.lines) if one.lines else (None, None)),
        )
        for one in found.bins
    ]
    said = f"<p>Expected calibration error {found.error:.3f}, Brier score of the first label {found.brier:.3f}.</p>"
    return said + _table(["sure", "lines", "on average", "right"], rows)


def _confusions(figures: Figures) -> Iterable[str]:
    drawn = plots.confusion(figures)
    if drawn is None:
        yield "<p>No label was taken for another.</p>"
    else:
        yield _picture(
            drawn, "Labels that are taken for another most often: lines wanted as the row, got as the column."
        )
    yield _folded("All labels", _matrix(figures))


def _matrix(figures: Figures) -> str:
    names = [one.label for one in figures.labels]
    rows = []
    for wanted in names:
        cells = []
        for got in names:
            n = figures.confusions[wanted, got]
            kind = "right" if wanted == got else "wrong" if n else ""
            cells.append(f'<td class="n {kind}">{n or ""}</td>')
        rows.append(f"<tr><th>{escape(wanted)}</th>{''.join(cells)}</tr>")
    return f'<div class="wide"><table class="matrix">{_head(["", *names])}<tbody>{"".join(rows)}</tbody></table></div>'


def _times(figures: Figures) -> str:
    times = figures.times
    again = "" if times.again is None else f"; a text heard again: median {times.again:.1f} ms"
    return f"<p>Parse: median {times.median:.1f} ms, 95% within {times.p95:.1f} ms{again}.</p>"


def _errors(judged: Sequence[Judged]) -> str:
    """Surest first: those are answered, and wrong."""
    wrong = sorted((one for one in judged if not one.right), key=lambda one: -one.sure)
    rows = [
        f'<tr><td class="n">{one.line.number}</td><td class="text">{escape(one.line.text)}</td>'
        f"<td>{escape(', '.join([one.line.wanted, *sorted(one.line.also)]))}</td><td>{escape(one.first)}</td>"
        f'<td class="n">{one.sure:.3f}</td><td>{_DONE[one.decided.does]}</td></tr>'
        for one in wrong
    ]
    head = _head(["line", "text", "wanted", "got", "sure", ""])
    return f'<h2>Errors ({len(wrong)})</h2><table class="errors">{head}<tbody>{"".join(rows)}</tbody></table>'


_DONE = {"answer": "answered", "ask": "asked back", "refer": "referred"}


def _picture(uri: str, caption: str) -> str:
    words = escape(caption)
    return f'<figure><img src="{uri}" alt="{words}"><figcaption>{words}</figcaption></figure>'


def _folded(name: str, inside: str) -> str:
    return f"<details><summary>{escape(name)}</summary>{inside}</details>"


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table>{_head(head) if head else ''}<tbody>{body}</tbody></table>"


def _head(names: Sequence[str]) -> str:
    return f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in names)}</tr></thead>"


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return f"<td>{escape(value)}</td>"
    shown = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
    return f'<td class="n">{shown}</td>'
