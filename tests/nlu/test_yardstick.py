"""The frozen yardstick: the same lines for ever, and none that the model has learnt from.

A figure on it means something only as long as nobody changes it. Whoever must, says so in a decision, and measures the
old model on the new lines too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.nlu.evaluation.lines import Line, read
from bot.settings import ROOT
from bot.text.normalise import normalise

YARDSTICK = ROOT / "tests" / "nlu" / "yardstick.tsv"
DANGER = ROOT / "tests" / "nlu" / "danger.tsv"
MISLEADING = ROOT / "tests" / "nlu" / "misleading.tsv"
LEAST = 800


def bare(text: str) -> str:
    """One spelling, letters and digits only; where there are none, all that there is."""
    spelt = "".join(normalise(text).split())
    return "".join(c for c in spelt if c.isalnum()) or spelt


@pytest.fixture(scope="module")
def labels() -> set[str]:
    domain = YAML(typ="safe", pure=True).load(ROOT / "domain.yml")
    return set(domain["intents"]) - {"nlu_fallback"}


@pytest.fixture(scope="module")
def lines(labels: set[str]) -> tuple[Line, ...]:
    return read(YARDSTICK, labels).lines


def test_is_what_it_was() -> None:
    kept = (ROOT / "tests" / "nlu" / "yardstick.sha256").read_text(encoding="ascii").split()[0]
    assert hashlib.sha256(YARDSTICK.read_bytes()).hexdigest() == kept


def test_is_long_enough_and_knows_only_labels_of_the_domain(lines: tuple[Line, ...]) -> None:
    assert len(lines) >= LEAST  # `read` has refused unknown labels


@pytest.mark.parametrize("file", [YARDSTICK, DANGER, MISLEADING], ids=lambda file: file.name)
def test_shares_no_line_with_what_the_model_learns_from(file: Path, labels: set[str]) -> None:
    learnt = {
        bare(example.removeprefix("- "))
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in YAML(typ="safe", pure=True).load(path)["nlu"]
        for example in entry["examples"].splitlines()
    }
    assert len(learnt) > LEAST, "the training lines are no longer found"
    shared = [line.number for line in read(file, labels).lines if bare(line.text) in learnt]
    assert shared == [], f"lines of {file.name} that the model has learnt; take them out of data/nlu"
