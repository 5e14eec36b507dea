from datetime import date
from pathlib import Path

import pytest

from bot.compliance.learning import reader_at
from bot.compliance.second import Reader
from bot.knowledge import Knowledge, load
from bot.knowledge.model import Disclosure

DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(Path(__file__).parents[3] / "knowledge")


@pytest.fixture(scope="session")
def disclosures(knowledge: Knowledge) -> list[Disclosure]:
    return [d for d in knowledge.disclosures.values() if d.valid_from <= DAY <= (d.valid_to or DAY)]


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The second reader, learnt from data/guard/ as `make model` does."""
    return reader_at(tmp_path_factory.mktemp("models"), knowledge)
