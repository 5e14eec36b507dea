from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import Knowledge, load
from bot.knowledge.model import Disclosure

DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(Path(__file__).parents[3] / "knowledge")


@pytest.fixture(scope="session")
def disclosures(knowledge: Knowledge) -> list[Disclosure]:
    return [d for d in knowledge.disclosures.values() if d.valid_from <= DAY <= (d.valid_to or DAY)]
