"""What stands in quotation marks and is not the author's own: the customer's words, a swindler's, a leaflet's."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from bot.compliance.negation import Grammar
from bot.compliance.reading import BORDER, Reading, read
from bot.compliance.words import pattern
from bot.knowledge.guard import Guard

Span = tuple[int, int]

_QUOTED = re.compile(r"[“\"「『‘']([^“”\"「」『』‘’']{1,60})[”\"」』’']")
_NO = "不没别非"  # 不是骗人的 cautions against nothing


def repeated(reading: Reading, customer: tuple[str, ...]) -> list[Span]:
    """Stretches in quotation marks that the customer wrote just so."""
    said = [read(text).text for text in customer]
    return [span for span, words in _stretches(reading) if any(read(words).text in text for text in said)]


def disowned(reading: Reading, guard: Guard, said: Grammar) -> list[Span]:
    """Stretches in quotation marks that are announced as another's (您听人说“…”), or in a text that cautions against
    them outside of the marks."""
    stretches = [span for span, _ in _stretches(reading)]
    if not stretches:
        return []
    outside = list(reading.text)
    for start, end in stretches:
        outside[start:end] = "\0" * (end - start)
    if is_cautioned("".join(outside), guard):
        return stretches
    return [span for span in stretches if said.quote.start(reading.text[: span[0]].rstrip(BORDER)) is not None]


def is_cautioned(text: str, guard: Guard) -> bool:
    """`text` is squeezed."""
    return any(
        not text[: m.start()].endswith(tuple(_NO)) and not text[: m.start()].endswith("不是")
        for m in pattern(guard.cautions).finditer(text)
    )


def _stretches(reading: Reading) -> list[tuple[Span, str]]:
    found = []
    for m in _QUOTED.finditer(reading.original):
        start, end = bisect_right(reading.at, m.start()), bisect_left(reading.at, m.end() - 1)
        if start < end:
            found.append(((start, end), m[1]))
    return found
