"""Which model is the current one, and what it was made of. Knows nothing of Rasa."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError
from bot.nlu import environment
from bot.settings import ROOT

NOTE = "current.json"
COMPONENTS = (
    "blend.py",
    "classifier.py",
    "embedding.py",
    "extractor.py",
    "featurizers.py",
    "institutions.py",
    "lines.py",
    "ngrams.py",
    "normaliser.py",
    "pinyin.py",
    "products.py",
    "regression.py",
    "segment.py",
    "surface.py",
    "tokenizer.py",
)
LEARNT = ("lexicon.txt", "products.yml", "places.yml", "branches.yml", "institutions.yml")  # of knowledge/
KEPT = 2  # the current one and the one before


def sources(root: Path, knowledge: Path) -> Iterator[Path]:
    """All files that a model is made of."""
    yield from sorted((root / "data").rglob("*.yml"))
    yield from (root / "config.yml", root / "domain.yml")
    yield from (knowledge / name for name in LEARNT)
    yield from (root / "bot" / "nlu" / name for name in COMPONENTS)
    yield from (root / "bot" / "text" / name for name in ("normalise.py", "entities.py", "places.py"))


def digest(backend: str, root: Path = ROOT, knowledge: Path | None = None) -> str:
    """Changes when, and only when, training would give another model."""
    made = hashlib.sha256(f"{version('rasa')} {backend}".encode())
    for path in sources(root, knowledge or environment.knowledge()):
        made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def note(models: Path) -> dict[str, Any] | None:
    """What was trained last: {"digest", "model", "seconds", "backend"}; None where nothing was."""
    path = models / NOTE
    if not path.exists():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept if (models / kept["model"]).exists() else None


def resolve(path: Path) -> Path:
    """A model file as it is, or the current one of a folder. Raises ConfigurationError."""
    if path.is_file():
        return path
    kept = note(path)
    if kept is None:
        raise ConfigurationError(f"no model in {path}: run `qiantai train` (or `make model`)")
    return path / str(kept["model"])


def keep(models: Path, kept: dict[str, Any]) -> None:
    """Make this the current model and clear away old ones."""
    temporary = models / (NOTE + ".new")
    temporary.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    temporary.replace(models / NOTE)
    clear_old(models, "qiantai-*.tar.gz")


def clear_old(folder: Path, pattern: str) -> None:
    newest_first = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT:]:
        old.unlink()
