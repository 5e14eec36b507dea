"""The text as the features see it: what varies without meaning is taken out. Pure."""

from __future__ import annotations

import re

_DELETED = re.compile(r"〔已删除·([^〕]*)〕")
_TOKEN = re.compile(r"〔([^·〕]*)[^〕]*〕")
_BLANKS = re.compile(r"[\s,，。！!?？、~～…;；:：\"“”'‘’]+")
LONGEST = 200  # characters: the embedding's cost grows faster than the length, and the question stands at an end


def surface(text: str) -> str:
    """A privacy token becomes its kind, runs of blanks and punctuation one blank, a long story its two ends."""
    text = _TOKEN.sub(r"\1", _DELETED.sub(r"\1", text))
    text = _BLANKS.sub(" ", text).strip()
    if len(text) <= LONGEST:
        return text
    head = LONGEST // 4  # long stories end with the question
    return text[:head] + " " + text[-(LONGEST - head - 1) :]
