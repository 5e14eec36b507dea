"""Is a complaint a repetition (重复投诉) of one this customer made before? Pure (000-68, 000-71).

Two stories are told at different lengths, so what counts is how much of the shorter one stands in the longer one, in
pairs of characters. The measure for "asks the same again" is another one: it compares two short questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.tickets import words
from bot.tickets.model import Case

KIND = ("business", "nature", "content")  # axes by which two complaints are of one kind (000-68: 相同或类似)
SIMILAR = 0.25  # chosen on tests/unit/tickets/test_repeats.py


def window(now: datetime, days: int) -> datetime:
    """Cases opened since then count."""
    return now - timedelta(days=days)


def former(facts: str, earlier: Iterable[Case]) -> Case | None:
    """The latest of the customer's earlier complaints on the same or a similar matter, or the one that he names."""
    named = words.numbers_in(facts)
    cases = sorted(earlier, key=lambda case: case.opened_at, reverse=True)
    same = (case for case in cases if case.number in named or overlap(facts, case.facts) >= SIMILAR)
    return next(same, None)


def alike(classes: Mapping[str, str], earlier: Iterable[Case], usual: Mapping[str, str]) -> Case | None:
    """The latest of his earlier complaints of the same kind, however it was worded: the same business, nature and
    content, of which the business and one more say something. `usual`: what stands where nothing speaks for another."""
    same = (
        case for case in sorted(earlier, key=lambda case: case.opened_at, reverse=True) if _same(classes, case.classes)
    )
    telling = [axis for axis in KIND if classes.get(axis) and classes[axis] != usual.get(axis)]
    return next(same, None) if "business" in telling and len(telling) > 1 else None


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(one.get(axis) == other.get(axis) for axis in KIND)


def overlap(one: str, other: str) -> float:
    """Share of the shorter story's character pairs that stand in the other one too, from 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _pairs(text: str) -> set[str]:
    """Without case numbers, tokens, formulas and punctuation: those are alike in all complaints."""
    core = words.core(text)
    return {core[i : i + 2] for i in range(len(core) - 1)}
