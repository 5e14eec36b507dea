"""What may not be said: forbidden promises, and asking for secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.compliance import quotation
from bot.compliance.model import Context, Finding
from bot.compliance.negation import Around, Grammar, grammar, is_meant, is_taken_up
from bot.compliance.quotation import Span
from bot.compliance.reading import BORDER, Reading, without_brackets
from bot.compliance.words import covered, pattern, spans
from bot.knowledge.guard import Guard, Promise

SECRET = "secret"
_NEXT = 60  # characters of the next clause that are looked at
_NO = "不没未无别勿非"  # 保证…到账 is not 保证不了今天到账


def find(reading: Reading, topics: frozenset[str], context: Context, guard: Guard) -> Iterator[Finding]:
    """Each rule that is broken, with the words that break it. Mandatory texts must be cut out of `reading` before."""
    said = grammar(guard)
    others = quotation.repeated(reading, context.quoted)
    disowned = quotation.disowned(reading, guard, said)
    bare = without_brackets(reading, guard.spellings)
    for promise in guard.promises:
        if not _applies(promise, reading, topics, context):
            continue
        found = [reading.words(*span) for span in _meant(promise, reading, others, disowned, guard, said)]
        if bare:
            found += [bare.words(*span) for span in _meant(promise, bare, [], [], guard, said) if _is_split(bare, span)]
        if found:
            yield Finding(promise.id, promise.reason, tuple(dict.fromkeys(found)))


def asks_for_secrets(reading: Reading, guard: Guard) -> tuple[str, ...]:
    """The words that ask for a password, code or CVV; warnings against telling them are none (004-99, L12)."""
    warned = pattern(guard.warnings)
    filler = pattern(guard.fillers)
    disowned = quotation.disowned(reading, guard, grammar(guard))
    found = []
    for start, end in spans(pattern(guard.asks_for_secrets), reading.text):
        left, _ = reading.clause(start, end)
        asked = not warned.search(filler.sub("", left + reading.text[start:end]))
        if asked and not covered((start, end), disowned):
            found.append(reading.words(start, end))
    return tuple(dict.fromkeys(found))


def _applies(promise: Promise, reading: Reading, topics: frozenset[str], context: Context) -> bool:
    if promise.topics and not topics.intersection(promise.topics):
        return False
    if promise.approved_ok and context.approved:
        return False
    return not pattern(promise.unless).search(reading.text)


def _meant(
    promise: Promise, reading: Reading, others: list[Span], disowned: list[Span], guard: Guard, said: Grammar
) -> Iterator[Span]:
    allowed: list[Span] | None = None
    for start, end in _overlapping(pattern(promise.words, but=_NO), reading.text):
        if allowed is None:  # seldom needed, and as dear as the words themselves
            allowed = spans(pattern(promise.allowed_in), reading.text) + others
        if covered((start, end), allowed):
            continue
        if promise.cautioned and quotation.is_cautioned(reading.beside(start, end), guard):
            continue
        around = _around(reading, start, end)
        quoted = covered((start, end), disowned)
        if is_taken_up(around, said) if quoted else is_meant(around, said):
            yield start, end


def _overlapping(words: re.Pattern[str], text: str) -> Iterator[Span]:
    at = 0
    while found := words.search(text, at):
        yield found.span()
        at = found.end()


def _is_split(bare: Reading, span: Span) -> bool:
    """The words stand on both sides of a bracket that was taken out."""
    start, end = span
    return any(bare.at[i] > bare.until[i - 1] and "(" in _between(bare, i) for i in range(start + 1, end))


def _between(bare: Reading, i: int) -> str:
    return bare.original[bare.until[i - 1] : bare.at[i]].translate(str.maketrans("（[【「", "(((("))


def _around(reading: Reading, start: int, end: int) -> Around:
    left, right = reading.clause(start, end)
    rest = reading.text[end + len(right) :][:_NEXT].lstrip(BORDER)
    return Around(left, right, rest.split(BORDER, 1)[0])
