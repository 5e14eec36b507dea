"""A text as it sounds: homophone typos (力率, 倒账, 鹅度) sound like what was meant. Pure."""

from __future__ import annotations

from itertools import pairwise

from pypinyin import lazy_pinyin


def terms(text: str) -> list[str]:
    """Syllables without tones, and pairs of them; what has no sound stays as it is."""
    syllables = lazy_pinyin(text)
    return [*syllables, *(f"{a} {b}" for a, b in pairwise(syllables))]
