"""Whether a forbidden word is meant: 不保本 is none, 不是不保本 is one, 您问的保本 is the customer's.

Read outwards from the word, token by token, and only over words known to carry a negation on: an unknown word between
stops the reading, so that what is not understood counts as a promise and is refused rather than sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.compliance.reading import QUESTION
from bot.compliance.words import Ending, pattern
from bot.knowledge.guard import Guard

_ASKED_BACK = re.compile(r"(?:的|了)?(?:吗|么|嘛)\??$|\?$")


@dataclass(frozen=True)
class Around:
    """The clause before the word, the clause after it, and the next clause."""

    left: str
    right: str
    then: str = ""


@dataclass(frozen=True)
class Grammar:
    """The lists that are read over, made ready once. A bridge may also be another promise (不承诺保本保收益)."""

    negation: Ending
    quote: Ending
    bridge: Ending
    bridge_or_promise: Ending
    over: re.Pattern[str]
    no: re.Pattern[str]
    denial: re.Pattern[str]
    yes: re.Pattern[str]
    filler: re.Pattern[str]


def grammar(guard: Guard) -> Grammar:
    promises = tuple(w for promise in guard.promises for w in promise.words if "…" not in w and "【" not in w)
    lists = (guard.negations, guard.quotes, guard.bridges, promises, guard.denials, guard.affirmations, guard.fillers)
    return _grammar(*lists)


@lru_cache(maxsize=4)
def _grammar(
    negations: tuple[str, ...],
    quotes: tuple[str, ...],
    bridges: tuple[str, ...],
    promises: tuple[str, ...],
    denials: tuple[str, ...],
    affirmations: tuple[str, ...],
    fillers: tuple[str, ...],
) -> Grammar:
    return Grammar(
        negation=Ending(negations),
        quote=Ending(quotes),
        bridge=Ending(bridges),
        bridge_or_promise=Ending(bridges + promises),
        over=pattern(bridges + promises),
        no=pattern(negations),
        denial=pattern(denials),
        yes=pattern(affirmations),
        filler=pattern(fillers),
    )


def is_meant(around: Around, said: Grammar) -> bool:
    """True where the word between stands as the author's own assertion."""
    negations, quoted = _before(said.filler.sub("", around.left), said)
    if quoted:
        return is_taken_up(around, said)
    denied = _denied(around.right, said) or (
        not negations and _only_bridges(around.right, said) and _denied(around.then, said)
    )
    odd = bool((negations + denied) % 2)
    rhetorical = bool(negations) and _asks_back(around.right, said)  # 这不是稳赚吗
    return not odd or rhetorical


def _before(left: str, said: Grammar) -> tuple[int, bool]:
    """How many negations bear on the word, and whether somebody else's words were announced."""
    negations, was_is = 0, False
    while left:
        if said.quote.start(left) is not None:
            return negations, True
        # 不承诺保本保收益 has one 不 for both; in 不保本、不保证收益 the first 不 has done its work at 保本
        no, over = said.negation.start(left), (said.bridge if negations else said.bridge_or_promise).start(left)
        if no is not None and (over is None or no <= over):
            if left.endswith("是") and was_is:
                break  # 这不是普通理财，是保本的, said without the comma
            negations, left = negations + 1, left[:no]
        elif over is not None:
            was_is, left = was_is or left[over:] == "是", left[:over]
        else:
            break
    return negations, False


def _denied(right: str, said: Grammar) -> bool:
    """The clause after takes the word back: 保本的说法不可信. A doubled negation does not."""
    negations = 0
    at = 0
    while at < len(right):
        if said.denial.match(right, at):
            return negations % 2 == 0
        over, no = said.over.match(right, at), said.no.match(right, at)
        if no and (not over or no.end() >= over.end()):
            negations, at = negations + 1, no.end()
        elif over:
            at = over.end()
        else:
            break
    return False


def _over(text: str, said: Grammar) -> Iterator[int]:
    """The places that are reached from the start over bridges alone, the longest each time: linear."""
    at = 0
    yield at
    while found := said.over.match(text, at):
        at = found.end()
        yield at


def _only_bridges(text: str, said: Grammar) -> bool:
    return max(_over(text, said)) == len(text)


def _asks_back(right: str, said: Grammar) -> bool:
    asked = _ASKED_BACK.search(right)
    return asked is not None and _only_bridges(right[: asked.start()].rstrip(QUESTION), said)


def is_taken_up(around: Around, said: Grammar) -> bool:
    """The customer's words, and then the author's yes: 您问的保本理财有的."""

    def affirmed(text: str) -> bool:
        return any(said.yes.match(text, at) for at in _over(text, said))

    return affirmed(around.right) or (_only_bridges(around.right, said) and affirmed(around.then))
