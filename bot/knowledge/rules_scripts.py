"""What scripts and figures must keep to, beyond their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations

from bot.knowledge.files import Entry, Files
from bot.knowledge.model import Bank, Choice, Disclosure, Figure, Intent, Product, Script
from bot.knowledge.plausible import outside
from bot.knowledge.problems import Path, Problem, one_of
from bot.knowledge.templates import blanks, stray_braces, without_blanks
from bot.knowledge.vocabulary import BANK_BLANKS, RESERVED_CHOICES, TOPICS
from bot.text.normalise import normalise

MAX_TEXT = 400
TOO_ALIKE = 0.9

_AMOUNT = r"[0-9０-９零〇一二三四五六七八九十百千两]"
_UNIT = r"(?:%|％|‰|BP|bp|个?基点|[万亿]?元|[万亿]|块钱|个?工作日|分钟)"
RAW_FIGURE = re.compile(rf"{_AMOUNT}[{_AMOUNT[1:-1]},，.．]*\s*{_UNIT}|[百千万]分之{_AMOUNT}+")
_LINK = re.compile(r"(?:https?://|www\.)([^\s/，。；、）)]+)?", re.IGNORECASE)
_RANGE = re.compile(r"-?\d+(?:\.\d+)?(?:[—~～至-]-?\d+(?:\.\d+)?)?")


def check_scripts(files: Files) -> Iterator[Problem]:
    for entry in files.all(Script):
        yield from _references(entry, files)
        yield from _topics(entry, files)
        yield from _days(entry)
        yield from check_approval(entry)
        for place, text in entry.value.every_text():
            yield from _text(entry, place, text, files)
        yield from _alike(entry)
        yield from _when(entry)
        if entry.value.id in RESERVED_CHOICES:
            yield entry.problem(("id",), f"“{entry.value.id}”是系统保留的名称，请换一个编号")
    yield from _two_answers(files)


def check_figures(files: Files) -> Iterator[Problem]:
    for entry in files.all(Figure):
        figure = entry.value
        if figure.id in BANK_BLANKS:
            yield entry.problem(("id",), f"“{figure.id}”是系统保留的名称，请换一个编号")
        if figure.unit and not isinstance(figure.value, Decimal) and not _RANGE.fullmatch(figure.value):
            yield entry.problem(("value",), f"有单位的数值不能写成“{figure.value}”", "写成 3.05 或 3.05—4.20 这样")
        if figure.low is not None and figure.high is not None and figure.low > figure.high:
            yield entry.problem(("low",), f"合理下限 {figure.low} 高于合理上限 {figure.high}")
        elif reason := outside(figure):
            yield entry.problem(("value",), reason, "请核对小数点；确实如此，就改这个数字的 low、high（合理范围）")
        if not figure.authority:
            yield entry.problem(("authority",), "不能空着：要写明以什么为准", "例如：贷款合同")


def check_choices(entry: Entry, choices: tuple[Choice, ...], files: Files) -> Iterator[Problem]:
    """Buttons must lead somewhere: to a script, or to what code does itself."""
    for i, choice in enumerate(choices):
        if choice.id not in RESERVED_CHOICES and files.lacks(Script, choice.id):
            known = files.ids(Script) | RESERVED_CHOICES
            yield entry.problem(("choices", i, "id"), f"没有编号为“{choice.id}”的话术", one_of(known, choice.id))
        if choice.id in {c.id for c in choices[:i]}:
            yield entry.problem(("choices", i, "id"), f"选项“{choice.id}”重复了")


def check_topics(entry: Entry, topics: tuple[str, ...]) -> Iterator[Problem]:
    for i, topic in enumerate(topics):
        if topic not in TOPICS:
            yield entry.problem(("topics", i), f"没有“{topic}”这个主题", one_of(TOPICS))


def _references(entry: Entry[Script], files: Files) -> Iterator[Problem]:
    script = entry.value
    if files.lacks(Intent, script.intent):
        yield entry.problem(("intent",), f"没有“{script.intent}”这个问题类型", one_of(files.ids(Intent), script.intent))
    if script.product is not None and files.lacks(Product, script.product):
        yield entry.problem(("product",), f"没有“{script.product}”这个产品", one_of(files.ids(Product), script.product))
    for i, id_ in enumerate(script.disclosures):
        if files.lacks(Disclosure, id_):
            allowed = one_of(files.ids(Disclosure), id_)
            yield entry.problem(("disclosures", i), f"没有编号为“{id_}”的必须提示", allowed)
    for i, id_ in enumerate(script.figures):
        if files.lacks(Figure, id_):
            yield entry.problem(("figures", i), f"没有编号为“{id_}”的数字", one_of(files.ids(Figure), id_))
        elif not any(id_ in blanks(text) for _, text in script.every_text()):
            yield entry.problem(("figures", i), f"写了数字“{id_}”，但哪一种说法里都没有用到 {{{id_}}}")
    yield from check_choices(entry, script.choices, files)


def _topics(entry: Entry[Script], files: Files) -> Iterator[Problem]:
    """A script about loans must say that it is about loans: the mandatory texts hang on it."""
    script = entry.value
    yield from check_topics(entry, script.topics)
    products = {str(p.id): p.topics for p in files.values(Product)}
    intents = {i.id: i.topics for i in files.values(Intent)}
    needed = products.get(script.product, ()) if script.product else intents.get(script.intent, ())
    for topic in needed:
        if topic not in script.topics:
            yield entry.problem(("topics",), f"缺少主题“{topic}”，这个产品或问题类型的话术都要有", f"加上 {topic}")


def _days(entry: Entry[Script]) -> Iterator[Problem]:
    script = entry.value
    if script.approved_on is not None and script.approved_on > script.valid_from:
        yield entry.problem(("approved_on",), f"审批日期 {script.approved_on} 晚于生效日期 {script.valid_from}")


def check_approval(entry: Entry[Script] | Entry[Disclosure]) -> Iterator[Problem]:
    """Four eyes: who wrote a text does not approve it; and an approval has a name and a date."""
    known = entry.value
    if known.author and _person(known.author) == _person(known.approved_by):
        yield entry.problem(("approved_by",), f"审批人和起草人都是“{known.author}”", "要由另一个人或部门审批")
    if known.approved_by and known.approved_on is None:
        yield entry.problem(("approved_on",), "有审批人，没有审批日期", "两项都写；还没有审批的，两项都不写，就是草稿")
    if known.approved_on is not None and not known.approved_by:
        yield entry.problem(("approved_by",), "有审批日期，没有审批人", "两项都写；还没有审批的，两项都不写，就是草稿")


def _person(name: str) -> str:
    """However it is typed: 合规部 李明 is 合规部李明."""
    return "".join(normalise(name).split())


def _text(entry: Entry[Script], path: Path, text: str, files: Files) -> Iterator[Problem]:
    if len(text) > MAX_TEXT:
        yield entry.problem(path, f"太长：{len(text)}个字", f"最多{MAX_TEXT}个字，可以拆成几条，用选项连起来")
    for name in blanks(text):
        if name in BANK_BLANKS or name in entry.value.figures:
            continue
        if name in files.ids(Figure):
            yield entry.problem(path, f"用了数字 {{{name}}}，但 figures 里没有写它", f"在 figures 里加上 {name}")
        elif files.lacks(Figure, name):
            known = files.ids(Figure) | BANK_BLANKS
            yield entry.problem(path, f"没有名为 {{{name}}} 的数字", one_of(known, name))
    if stray_braces(text):
        yield entry.problem(path, "花括号没有成对，或里面的名称写法不对", "写成 {figure_id} 这样")
    for match in RAW_FIGURE.finditer(without_blanks(text)):
        yield entry.problem(
            path, f"直接写了数字“{match[0]}”", "金额、利率、时限要写进 figures.yml，这里用 {编号} 引用，才有出处和日期"
        )
    domains = {d for bank in files.values(Bank) for d in bank.domains}
    for match in _LINK.finditer(text):
        host = (match[1] or "").lower()
        if not any(host == d or host.endswith("." + d) for d in domains):
            yield entry.problem(path, f"链接“{match[0]}”不是本行网站", one_of(domains))


def _alike(entry: Entry[Script]) -> Iterator[Problem]:
    """The second wording is for a customer who asks again: it must not be the first once more."""
    groups: list[tuple[Path, tuple[str, ...]]] = [
        (("texts",), entry.value.texts),
        *((("variants", n, "texts"), variant.texts) for n, variant in enumerate(entry.value.variants)),
    ]
    for place, texts in groups:
        for a, b in combinations(range(len(texts)), 2):
            matcher = SequenceMatcher(None, texts[a], texts[b], autojunk=False)
            if matcher.quick_ratio() >= TOO_ALIKE and matcher.ratio() >= TOO_ALIKE:
                yield entry.problem((*place, b), f"和第{a + 1}种说法几乎一样", "换一种讲法：换顺序、换重点、举例")


def _when(entry: Entry[Script]) -> Iterator[Problem]:
    script = entry.value
    if script.when and not script.follow_up and script.product is None:
        yield entry.problem(("when",), "主话术不用写 when，没有别的话术时就用它", "加上 follow_up: true，或删掉 when")
    if script.unless and not script.when:
        yield entry.problem(("unless",), "没有 when，unless 不起作用", "写上 when，或删掉 unless")
    for field, words in (("when", script.when), ("unless", script.unless)):
        for i, word in enumerate(words):
            if not word or word != normalise(word):
                yield entry.problem((field, i), f"“{word}”永远对不上客户的话", "用简体、小写、半角写，不能空着")


def _two_answers(files: Files) -> Iterator[Problem]:
    answers = [entry for entry in files.all(Script) if not (entry.value.follow_up or entry.value.draft)]
    for first, second in combinations(answers, 2):
        a, b = first.value, second.value
        if (
            a.id != b.id
            and b.answers(a.intent, a.product)
            and a.valid_from <= b.valid_to
            and b.valid_from <= a.valid_to
        ):
            yield second.problem(
                ("valid_from",),
                f"和话术 {a.id} 回答同一个问题（{a.intent}，{a.product or '不分产品'}），有效期重叠",
                "错开有效期，或给其中一条加上 follow_up: true（只由选项进入）",
            )
