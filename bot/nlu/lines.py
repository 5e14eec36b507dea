"""The training lines: read once, and known by what they were and what each component has added to them.

Rasa's own importer reads every file three times and copies all messages four times; its fingerprints look at every
token and row of every message again after each component. Both together were half of a training (decision 0021).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method
from ruamel.yaml import YAML

from bot.errors import ConfigurationError


def read(folder: Path) -> list[Message]:
    """Each line once. Plain text and labels are all that our files hold: raises ConfigurationError for more."""
    found: dict[tuple[str, str], Message] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in YAML(typ="safe", pure=True).load(path)["nlu"]:
            label, lines = entry["intent"], entry["examples"].splitlines()
            if len(entry) != 2 or not all(line.startswith("-") for line in lines):
                raise ConfigurationError(f"{path.name}, {label}: an intent and its examples, each after a dash")
            for text in (line[1:].strip() for line in lines):
                found.setdefault((text, label), Message.build(text, label))
    return list(found.values())


class Importer(RasaFileImporter):
    """Of a project's folder."""

    def __init__(self, root: Path) -> None:
        stories = [str(root / "data" / kind) for kind in ("rules", "stories")]
        super().__init__(str(root / "config.yml"), str(root / "domain.yml"), stories)
        self._lines = root / "data" / "nlu"

    @cached_method
    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        return TrainingData(read(self._lines))

    @cached_method
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return super().get_stories(exclusion_percentage)


@contextmanager
def adding(data: TrainingData, added: Callable[[Message], bytes]) -> Iterator[None]:
    """While a component adds to the messages what `added` then tells of each: that alone is put to what is known.

    Whatever else changes a message makes Rasa forget this and look at all of it again, so the cache stays right.
    """
    before = [message.fingerprint() for message in data.training_examples]
    yield
    for message, known in zip(data.training_examples, before, strict=True):
        message._cached_fingerprint = hashlib.md5(known.encode() + added(message), usedforsecurity=False).hexdigest()
