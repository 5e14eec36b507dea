"""What a customer's own words tell besides the question: strong emotion, danger, a complex matter, age, suspicion.

The words and what they weigh are those of knowledge/escalation.yml. Pure; a person who holds the conversation, a queue
and the assistant read them alike, without a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.knowledge import Knowledge
from bot.knowledge.escalation import Signal
from bot.knowledge.vocabulary import OUT_OF_SCOPE
from bot.text.ages import stated_age
from bot.text.normalise import normalise

URGENT, EMOTION, CARE = "urgent", "emotion", "care"  # reasons that mean more than that a person comes
_SHOUT = re.compile(r"!{3,}")
LOUD = 8  # Latin letters

_word = lru_cache(maxsize=8192)(normalise)


@dataclass(frozen=True)
class Signals:
    """Codes of reasons, the one served first before the others; flags that the customer must not learn of; points of
    strong emotion, also where they are too few; `ids` of the signals that are no secret, for the record."""

    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    mood: int = 0
    ids: tuple[str, ...] = ()


NOTHING = Signals()


def read(text: str, said: Knowledge, intent: str | None = None) -> Signals:
    """Of one text in the customer's own words. `intent`: what the assistant took it for, if it did."""
    if not text:
        return NOTHING
    rules = said.escalation
    points = {signal.id: _points(signal, text, said, intent) for signal in rules.signals}
    there = [signal for signal in rules.signals if points[signal.id] >= signal.at]
    reasons = {signal.reason for signal in there if signal.reason is not None}
    return Signals(
        tuple(sorted(reasons, key=lambda code: -rules.reasons[code].ahead_s)),
        tuple(signal.flag for signal in there if signal.flag is not None),
        max((points[signal.id] for signal in rules.signals if signal.reason == EMOTION), default=0),
        tuple(signal.id for signal in there if not signal.silent),
    )


Mood = Literal["calm", "tense", "strong"]


def mood(points: int, reason: str | None, said: Knowledge) -> Mood:
    """How a customer is with so many points of emotion left, who waits or is served for this reason."""
    enough = min((signal.at for signal in said.escalation.signals if signal.reason == EMOTION), default=None)
    if reason == EMOTION or (enough is not None and points >= enough):
        return "strong"
    return "tense" if points > 0 else "calm"


def _points(signal: Signal, text: str, said: Knowledge, intent: str | None) -> int:
    """`at` and more: it is there."""
    if signal.age_from is not None and (stated_age(text) or 0) >= signal.age_from:
        return signal.at
    if signal.classes and intent == OUT_OF_SCOPE:  # however hard it is, it is no matter of ours
        return 0
    words = normalise(text)
    if signal.beside and not _any(signal.beside, words):
        return 0
    for wording in sorted(signal.unless, key=len, reverse=True):
        words = words.replace(_word(wording), "\n")
    points = 0
    weights = ((_word(word), weight) for weight, listed in signal.words.items() for word in listed)
    for word, weight in sorted(weights, key=lambda one: -len(one[0])):  # what stands in a longer one counts with it
        if word in words:
            points, words = points + weight, words.replace(word, "\n")
    known = said.intents.get(intent or "")
    points += known is not None and known.complexity in signal.classes
    return points + (signal.shouting if _shouts(text) else 0)


def _any(listed: Iterable[str], words: str) -> bool:
    return any(_word(word) in words for word in listed)


def _shouts(text: str) -> bool:
    """Exclamation marks in a row, or nothing but capitals: an abbreviation in a Chinese sentence is no shouting."""
    if _SHOUT.search(normalise(text)):
        return True
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= LOUD and all(c.isascii() and c.isupper() for c in letters)
