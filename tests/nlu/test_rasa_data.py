"""`rasa data validate` without a warning: what a Rasa developer tries first."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from rasa.model_training import get_unresolved_slots
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

from bot.errors import ConfigurationError
from bot.nlu import lines
from bot.settings import ROOT

pytestmark = pytest.mark.model


def test_intents_stories_rules_and_actions_agree_without_a_warning() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        importer = TrainingDataImporter.load_from_config(
            str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
        )
        validator = Validator.from_importer(importer)
        assert validator.verify_domain_validity()
        assert validator.verify_intents(ignore_warnings=False)
        assert validator.verify_intents_in_stories(ignore_warnings=False)
        assert validator.verify_actions_in_stories_rules()
        assert validator.verify_story_structure(ignore_warnings=False)
        assert validator.verify_example_repetition_in_intents(ignore_warnings=False)
    about_us = [w for w in said if issubclass(w.category, UserWarning)]
    # Rasa says this of every domain that has slots
    assert [str(w.message) for w in about_us if "Slot auto-fill has been removed" not in str(w.message)] == []


def test_the_lines_are_those_that_rasa_reads() -> None:
    ours = lines.Importer(ROOT)
    theirs = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    assert {m.fingerprint() for m in ours.get_nlu_data().intent_examples} == {
        m.fingerprint() for m in theirs.get_nlu_data().intent_examples
    }
    assert ours.get_domain().fingerprint() == theirs.get_domain().fingerprint()
    assert ours.get_stories().fingerprint() == theirs.get_stories().fingerprint()
    assert get_unresolved_slots(ours.get_domain(), ours.get_stories()) == []


@pytest.mark.parametrize(
    "entry", ["intent: a\n    examples: |\n      x", "intent: a\n    metadata: b\n    examples: |\n      - x"]
)
def test_what_our_reader_does_not_know_is_refused(tmp_path: Path, entry: str) -> None:
    (tmp_path / "a.yml").write_text(f'version: "3.1"\nnlu:\n  - {entry}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"a\.yml, a"):
        lines.read(tmp_path)
