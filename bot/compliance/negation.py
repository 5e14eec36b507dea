"""Whether a forbidden word is meant: 不保本 is none, 不是不保本 is one, 您问的保本 is the customer's.

Read outwards from the word, token by token, and only over words known to carry a negation on: an unknown word between
stops the reading, so that what is not understood counts as a promise and is refused rather than sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.compliance.reading import QUESTION, ending, pattern
from bot.knowledge.model import Guard

_ASKED_BACK = re.compile(r"(?:的|了)?(?:吗|么|嘛)\??$|\?$")


@dataclass(frozen=True)
class Around:
    """The clause before the word, the clause after it, and the next clause."""

    left: str
    right: str
    then: str = ""


def is_meant(around: Around, guard: Guard, promises: tuple[str, ...]) -> bool:
    """True where the word between stands as the author's own assertion."""
    bridges = guard.bridges + promises
    negations, quoted = _before(pattern(guard.fillers).sub("", around.left), guard, promises)
    if quoted:
        return _taken_up(around, guard, bridges)
    denied = _denied(around.right, guard, bridges) or (
        not negations and _only_bridges(around.right, bridges) and _denied(around.then, guard, bridges)
    )
    odd = bool((negations + denied) % 2)
    rhetorical = bool(negations) and _asks_back(around.right, bridges)  # 这不是稳赚吗
    return not odd or rhetorical


def _before(left: str, guard: Guard, promises: tuple[str, ...]) -> tuple[int, bool]:
    """How many negations bear on the word, and whether somebody else's words were announced."""
    negations, was_is = 0, False
    quote, negation = ending(guard.quotes), ending(guard.negations)
    bridge, bridge_or_promise = ending(guard.bridges), ending(guard.bridges + promises)
    while left:
        if quote.search(left):
            return negations, True
        # 不承诺保本保收益 has one 不 for both; in 不保本、不保证收益 the first 不 has done its work at 保本
        no, over = negation.search(left), (bridge if negations else bridge_or_promise).search(left)
        if no and (not over or no.start() <= over.start()):
            if no[0].endswith("是") and was_is:
                break  # 这不是普通理财，是保本的, said without the comma
            negations, left = negations + 1, left[: no.start()]
        elif over:
            was_is, left = was_is or over[0] == "是", left[: over.start()]
        else:
            break
    return negations, False


def _denied(right: str, guard: Guard, bridges: tuple[str, ...]) -> bool:
    """The clause after takes the word back: 保本的说法不可信. A doubled negation does not."""
    denial, bridge, negation = (pattern(w) for w in (guard.denials, bridges, guard.negations))
    negations = 0
    at = 0
    while at < len(right):
        if denial.match(right, at):
            return negations % 2 == 0
        over, no = bridge.match(right, at), negation.match(right, at)
        if no and (not over or no.end() >= over.end()):
            negations, at = negations + 1, no.end()
        elif over:
            at = over.end()
        else:
            break
    return False


def _over(text: str, bridges: tuple[str, ...]) -> Iterator[int]:
    """The places that are reached from the start over bridges alone, the longest each time: linear."""
    bridge = pattern(bridges)
    at = 0
    yield at
    while found := bridge.match(text, at):
        at = found.end()
        yield at


def _only_bridges(text: str, bridges: tuple[str, ...]) -> bool:
    return max(_over(text, bridges)) == len(text)


def _asks_back(right: str, bridges: tuple[str, ...]) -> bool:
    asked = _ASKED_BACK.search(right)
    return asked is not None and _only_bridges(right[: asked.start()].rstrip(QUESTION), bridges)


def _taken_up(around: Around, guard: Guard, bridges: tuple[str, ...]) -> bool:
    """The customer's words, and then the author's yes: 您问的保本理财有的."""
    yes = pattern(guard.affirmations)

    def affirmed(text: str) -> bool:
        return any(yes.match(text, at) for at in _over(text, bridges))

    return affirmed(around.right) or (_only_bridges(around.right, bridges) and affirmed(around.then))
