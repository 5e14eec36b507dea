"""`make demo-desk`: the whole play, and a play that goes otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from film.play import film
from film.stage import Stage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_one_handover_is_filmed_to_its_end(tmp_path: Path) -> None:
    lines: list[str] = []
    assert film(tmp_path, lines.append) == 0, "\n".join(lines)
    assert (tmp_path / "handover.png").stat().st_size > 100_000
    assert len(list(tmp_path.glob("*-desk.png"))) == len(list(tmp_path.glob("*-phone.png"))) == len(lines) - 1


def test_ends_with_1_where_it_goes_otherwise(tmp_path: Path) -> None:
    def otherwise(stage: Stage) -> None:
        expect(stage.chat.get_by_text("没有这句话")).to_be_visible(timeout=100)

    lines: list[str] = []
    assert film(tmp_path, lines.append, otherwise) == 1
    assert "没有这句话" in lines[-1]
    assert not (tmp_path / "handover.png").exists()
