"""What the parts of knowledge/ must keep to among each other. Pure: from what was read to what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from bot.knowledge.fields import Dated
from bot.knowledge.files import LEXICON, LISTS, Files
from bot.knowledge.model import (
    Bank,
    Branch,
    Calendar,
    Disclosure,
    Guard,
    Intent,
    Phrase,
    Place,
    Product,
    Script,
    Span,
)
from bot.knowledge.places import names_of
from bot.knowledge.problems import Problem, one_of
from bot.knowledge.rules_complaints import check_complaints
from bot.knowledge.rules_editions import backwards, check_editions, check_gaps
from bot.knowledge.rules_escalation import check_escalation
from bot.knowledge.rules_replies import check_replies
from bot.knowledge.rules_scripts import (
    check_approval,
    check_choices,
    check_figures,
    check_scripts,
    check_topics,
)
from bot.knowledge.rules_survey import check_survey
from bot.knowledge.templates import blanks, stray_braces
from bot.knowledge.vocabulary import BANK_BLANKS, PHRASES, TOPICS
from bot.text.places import units_in

MAX_LABEL = 20


def check(files: Files) -> Iterator[Problem]:
    """Everything that makes the whole unusable. What only needs a look soon is in `warnings`."""
    models: list[type[BaseModel]] = [Script, *LISTS.values()]
    for model in models:
        yield from check_editions(files, model) if issubclass(model, Dated) else _unique(files, model)
    yield from check_scripts(files)
    yield from check_figures(files)
    yield from check_gaps(files)
    yield from _intents(files)
    yield from _products(files)
    yield from _places(files)
    yield from _branches(files)
    yield from _disclosures(files)
    yield from _phrases(files)
    yield from check_escalation(files)
    yield from check_complaints(files)
    yield from _calendar(files)
    yield from _guard(files)
    yield from check_survey(files)
    yield from check_replies(files)
    yield from _lexicon(files)


def _unique(files: Files, model: type[BaseModel]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for entry in files.all(model):
        if entry.name in first:
            yield entry.problem(("id",), f"编号“{entry.name}”重复，{first[entry.name]} 已经用过", "每条的编号都要不同")
        elif entry.name:
            first[entry.name] = f"{entry.document.file} 第{entry.document.line(entry.path)}行"


def _intents(files: Files) -> Iterator[Problem]:
    answered = {s.intent for s in files.values(Script) if s.product is None and not s.follow_up}
    for entry in files.all(Intent):
        intent = entry.value
        yield from check_topics(entry, intent.topics)
        if len(intent.words) > MAX_LABEL:
            yield entry.problem(("words",), f"太长：{len(intent.words)}个字", f"最多{MAX_LABEL}个字，要放在按钮上")
        if intent.kind == "question" and intent.id not in answered and files.whole(Script):
            yield entry.problem((), "这个问题类型没有话术", f"在 scripts/ 里加一条 intent: {intent.id}，不写 product")


def _products(files: Files) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for entry in files.all(Product):
        yield from check_topics(entry, entry.value.topics)
        for i, word in enumerate(entry.value.words):
            if word in owner:
                yield entry.problem(("words", i), f"“{word}”已经是产品 {owner[word]} 的叫法", "一个词只能属于一个产品")
            owner.setdefault(word, entry.value.id)
        for i, word in enumerate(entry.value.unless):
            if not any(own in word for own in (entry.value.name, *entry.value.words)):
                yield entry.problem(
                    ("unless", i), f"“{word}”里没有这个产品的叫法，写了不起作用", "例如 保险箱，里面有 保险"
                )


def _places(files: Files) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for entry in files.all(Place):
        place = entry.value
        for path, word in ((("name",), place.name), *((("words", i), word) for i, word in enumerate(place.words))):
            if word in owner:
                message = f"“{word}”已经是地名 {owner[word]} 的叫法"
                yield entry.problem(path, message, "一个词只能属于一个地名；同名的区只写一条，不写简称")
            owner.setdefault(word, place.id)


def _branches(files: Files) -> Iterator[Problem]:
    """Who asks for a place must not be told that nothing is there because the file does not say where it is."""
    read = names_of(files.values(Place), files.values(Branch))
    owner: dict[str, str] = {}
    for entry in files.all(Branch):
        branch = entry.value
        if not units_in(read, branch.district) and files.whole(Place):
            yield entry.problem(("district",), "看不出在哪个市、哪个区", "写全，例如 上海市浦东新区")
        for path, word in ((("name",), branch.name), *((("words", i), word) for i, word in enumerate(branch.words))):
            if word in owner:
                yield entry.problem(path, f"“{word}”已经是网点 {owner[word]} 的叫法", "一个叫法只能属于一个网点")
            owner.setdefault(word, branch.id)


def _disclosures(files: Files) -> Iterator[Problem]:
    entries = files.all(Disclosure)
    for entry in entries:
        yield from check_topics(entry, entry.value.topics)
        yield from check_approval(entry)
    covered = {topic for entry in entries for topic in entry.value.topics}
    for topic in TOPICS:
        if topic not in covered and files.whole(Disclosure):
            yield Problem("disclosures.yml", 1, "", f"主题“{topic}”没有任何必须提示", "每个主题至少一条")


def _phrases(files: Files) -> Iterator[Problem]:
    for entry in files.all(Phrase):
        phrase = entry.value
        used = frozenset(blanks(phrase.text)) - BANK_BLANKS
        wanted = PHRASES.get(phrase.id, used)
        for name in sorted(used - wanted):
            yield entry.problem(("text",), f"没有 {{{name}}} 可以填", one_of(wanted | BANK_BLANKS, name))
        for name in sorted(wanted - used):
            yield entry.problem(("text",), f"缺少 {{{name}}}：客户必须看到这一项")
        if stray_braces(phrase.text):
            yield entry.problem(("text",), "花括号没有成对，或里面的名称写法不对", "写成 {number} 这样")
        yield from check_choices(entry, phrase.choices, files)
    for name in sorted(name for name in PHRASES if files.lacks(Phrase, name)):
        yield Problem("phrases.yml", 1, name, "缺少这条短句，系统要用到它")


def _calendar(files: Files) -> Iterator[Problem]:
    for entry in files.all(Calendar):
        for field in ("desk_hours", "office_hours"):
            spans: tuple[Span, ...] = getattr(entry.value, field)
            end = "00:00"
            for i, span in enumerate(spans):
                if span.end <= span.start:
                    yield entry.problem((field, i), f"结束时间 {span.end} 不晚于开始时间 {span.start}")
                elif span.start < end:
                    message = f"和前一段时间重叠：{span.start} 早于 {end}"
                    yield entry.problem((field, i), message, "按先后顺序写，不要重叠")
                end = max(end, span.end)
            if not spans:
                yield entry.problem((field,), "至少要有一段时间")
        for bank in files.all(Bank):
            for moment in (m for span in entry.value.desk_hours for m in (span.start, span.end)):
                if moment not in bank.value.hours:
                    message = f"和 calendar.yml 的人工服务时间不一致：没有提到 {moment}"
                    yield bank.problem(("hours",), message)
        both: set[date] = set(entry.value.holidays) & set(entry.value.working_days)
        for day in sorted(both):
            yield entry.problem(("working_days",), f"{day} 既是假日又是工作日")


def _guard(files: Files) -> Iterator[Problem]:
    for entry in files.all(Guard):
        for i, trigger in enumerate(entry.value.triggers):
            if trigger.topic not in TOPICS:
                yield entry.problem(("triggers", i, "topic"), f"没有“{trigger.topic}”这个主题", one_of(TOPICS))
        for field in ("triggers", "promises"):
            for i, one in enumerate(getattr(entry.value, field)):
                if backwards(one):
                    yield entry.problem((field, i, "valid_to"), "失效日期早于生效日期")
        names = Counter(promise.id for promise in entry.value.promises)
        for i, promise in enumerate(entry.value.promises):
            if names[promise.id] > 1:
                yield entry.problem(("promises", i, "id"), f"编号“{promise.id}”重复")
            for j, topic in enumerate(promise.topics):
                if topic not in TOPICS:
                    yield entry.problem(("promises", i, "topics", j), f"没有“{topic}”这个主题", one_of(TOPICS))


def _lexicon(files: Files) -> Iterator[Problem]:
    """One word a line, then at will a frequency and a part of speech, as jieba reads it."""
    words: dict[str, int] = {}
    for number, row in enumerate(files.lexicon, start=1):
        parts = row.split()
        if not parts:
            continue
        if len(parts) > 3 or (len(parts) > 1 and not parts[1].isdecimal()):
            yield Problem(LEXICON, number, "", f"这一行写法不对：{row.strip()}", "每行一个词，后面可以加空格和一个整数")
        if parts[0] in words:
            yield Problem(LEXICON, number, "", f"“{parts[0]}”重复，第{words[parts[0]]}行已经有了")
        words.setdefault(parts[0], number)
    for entry in files.all(Product):
        for i, word in enumerate(entry.value.words):
            if words and word not in words:
                message = f"“{word}”不在 {LEXICON} 里，分词时会被切开"
                yield entry.problem(("words", i), message, f"在 {LEXICON} 里加一行")
