"""What a text is about, from its words: an agent has no intent to tell it."""

from __future__ import annotations

import re

from bot.compliance.reading import BORDER, Reading
from bot.compliance.words import pattern
from bot.knowledge.guard import Guard


def topics_of(reading: Reading, guard: Guard) -> frozenset[str]:
    return frozenset(t.topic for t in guard.triggers if _triggers(reading.text, t.words, t.unless))


def is_courtesy(reading: Reading, guard: Guard) -> bool:
    """Nothing but politeness ("好的，请稍等"): about no topic, whatever was spoken of before."""
    return not re.sub(rf"[{BORDER}?]", "", pattern(guard.courtesies).sub("", reading.text))


def _triggers(text: str, words: tuple[str, ...], unless: tuple[str, ...]) -> bool:
    return bool(pattern(words).search(pattern(unless).sub(BORDER, text)))
