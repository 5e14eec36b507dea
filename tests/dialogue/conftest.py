from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from stage import OnStage

from bot.assistant import Assistant
from bot.nlu import environment, models


@pytest.fixture(scope="session")
def on_stage() -> OnStage:
    return OnStage()


@pytest.fixture(scope="session")
def trained(on_stage: OnStage) -> Iterator[Assistant]:
    """The real assistant with the current model, loaded once. Raises ConfigurationError where none was trained."""
    folder = environment.home() / "models"
    kept = models.note(folder)
    if kept is not None and kept["digest"] != models.digest(environment.embedding_backend()):
        warnings.warn("the model was not trained on the present data: run `make model`", stacklevel=1)
    assistant = Assistant(folder, on_stage, on_stage)
    assistant.start()
    yield assistant
    assistant.stop()
