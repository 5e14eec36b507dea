"""`rasa data validate` without a warning: what a Rasa developer tries first."""

from __future__ import annotations

import warnings

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

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
