"""What escalation.yml must keep to: reasons, queues and signals that fit together, words that can be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge.escalation import Escalation, Signal
from bot.knowledge.files import Entry, Files
from bot.knowledge.model import Intent, Phrase
from bot.knowledge.problems import Path, Problem, one_of
from bot.knowledge.templates import blanks
from bot.knowledge.vocabulary import BANK_BLANKS, REASONS, TOPICS
from bot.text.normalise import has_words, normalise

Named = Iterable[tuple[Path, str]]


def check_escalation(files: Files) -> Iterator[Problem]:
    for entry in files.all(Escalation):
        for field in ("urgent_intents", "small_talk_intents"):
            yield from _intents(files, entry, _each((field,), getattr(entry.value, field)))
        yield from _reasons(files, entry)
        yield from _queues(files, entry)
        yield from _lines(entry)
        yield from _once(entry, ((("signals", i, "id"), s.id) for i, s in enumerate(entry.value.signals)))
        for i, signal in enumerate(entry.value.signals):
            yield from _signal(entry, ("signals", i), signal)


def _each(path: Path, values: Iterable[str]) -> Iterator[tuple[Path, str]]:
    return (((*path, i), str(value)) for i, value in enumerate(values))


def _intents(files: Files, entry: Entry[Escalation], named: Named) -> Iterator[Problem]:
    for path, label in named:
        if files.lacks(Intent, label):
            yield entry.problem(path, f"没有“{label}”这个问题类型", one_of(files.ids(Intent), label))


def _known_reasons(entry: Entry[Escalation], named: Named) -> Iterator[Problem]:
    for path, code in named:
        if code not in entry.value.reasons:
            yield entry.problem(path, f"reasons 里没有“{code}”这个原因", one_of(entry.value.reasons, code))


def _once(entry: Entry[Escalation], named: Named) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield entry.problem(path, f"“{name}”重复，只能写一次")
        seen.add(str(name))


def _reasons(files: Files, entry: Entry[Escalation]) -> Iterator[Problem]:
    rules = entry.value
    missing = sorted(REASONS - set(rules.reasons))
    for code in missing:
        yield entry.problem(("reasons",), f"缺少转人工原因“{code}”的说法")
    given = REASONS | {signal.reason for signal in rules.signals if signal.reason}
    for code, reason in rules.reasons.items():
        if code not in given and not missing:  # else it is most likely a slip in the one that is missing
            message = f"没有什么会用到“{code}”：系统不认得，signals 里也没有"
            yield entry.problem(("reasons", code), message)
        if reason.soothe is None:
            continue
        place: Path = ("reasons", code, "soothe")
        if files.lacks(Phrase, reason.soothe):
            allowed = one_of(files.ids(Phrase), reason.soothe)
            yield entry.problem(place, f"phrases.yml 里没有“{reason.soothe}”这条短句", allowed)
        for phrase in files.values(Phrase):
            if phrase.id == reason.soothe and set(blanks(phrase.text)) - BANK_BLANKS:
                yield entry.problem(place, "安抚的短句里不能有要填的内容", one_of(BANK_BLANKS))


def _queues(files: Files, entry: Entry[Escalation]) -> Iterator[Problem]:
    queues = tuple(enumerate(entry.value.queues))
    if not queues:
        yield entry.problem(("queues",), "至少要有一个服务组")
    skills: list[tuple[Path, str]] = [(("queues", i, "id"), queue.id) for i, queue in queues]
    skills += [(("lines", i, "id"), line.id) for i, line in enumerate(entry.value.lines)]
    yield from _once(entry, skills)  # both are skills of agents
    reasons = [one for i, queue in queues for one in _each(("queues", i, "reasons"), queue.reasons)]
    intents = [one for i, queue in queues for one in _each(("queues", i, "intents"), queue.intents)]
    yield from _known_reasons(entry, reasons)
    yield from _intents(files, entry, intents)
    yield from _once(entry, reasons)
    yield from _once(entry, intents)


def _lines(entry: Entry[Escalation]) -> Iterator[Problem]:
    named = [one for i, line in enumerate(entry.value.lines) for one in _each(("lines", i, "topics"), line.topics)]
    for path, topic in named:
        if topic not in TOPICS:
            yield entry.problem(path, f"没有“{topic}”这个主题", one_of(TOPICS, topic))
    yield from _once(entry, named)
    for i, line in enumerate(entry.value.lines):
        if not line.topics:
            yield entry.problem(("lines", i, "topics"), "至少要有一个主题", one_of(TOPICS))


def _signal(entry: Entry[Escalation], at: Path, signal: Signal) -> Iterator[Problem]:
    if signal.reason is not None:
        yield from _known_reasons(entry, [((*at, "reason"), signal.reason)])
    words = [((*at, "words", str(points), i), w) for points, ws in signal.words.items() for i, w in enumerate(ws)]
    for points, listed in signal.words.items():
        place: Path = (*at, "words", str(points))
        if points < 1:
            yield entry.problem(place, "分数至少是1")
        if not listed:
            yield entry.problem(place, "没有词：写上词，或删掉这一行")
    named = [*words, *_each((*at, "unless"), signal.unless), *_each((*at, "beside"), signal.beside)]
    for path, word in named:
        if not has_words(word):
            yield entry.problem(path, f"“{word}”里没有字，客户的话里找不到")
    yield from _once(entry, ((path, normalise(word)) for path, word in words))
    for path, wording in _each((*at, "unless"), signal.unless):
        if not any(normalise(word) in normalise(wording) for _, word in words):
            yield entry.problem(path, f"“{wording}”里没有这个信号的词，写了不起作用", "例如 会不会转错，里面有 转错")
    most = sum(points * len(listed) for points, listed in signal.words.items())
    most += signal.shouting + bool(signal.classes)
    if most < signal.at and signal.age_from is None:
        yield entry.problem((*at, "at"), f"所有的词加起来只有{most}分，到不了{signal.at}分", "减小 at，或加词")
