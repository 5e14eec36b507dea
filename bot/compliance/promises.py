"""What may not be said: forbidden promises, and asking for secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.compliance.model import Context, Finding
from bot.compliance.negation import Around, is_meant
from bot.compliance.reading import BORDER, Reading, covered, pattern, read, spans
from bot.knowledge.model import Guard, Promise

SECRET = "secret"
_NEXT = 60  # characters of the next clause that are looked at
_NO = "不没未无别勿"  # 保证…到账 is not 保证不了今天到账
_QUOTED = re.compile(r"[“\"「『‘']([^“”\"「」『』‘’']{1,40})[”\"」』’']")


def find(reading: Reading, topics: frozenset[str], context: Context, guard: Guard) -> Iterator[Finding]:
    """Each rule that is broken, with the words that break it. Mandatory texts must be cut out of `reading` before."""
    plain = tuple(w for promise in guard.promises for w in promise.words if "…" not in w and "【" not in w)
    repeated = _repeated(reading, context.quoted)
    for promise in guard.promises:
        if not _applies(promise, reading, topics, context):
            continue
        allowed = spans(pattern(promise.allowed_in), reading.text) + repeated
        words = [
            reading.words(start, end)
            for start, end in spans(pattern(promise.words, but=_NO), reading.text)
            if not covered((start, end), allowed) and is_meant(_around(reading, start, end), guard, plain)
        ]
        if words:
            yield Finding(promise.id, promise.reason, tuple(dict.fromkeys(words)))


def asks_for_secrets(reading: Reading, guard: Guard) -> tuple[str, ...]:
    """The words that ask for a password, code or CVV; warnings against telling them are none (004-99, L12)."""
    warned = pattern(guard.warnings)
    filler = pattern(guard.fillers)
    found = []
    for start, end in spans(pattern(guard.asks_for_secrets), reading.text):
        left, _ = reading.clause(start, end)
        if not warned.search(filler.sub("", left + reading.text[start:end])):
            found.append(reading.words(start, end))
    return tuple(dict.fromkeys(found))


def _applies(promise: Promise, reading: Reading, topics: frozenset[str], context: Context) -> bool:
    if promise.topics and not topics.intersection(promise.topics):
        return False
    if promise.approved_ok and context.approved:
        return False
    return not pattern(promise.unless).search(reading.text)


def _around(reading: Reading, start: int, end: int) -> Around:
    left, right = reading.clause(start, end)
    rest = reading.text[end + len(right) :][:_NEXT].lstrip(BORDER)
    return Around(left, right, rest.split(BORDER, 1)[0])


def _repeated(reading: Reading, customer: tuple[str, ...]) -> list[tuple[int, int]]:
    """Stretches in quotation marks that the customer wrote just so."""
    said = [read(text).text for text in customer]
    found = []
    for m in _QUOTED.finditer(reading.original):
        if any(read(m[1]).text in text for text in said):
            inside = [i for i, place in enumerate(reading.at) if m.start() < place < m.end()]
            if inside:
                found.append((inside[0], inside[-1] + 1))
    return found
