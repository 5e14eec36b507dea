"""`qiantai evaluate intents` with the trained model: through Rasa's graph, as the assistant hears."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import cli
from bot.errors import ConfigurationError
from bot.knowledge.vocabulary import FALLBACK
from bot.nlu import environment
from bot.nlu.evaluation.hearing import Model
from bot.nlu.train import train
from bot.settings import ROOT

DANGER = ROOT / "tests" / "nlu" / "danger.tsv"
MISLEADING = ROOT / "tests" / "nlu" / "misleading.tsv"
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model() -> Path:
    """The current model; trained first where its sources have changed."""
    return train(environment.home() / "models")


def test_lines_are_heard_and_measured(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.tsv"
    file.write_text("房贷利率现在是多少\tloan_rate\n我要转人工\thuman_agent\n嗯？\tdissatisfied\n", encoding="utf-8")
    assert cli.main(["evaluate", "intents", str(file), "--json", "--model", str(model)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["model"] == model.name.removesuffix(".tar.gz")
    assert found["measures"]["first_right"]["hits"] >= 2
    assert found["thresholds"]["threshold"] > 0
    assert found["parse_ms"]["median"] > 0 and found["parse_ms"]["again"] > 0
    assert FALLBACK not in found["matrix"]


def test_an_exaggeration_is_no_danger_to_life_and_a_danger_is_heard(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """气死我了 gets no emergency numbers, 撑不下去了 does: an author who saw none of our lines."""
    assert cli.main(["evaluate", "intents", str(DANGER), "--json", "--model", str(model)]) == 0
    matrix = json.loads(capsys.readouterr().out)["matrix"]
    danger = matrix.pop("life_emergency")
    assert danger["life_emergency"] >= 0.9 * sum(danger.values())
    alarms = sum(row.get("life_emergency", 0) for row in matrix.values())
    assert alarms <= 0.05 * sum(sum(row.values()) for row in matrix.values())


def test_lines_whose_plainest_word_misleads_are_mostly_understood(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """我说的是卡到期，不是理财到期: an author who was asked for such lines and saw none of ours (decision 0021)."""
    assert cli.main(["evaluate", "intents", str(MISLEADING), "--json", "--model", str(model)]) == 0
    measures = json.loads(capsys.readouterr().out)["measures"]
    reached = {name: measures[name]["hits"] for name in ("first_right", "out_of_scope")}
    assert reached["first_right"] >= 173 and reached["out_of_scope"] >= 41


def test_what_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / "model.tar.gz"
    file.write_bytes(b"no model")
    with pytest.raises(ConfigurationError, match="cannot be loaded as a model"):
        Model(file)
