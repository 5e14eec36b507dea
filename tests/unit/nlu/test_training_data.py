"""The lines that the assistant learns from, and the domain that they belong to."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.text.normalise import normalise

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEAST = 20
# more where a mistake costs more
LEAST_OF = {"life_emergency": 30, "fraud_emergency": 40, "complaint": 40, "human_agent": 40}


def load(path: str) -> Any:
    return YAML(typ="safe", pure=True).load(ROOT / path)


@pytest.fixture(scope="module")
def lines() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in load(f"data/nlu/{path.name}")["nlu"]:
            examples = [line[2:].strip() for line in entry["examples"].splitlines()]
            found.setdefault(entry["intent"], []).extend(examples)
    return found


def test_every_label_of_the_domain_has_enough_lines(lines: dict[str, list[str]]) -> None:
    labels = set(load("domain.yml")["intents"]) - {"nlu_fallback"}
    assert labels == set(lines)
    few = {label: len(lines[label]) for label in labels if len(lines[label]) < LEAST_OF.get(label, LEAST)}
    assert few == {}


def test_no_line_stands_twice_whatever_its_spelling(lines: dict[str, list[str]]) -> None:
    count = Counter(normalise(line) for examples in lines.values() for line in examples)
    assert [line for line, times in count.items() if times > 1] == []


def test_lines_are_plain_text(lines: dict[str, list[str]]) -> None:
    """Rasa would read [a](b) as an entity and a slash in front as a payload."""
    wrong = [x for examples in lines.values() for x in examples if re.search(r"\]\(|\{|^/", x) or not x]
    assert wrong == []


def test_no_wording_in_the_domain() -> None:
    domain = load("domain.yml")
    assert "responses" not in domain
    assert not CHINESE.search((ROOT / "domain.yml").read_text(encoding="utf-8"))


def test_the_bank_knows_every_label() -> None:
    """knowledge/intents.yml has the words to ask back for each."""
    known = {entry["id"] for entry in load("knowledge/intents.yml")}
    assert set(load("domain.yml")["intents"]) - {"nlu_fallback"} - known == set()


def test_no_learned_dialogue() -> None:
    """A bank wants the same answer twice: rules and memoised stories, no DIET, no TED."""
    config = load("config.yml")
    assert [policy["name"] for policy in config["policies"]] == ["RulePolicy", "MemoizationPolicy"]
    assert not {"DIETClassifier", "TEDPolicy"} & {entry["name"] for entry in config["pipeline"]}
