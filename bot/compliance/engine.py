"""One verdict on one text that is to go to a customer (requirements 2C; acceptance 2).

A fee needs the name of the price list in this first form; that each figure has its source and date is the renderer's
care for scripts (004-58) and not yet checked in what people type.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.compliance import promises
from bot.compliance.model import Context, Finding, Verdict
from bot.compliance.reading import Reading, read
from bot.compliance.topics import is_courtesy, topics_of
from bot.knowledge.model import Disclosure, Guard, Reference
from bot.text.normalise import normalise


def check(text: str, context: Context, guard: Guard, disclosures: Sequence[Disclosure]) -> Verdict:
    """`disclosures` are those in force today; their order is the order in which missing ones are added."""
    present, body = _cut(text, disclosures)
    reading = read(body)
    topics = _topics(reading, context, guard)
    needed = [d for d in disclosures if d.id in context.required or topics.intersection(d.topics)]
    missing = [d for d in needed if d.id not in present]

    faults = list(promises.find(reading, topics, context, guard))
    if asked := promises.asks_for_secrets(reading, guard):
        faults.append(Finding(promises.SECRET, "不得向客户索要密码、验证码或信用卡安全码", asked))
    known = {d.id for d in disclosures}
    faults += [
        Finding(f"unavailable:{wanted}", "必须附带的提示当前没有生效版本，不能发出")
        for wanted in context.required
        if wanted not in known
    ]

    completed = _complete(text, missing)
    standing = [d for d in disclosures if d.id in present or d in missing]
    return Verdict(
        action="refuse" if faults else "complete" if missing else "allow",
        text=completed,
        disclosures=tuple(Reference(id=d.id, version=d.version) for d in standing),
        findings=(*faults, *(Finding(f"missing:{d.id}", f"缺少必须提示：{d.title}") for d in missing)),
        completed_text=completed if missing else None,
        topics=topics,
    )


def _topics(reading: Reading, context: Context, guard: Guard) -> frozenset[str]:
    """A script's topics were approved with it: the one about closing an account may mention a loan. Anybody else's text
    is about what its words say, and about what the context says unless it is mere courtesy."""
    if context.approved:
        return context.topics
    if is_courtesy(reading, guard):
        return frozenset()
    return context.topics | topics_of(reading, guard)


def _cut(text: str, disclosures: Sequence[Disclosure]) -> tuple[set[str], str]:
    """Which mandatory texts stand in it whole, and the text without them: they hold forbidden words themselves."""
    present: set[str] = set()
    letters, places = _letters(text)
    body = list(text)
    for disclosure in sorted(disclosures, key=lambda d: -len(d.text)):
        wanted, _ = _letters(disclosure.text)
        start = letters.find(wanted)
        while start >= 0:
            present.add(disclosure.id)
            first, last = places[start], places[start + len(wanted) - 1]
            body[first : last + 1] = "\n" * (last + 1 - first)
            start = letters.find(wanted, start + len(wanted))
    return present, "".join(body)


def _letters(text: str) -> tuple[str, list[int]]:
    """The text without regard for blanks, line ends and width, and where each of its characters stands."""
    kept = [(char, place) for place, char in enumerate(normalise(text)) if not char.isspace()]
    return "".join(char for char, _ in kept), [place for _, place in kept]


def _complete(text: str, missing: Sequence[Disclosure]) -> str:
    if not missing:
        return text
    return "\n".join([text.rstrip(), "", *(d.text for d in missing)]).lstrip("\n")
