"""`qiantai evaluate intents` as it is typed, with a model that knows two texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.assistant.judging import product
from bot.clock import FrozenClock
from bot.knowledge import Knowledge
from bot.nlu.evaluation import command

HEARD = {
    "房贷利率多少": [("loan_rate", 0.9), ("loan_apply", 0.1)],
    "天气怎么样": [("out_of_scope", 0.8), ("chitchat", 0.2)],
}


class FakeModel:
    thresholds = {"threshold": 0.3}  # noqa: RUF012

    def __init__(self, path: Path) -> None:
        self.name = path.name

    async def parse(self, text: str) -> tuple[dict[str, Any], float]:
        print("what an old library has to say")
        ranking = [{"name": name, "confidence": sure} for name, sure in HEARD.get(text, [("greet", 1.0)])]
        return {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}, 2.0


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that stands for a model."""
    monkeypatch.setenv("QIANTAI_HOME", str(tmp_path / "home"))
    for name in ("QIANTAI_ENV", "QIANTAI_KNOWLEDGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command, "Model", FakeModel)
    file = tmp_path / "some.tar.gz"
    file.write_bytes(b"")
    return file


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    file = tmp_path / "lines.tsv"
    file.write_text("房贷利率多少\tloan_rate\n天气怎么样\tout_of_scope\n", encoding="utf-8")
    return file


def test_prints_figures_and_writes_a_report(
    model: Path, lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "new" / "intents.html"
    assert cli.main(["evaluate", "intents", str(lines), "--model", str(model), "--report", str(report)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{lines}: 2 lines; model some.tar.gz; fallback: threshold 0.3\n")
    assert "100.0% (1/1, 95% interval 20.7-100.0%)" in said and said.endswith(f"report: {report}\n")
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_is_one_object_and_nothing_else(model: Path, lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "intents", str(lines), "--json", "--model", str(model)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["lines"] == 2 and found["measures"]["referred_right"]["value"] == 1.0
    assert found["thresholds"] == {"threshold": 0.3}


def test_wrong_lines_are_told_before_anything_is_loaded(
    model: Path, lines: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "Model", None)
    lines.write_text("房贷利率多少\tloan_rate\n天气怎么样\tweather\n", encoding="utf-8")
    assert cli.main(["evaluate", "intents", str(lines), "--json", "--model", str(model)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and f"{lines}:2: unknown label 'weather'" in said.err


def test_no_model(model: Path, lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "intents", str(lines)]) == 1
    assert "no model in" in capsys.readouterr().err


def test_a_report_that_cannot_be_written(
    model: Path, lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for report in (tmp_path, lines / "intents.html"):
        assert cli.main(["evaluate", "intents", str(lines), "--model", str(model), "--report", str(report)]) == 1
        said = capsys.readouterr()
        assert said.out == "" and "Traceback" not in said.err and str(lines.parent) in said.err


def parsed(text: str, *ranking: tuple[str, float], fallback: bool = False) -> dict[str, Any]:
    ranks = [{"name": name, "confidence": sure} for name, sure in ranking]
    first = {"name": "nlu_fallback", "confidence": 0.7} if fallback else ranks[0]
    return {"text": text, "intent": first, "intent_ranking": [first, *ranks][not fallback :], "entities": []}


class TestWhatTheProductDoes:
    """Decided by the product's own code; see actions.decide and bot.assistant.doubt."""

    @pytest.fixture
    def decide(self, said: Knowledge, clock: FrozenClock) -> command.Decide:
        return product(said, clock)

    def test_answers_what_it_is_sure_of(self, decide: command.Decide) -> None:
        done = decide(parsed("房贷利率", ("loan_rate", 0.9), ("loan_apply", 0.1)))
        assert (done.does, done.label) == ("answer", "loan_rate")

    def test_refers_what_is_not_for_the_bank(self, decide: command.Decide) -> None:
        assert decide(parsed("天气", ("out_of_scope", 0.9), ("chitchat", 0.1))).does == "refer"

    def test_asks_back_with_what_it_can_say_something_to(self, decide: command.Decide) -> None:
        ranking = [("out_of_scope", 0.25), ("loan_rate", 0.2), ("loan_apply", 0.02), ("human_agent", 0.2)]
        done = decide(parsed("那个", *ranking, fallback=True))
        assert (done.does, done.offered) == ("ask", ("loan_rate",))

    def test_asks_back_at_weak_small_talk(self, decide: command.Decide) -> None:
        assert decide(parsed("还没到", ("deny", 0.5), ("transfer_time", 0.3))).does == "ask"
        assert decide(parsed("不是", ("deny", 0.9), ("transfer_time", 0.05))).label == "deny"

    def test_does_not_ask_about_danger(self, decide: command.Decide) -> None:
        done = decide(parsed("钱没了", ("fraud_emergency", 0.28), ("unknown_charge", 0.26), fallback=True))
        assert (done.does, done.label) == ("answer", "fraud_emergency")

    def test_has_nothing_to_offer(self, decide: command.Decide) -> None:
        done = decide(parsed("嗯嗯", ("out_of_scope", 0.09), ("chitchat", 0.08), fallback=True))
        assert (done.does, done.offered) == ("ask", ())
