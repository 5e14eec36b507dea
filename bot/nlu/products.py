"""Products by the words customers use for them, through spaCy's entity ruler on a blank Chinese pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler

from bot.text.normalise import normalise


def ruler(words: Mapping[str, Sequence[str]], unless: Sequence[str] = ()) -> Language:
    """`words`: product id -> how customers call it. The longest match wins; the pipeline splits by character.

    `unless`: longer words that name no product though one stands in them (保险箱); they win and are not given.
    """
    pipeline = spacy.blank("zh")
    patterns: list[dict[str, Any]] = [
        {"label": "product", "pattern": normalise(word), "id": product}
        for product, called in words.items()
        for word in called
    ]
    patterns += [{"label": "none", "pattern": normalise(word)} for word in unless]
    pipeline.add_pipe("entity_ruler")
    found = pipeline.get_pipe("entity_ruler")
    assert isinstance(found, EntityRuler)
    found.add_patterns(patterns)
    return pipeline


def find(pipeline: Language, text: str) -> list[tuple[str, int, int]]:
    """(product id, start, end) in order of place."""
    return [(e.ent_id_, e.start_char, e.end_char) for e in pipeline(normalise(text)).ents if e.ent_id_]
