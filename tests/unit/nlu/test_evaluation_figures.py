"""Figures of hand-made rankings, whose results are known."""

from __future__ import annotations

import json

import pytest

from bot.knowledge.vocabulary import OUT_OF_SCOPE as OUT
from bot.nlu.evaluation.figures import Measure, Share, measure
from bot.nlu.evaluation.hearing import Decided, Judged, by_thresholds, prepared, ranked
from bot.nlu.evaluation.lines import Line
from bot.nlu.evaluation.telling import as_json, could, percent, tell, told


def judged(wanted: str, ranking: str, decided: Decided | None = None, also: str = "", took: float = 1.0) -> Judged:
    """`ranking` as "a .9, b .1"; decided as config.yml does unless it is said how."""
    ranks = tuple((name, float(sure)) for name, sure in (one.split() for one in ranking.split(",")))
    line = Line("text", wanted, frozenset(also.split()))
    return Judged(line, ranks, decided or by_thresholds(ranks, 0.3, 0.05), took, took / 2)


LINES = [
    judged("a", "a .95, b .03, c .02", took=1),  # right, answered
    judged("a", "b .85, a .10, c .05", took=2),  # wrong, answered
    judged("a", "b .85, c .10, a .05", also="b", took=3),  # right by its alternative, answered
    judged("a", "b .25, c .15, a .14, d .13", took=4),  # asked back, the three hold it
    judged("d", "b .25, c .15, a .14, d .13", took=5),  # asked back, the three do not
    judged("c", f"{OUT} .60, c .20", took=6),  # referred, wrongly
    judged(OUT, f"{OUT} .70, a .20", took=7),  # referred, rightly
    judged(OUT, f"a .55, {OUT} .40", took=8),  # answered, wrongly
    judged(OUT, f"a .29, {OUT} .28, b .1", Decided("ask", offered=("a", "b")), took=9),  # asked back: no button for it
    judged(OUT, "a .75, b .20", also="a", took=10),  # right by its alternative, answered
]


def shares() -> dict[str, tuple[int, int]]:
    return {one.id: (one.share.hits, one.share.of) for one in measure(LINES).measures}


def test_measures() -> None:
    assert shares() == {
        "first_right": (2, 6),
        "among_three": (5, 6),
        "out_of_scope": (2, 4),
        "answered": (5, 10),
        "answered_right": (3, 5),
        "asked": (3, 10),
        "asked_held": (2, 3),
        "asked_offered": (1, 3),
        "referred": (2, 10),
        "referred_right": (1, 2),
    }


def test_goals_are_those_of_the_issue() -> None:
    goals = {one.id: one.goal for one in measure(LINES).measures if one.goal is not None}
    assert goals == {
        "first_right": 0.85, "among_three": 0.97, "out_of_scope": 0.75, "answered": 0.5, "answered_right": 0.95,
    }  # fmt: skip


def test_a_goal_is_met_from_its_very_value_on() -> None:
    assert [Measure("x", "x", Share(hits, 100), 0.85).met for hits in (84, 85, 86)] == [False, True, True]
    assert Measure("x", "x", Share(0, 0), 0.85).met is None
    assert Measure("x", "x", Share(1, 2)).met is None


def test_decisions() -> None:
    within, outside = measure(LINES).decisions
    assert (within.lines, within.answered_right, within.answered_wrong, within.asked, within.referred) == (
        6,
        2,
        1,
        2,
        1,
    )
    assert (outside.lines, outside.answered_right, outside.answered_wrong) == (4, 1, 1)
    assert (outside.asked, outside.referred) == (1, 1)


def test_wilson_interval() -> None:
    """Values as in R: prop.test(..., correct=FALSE)."""
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Share(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert Share(153, 156).interval == pytest.approx((0.9450, 0.9934), abs=1e-4)
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, (0.0, 1.0))


def test_labels_and_confusions() -> None:
    """By the first label; a line that is right by its alternative counts for that one."""
    figures = measure(LINES)
    found = {one.label: (one.support, one.predicted, one.right) for one in figures.labels}
    assert found == {"a": (4, 4, 2), "b": (1, 4, 1), "c": (1, 0, 0), "d": (1, 0, 0), OUT: (3, 2, 1)}
    by_name = {one.label: one for one in figures.labels}
    assert (by_name["b"].precision, by_name["b"].recall, by_name["b"].f1) == (0.25, 1.0, 0.4)
    assert (by_name["c"].precision, by_name["c"].recall, by_name["c"].f1) == (None, 0.0, 0.0)
    assert figures.macro_f1 == pytest.approx((0.5 + 0.4 + 0 + 0 + 0.4) / 5)
    assert figures.mistaken == [(("a", "b"), 2), ((OUT, "a"), 2), (("c", OUT), 1), (("d", "b"), 1)]
    assert sum(figures.confusions.values()) == len(LINES)


