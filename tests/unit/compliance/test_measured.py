"""The guard's figures on the two labelled sets as floors, so that they cannot fall unnoticed (decision 0018).

Set A was read while the lists were written; set B never. Whoever raises a figure raises the floor here. Nobody reads
set B: a rule written for one of its lines would make it worth nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.compliance.evaluate import judge, read
from bot.knowledge import Knowledge

SETS = Path(__file__).parents[2] / "compliance"


@dataclass(frozen=True)
class Floor:
    file: str
    violations: int
    caught: int  # at least
    clean: int
    refused: int  # at most
    warned: int  # at most: clean texts that are given a warning


FLOORS = [
    Floor("outgoing_a.tsv", 255, 252, 205, 0, 4),
    Floor("outgoing_b.tsv", 227, 173, 177, 10, 14),
]


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: str(floor.file))
def test_the_guard_reads_no_worse_than_when_it_was_measured(floor: Floor, knowledge: Knowledge) -> None:
    judged = judge(read(SETS / floor.file, knowledge), knowledge)
    bad, clean = [one for one in judged if one.labelled.labels], [one for one in judged if not one.labelled.labels]
    assert (len(bad), len(clean)) == (floor.violations, floor.clean)
    # bare numbers, or the report of a failure would show texts of set B
    caught = sum(one.caught for one in bad)
    refused, warned = (sum(one.verdict.action == action for one in clean) for action in ("refuse", "complete"))
    assert caught >= floor.caught
    assert refused <= floor.refused
    assert warned <= floor.warned
