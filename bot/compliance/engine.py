"""One verdict on one text that is to go to a customer (requirements 2C; acceptance 2).

An approved script's figures have their source from the renderer (004-58); what people type is held against the bank's
own addresses and figures, and completed with the source where only that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from bot.compliance import figures, promises
from bot.compliance.links import strange_hosts, without_paths
from bot.compliance.model import Context, Facts, Finding, Verdict
from bot.compliance.negation import grammar
from bot.compliance.quotation import disowned, is_cautioned
from bot.compliance.reading import Reading, read, squeeze
from bot.compliance.topics import is_courtesy, topics_of
from bot.compliance.words import pattern
from bot.knowledge.guard import Guard
from bot.knowledge.model import Disclosure, Figure, Reference
from bot.text.normalise import normalise


def check(text: str, context: Context, guard: Guard, disclosures: Sequence[Disclosure]) -> Verdict:
    """`disclosures` are those in force today; their order is the order in which missing ones are added."""
    present, body = _cut(text, disclosures)
    reading = read(without_paths(body), guard.spellings)
    topics = _topics(reading, context, guard)
    needed = [d for d in disclosures if d.id in context.required or topics.intersection(d.topics)]
    missing = [d for d in needed if d.id not in present]

    # who adds the warning of a product speaks of it, though the words may only say "this one"
    spoken_of = topics.union(*(d.topics for d in disclosures if d.id in present))

    faults = list(promises.find(reading, spoken_of, context, guard))
    promised = len(faults)
    if asked := promises.asks_for_secrets(reading, guard):
        faults.append(Finding(promises.SECRET, "不得向客户索要密码、验证码或信用卡安全码", asked))
    unsourced: list[Figure] = []
    if context.facts is not None and not context.approved:
        faults += _links(reading, guard, context.facts)
        differing, unsourced = _figures(_without_others(body, reading, guard), guard, context.facts)
        faults += differing
    known = {d.id for d in disclosures}
    faults += [
        Finding(f"unavailable:{wanted}", "必须附带的提示当前没有生效版本，不能发出")
        for wanted in context.required
        if wanted not in known
    ]

    faults = _read_again(faults, promised, body, context, guard)
    doubts = [finding for finding in faults if finding.doubtful]

    note = context.facts.note(unsourced) if context.facts and unsourced else ""
    completed = _complete(text, [note] * bool(note) + [d.text for d in missing])
    added = [Finding("unsourced", "数字要写明出处和日期", tuple(figure.label for figure in unsourced))] * bool(note)
    standing = [d for d in disclosures if d.id in present or d in missing]
    return Verdict(
        action=_action(len(faults) > len(doubts), bool(missing or note), bool(doubts)),
        text=completed,
        disclosures=tuple(Reference(id=d.id, version=d.version) for d in standing),
        findings=(*faults, *added, *(Finding(f"missing:{d.id}", f"缺少必须提示：{d.title}") for d in missing)),
        completed_text=completed if missing or note else None,
        topics=topics,
    )


def _action(refused: bool, lacking: bool, doubted: bool) -> Literal["allow", "doubt", "complete", "refuse"]:
    return "refuse" if refused else "complete" if lacking else "doubt" if doubted else "allow"


def _read_again(faults: list[Finding], promised: int, body: str, context: Context, guard: Guard) -> list[Finding]:
    """What the second reader adds; and where it sees nothing at all in a text, what the lists found becomes a doubt.
    The first `promised` faults are promises. Scripts are not read: people have read them."""
    if context.second is None or context.approved or not guard.second_reader:
        return faults
    likely = context.second(body)
    kinds = [("promise" if place < promised else one.rule) for place, one in enumerate(faults)]
    faults = [
        replace(one, doubtful=kind in guard.second_reader and likely[kind] < guard.second_reader[kind].trust)
        for kind, one in zip(kinds, faults, strict=True)
    ]
    for kind, bounds in guard.second_reader.items():
        if likely[kind] >= bounds.look and kind not in kinds:
            faults.append(Finding(f"second:{kind}", bounds.reason, doubtful=likely[kind] < bounds.refuse))
    return faults


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
        wanted = _wanted(disclosure.text)
        start = letters.find(wanted)
        while start >= 0:
            present.add(disclosure.id)
            first, last = places[start], places[start + len(wanted) - 1]
            body[first : last + 1] = "\n" * (last + 1 - first)
            start = letters.find(wanted, start + len(wanted))
    return present, "".join(body)


@lru_cache(maxsize=64)
def _wanted(text: str) -> str:
    return _letters(text)[0]


def _letters(text: str) -> tuple[str, list[int]]:
    """The text without regard for blanks, line ends and width, and where each of its characters stands."""
    kept = [(char, place) for place, char in enumerate(normalise(text)) if not char.isspace()]
    return "".join(char for char, _ in kept), [place for _, place in kept]


def _links(reading: Reading, guard: Guard, facts: Facts) -> list[Finding]:
    hosts = strange_hosts(reading.original, facts.domains)
    given = tuple(host for host in hosts if not _is_named_as_fake(host, reading, guard))
    return [Finding("link", "只能给出本行的网址，不能给出其他网址或私人联系方式", given)] if given else []


def _is_named_as_fake(host: str, reading: Reading, guard: Guard) -> bool:
    """这个网址是仿冒的, and no "but this one is right" beside it."""
    start = reading.text.find(squeeze(host))
    beside = reading.beside(start, start + len(squeeze(host)))
    return start >= 0 and is_cautioned(beside, guard) and not pattern(guard.affirmations).search(beside)


def _without_others(body: str, reading: Reading, guard: Guard) -> str:
    """The text with blanks where it quotes somebody else: a swindler's rate is none of the author's."""
    chars = list(body)
    for start, end in disowned(reading, guard, grammar(guard)):
        first, last = reading.at[start], reading.until[end - 1]
        chars[first:last] = " " * (last - first)
    return "".join(chars)


def _figures(body: str, guard: Guard, facts: Facts) -> tuple[list[Finding], list[Figure]]:
    """Figures that are none of the bank's; and those that are, in a text that names no source and date of theirs."""
    own: list[list[Figure]] = []
    strange: list[str] = []
    spoken = figures.told(body, guard, facts.figures)
    for one in figures.typed(body, guard):
        if any(said.own and said.place[0] <= one.start < said.place[1] for said in spoken):
            continue
        if matching := figures.matching(one, facts.figures):
            own.append(matching)
        else:
            strange.append(one.words)
    own += [list(said.own) for said in spoken if said.own]
    strange += [said.words for said in spoken if not said.own and said.words not in strange]
    reason = "和本行公布的数字不一致，或没有这个数字，请用话术里的"
    faults = [Finding("figure", reason, tuple(strange))] if strange else []
    if not own or figures.is_sourced(body, [figure for matching in own for figure in matching]):
        return faults, []
    return faults, list(dict.fromkeys(matching[0] for matching in own))


def _complete(text: str, missing: Sequence[str]) -> str:
    if not missing:
        return text
    return "\n".join([text.rstrip(), "", *missing]).lstrip("\n")