def test_calibration() -> None:
    found = measure([judged("a", "a 1.0, b .0"), judged("a", "b .8, a .2"), judged("a", "a .84, b .1")]).calibration
    assert [(one.low, one.lines, one.right) for one in found.bins if one.lines] == [(0.8, 2, 1), (0.9, 1, 1)]
    assert len(found.bins) == 10
    assert found.error == pytest.approx((abs(1 - 1.64) + 0) / 3)
    assert found.brier == pytest.approx((0 + 0.8**2 + 0.16**2) / 3)


def test_curve_takes_equally_sure_lines_together() -> None:
    figures = measure(LINES)
    assert [(point.sure, point.answered, point.right) for point in figures.curve] == [
        (0.95, 1, 1),
        (0.85, 3, 2),
        (0.75, 4, 3),
        (0.55, 5, 3),
        (0.29, 6, 3),
        (0.25, 8, 3),
    ]
    best = figures.most_answered(0.75)
    assert best is not None and (best.sure, best.answered) == (0.75, 4)
    assert "could answer 10.0% (from 0.95 up" in could(figures)
    assert measure([judged("a", "b .9, a .1")]).most_answered(0.95) is None


def test_times() -> None:
    assert measure(LINES).times.median == 5.5
    assert measure(LINES).times.p95 == 10
    assert measure(LINES).times.again == 2.75


def test_one_line_and_no_line() -> None:
    assert measure(LINES[:1]).times.p95 == 1
    with pytest.raises(ValueError):
        measure([])


@pytest.mark.parametrize(
    ("ranking", "does"),
    [
        ((("a", 0.3), ("b", 0.2)), "answer"),
        ((("a", 0.29), ("b", 0.1)), "ask"),
        ((("a", 0.5), ("b", 0.46)), "ask"),
        (((OUT, 0.5), ("b", 0.1)), "refer"),
        (((OUT, 0.29), ("b", 0.1)), "ask"),
        ((("a", 1.0),), "answer"),
    ],
)
def test_thresholds(ranking: tuple[tuple[str, float], ...], does: str) -> None:
    assert by_thresholds(ranking, 0.3, 0.05).does == does


def test_the_fallback_is_no_candidate() -> None:
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.7},
        "intent_ranking": [{"name": "nlu_fallback", "confidence": 0.7}, {"name": "a", "confidence": 0.2}],
    }
    assert ranked(parsed) == (("a", 0.2),)
    assert ranked({}) == ()


def test_texts_are_heard_as_the_assistant_hears_them() -> None:
    """Cleaned, personal data out, no command of Rasa's."""
    assert prepared(" 我的手机号13800138000\u200b ") == "我的手机号〔手机·尾号8000〕"
    assert prepared("/restart") == "restart"


def test_what_is_told() -> None:
    assert percent(Share(153, 156)) == "98.1% (153/156, 95% interval 94.5-99.3%)"
    assert percent(Share(0, 0)) == "-"
    assert told(Measure("x", "first right", Share(8, 10), 0.85)).endswith("85% missed")
    lines = tell(measure(LINES))
    assert any(line.startswith("first right, in scope") and line.endswith("85% missed") for line in lines)
    assert any(line.split() == ["a", "->", "b", "2"] for line in lines)
    assert lines[-1] == "parse: median 5.5 ms, 95% within 10.0 ms, heard again: median 2.8 ms"


def test_json_holds_all_figures() -> None:
    figures = measure(LINES)
    found = json.loads(json.dumps(as_json(figures, {"file": "x.tsv"})))
    assert found["file"] == "x.tsv" and found["lines"] == 10
    assert found["measures"]["first_right"]["hits"] == 2 and found["measures"]["first_right"]["met"] is False
    assert found["measures"]["first_right"]["interval"] == list(Share(2, 6).interval)
    assert found["decisions"]["out_of_scope"]["answered_wrong"] == 1
    assert found["labels"]["b"]["precision"] == 0.25
    assert found["matrix"]["a"] == {"a": 2, "b": 2}
    assert found["confusions"][0] == {"wanted": "a", "got": "b", "lines": 2}
    assert len(found["calibration"]["bins"]) == 10
    assert found["parse_ms"] == {"median": 5.5, "p95": 10, "again": 2.75}


def test_nothing_to_divide_by_is_null_in_json() -> None:
    found = as_json(measure([judged("a", "a .9, b .1")]), {})
    assert found["measures"]["out_of_scope"]["value"] is None
    assert found["measures"]["out_of_scope"]["interval"] is None
    json.dumps(found, allow_nan=False)
