"""Every version that was in force is kept: what was said once stays provable after the files have changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from specimen import Folder

from bot.db import Tx
from bot.knowledge import archive
from bot.knowledge.archive import Changed, versions
from bot.wiring import House

ALL = "scripts/all.yml"
OLD, NEW = "请马上拨打 {loss_line} 挂失", "请立即拨打 {loss_line} 挂失"


@pytest.fixture
def tx(any_house: House) -> Iterator[Tx]:
    with any_house.db.transaction() as tx:
        yield tx


def kept(tx: Tx) -> int:
    return tx.execute(sa.select(sa.func.count()).select_from(versions)).scalar_one()


def test_everything_that_is_said_is_kept_once(any_house: House, tx: Tx, folder: Folder) -> None:
    now = any_house.clock.now()
    archive.keep(tx, folder.load(), now)
    (rate,) = archive.find(tx, "figure", "rate")
    assert (rate.content["value"], rate.content["as_of"], rate.version) == ("3.10", "2026-10-01", None)
    (script,) = archive.find(tx, "script", "card_loss", 3)
    assert script.content["texts"][0].startswith(OLD) and script.content["approved_by"] == "合规部"
    assert script.unaltered and script.first_seen_at == now
    for kind in ("disclosure", "phrase", "guard"):
        assert tx.execute(sa.select(versions.c.id).where(versions.c.kind == kind)).first()
    before = kept(tx)
    archive.keep(tx, folder.load(), now + timedelta(days=1))
    assert kept(tx) == before
    assert archive.find(tx, "script", "card_loss")[0].first_seen_at == now


def test_a_new_version_stands_beside_the_old_one(any_house: House, tx: Tx, folder: Folder) -> None:
    archive.keep(tx, folder.load(), any_house.clock.now())
    folder.change(ALL, OLD, NEW).change(ALL, "version: 3", "version: 4")
    assert archive.keep(tx, folder.load(), any_house.clock.now()) == []
    assert [one.version for one in archive.find(tx, "script", "card_loss")] == [3, 4]


def test_a_change_without_a_new_version_is_told_loudly(
    any_house: House, tx: Tx, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    archive.keep(tx, folder.load(), any_house.clock.now())
    folder.change(ALL, OLD, NEW)
    with caplog.at_level(logging.ERROR, logger="bot.knowledge.archive"):
        assert archive.keep(tx, folder.load(), any_house.clock.now()) == [Changed("script", "card_loss", 3)]
    assert "script card_loss version 3 was changed without a new version" in caplog.text
    assert len(archive.find(tx, "script", "card_loss", 3)) == 2


def test_the_warning_ends_with_a_new_version(any_house: House, tx: Tx, folder: Folder) -> None:
    archive.keep(tx, folder.load(), any_house.clock.now())
    archive.keep(tx, folder.change(ALL, OLD, NEW).load(), any_house.clock.now())
    raised = folder.change(ALL, "version: 3", "version: 4").load()
    assert archive.keep(tx, raised, any_house.clock.now()) == []


def test_a_figure_has_no_version_to_raise(any_house: House, tx: Tx, folder: Folder) -> None:
    archive.keep(tx, folder.load(), any_house.clock.now())
    folder.change("figures.yml", "value: 3.10", "value: 3.05")
    assert archive.keep(tx, folder.load(), any_house.clock.now()) == []
    assert {one.content["value"] for one in archive.find(tx, "figure", "rate")} == {"3.10", "3.05"}


def test_a_draft_was_never_in_force(any_house: House, tx: Tx, folder: Folder) -> None:
    folder.change(ALL, "  approved_by: 合规部\n  approved_on: 2025-12-20\n", "")
    archive.keep(tx, folder.load(), any_house.clock.now())
    assert archive.find(tx, "script", "card_loss") == []


def test_what_was_altered_in_the_archive_shows(any_house: House, tx: Tx, folder: Folder) -> None:
    archive.keep(tx, folder.load(), any_house.clock.now())
    (script,) = archive.find(tx, "script", "card_loss")
    tx.execute(
        versions.update().where(versions.c.id == "card_loss").values(content={**script.content, "title": "别的"})
    )
    assert not archive.find(tx, "script", "card_loss")[0].unaltered


def test_a_field_left_at_its_default_makes_no_new_version(folder: Folder) -> None:
    """A later release may bring fields: old texts must not look changed then."""
    before = folder.load().digests
    folder.change(ALL, "  follow_up: true\n", "  follow_up: true\n  urgent: false\n  keywords: []\n")
    assert folder.load().digests == before
