from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from specimen import Folder, files

from bot.knowledge import Knowledge


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A knowledge/ without mistakes: each test makes one."""
    whole = Folder(tmp_path / "knowledge")
    for file, text in files().items():
        whole.write(file, text)
    return whole


@pytest.fixture
def small(folder: Folder) -> Knowledge:
    return folder.load()


@pytest.fixture
def spring() -> date:
    """A day on which every script of the specimen is valid."""
    return date(2026, 4, 1)


@pytest.fixture
def autumn() -> date:
    """A day on which card_found and loan_rate_mortgage have expired."""
    return date(2026, 11, 22)
