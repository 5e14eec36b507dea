"""How alike two texts mean, by the sentence embedding; nothing where there is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu import embedding, environment
from bot.nlu.surface import surface
from bot.text.normalise import normalise


def likeness(text: str, others: Sequence[str]) -> float:
    """The cosine to the one that is most alike, from 0 to 1."""
    vector = _vector(text)
    if vector is None:
        return 0.0
    found = [float(np.dot(vector, other)) for one in others if (other := _vector(one)) is not None]
    return min(max(found, default=0.0), 1.0)


def _vector(text: str) -> np.ndarray | None:
    return embedding.of_one(environment.embedding_backend(), surface(normalise(text)))
