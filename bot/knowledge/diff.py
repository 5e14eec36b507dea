"""What customers are told on one day and not on another, for a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.errors import InvalidInput
from bot.knowledge.model import Disclosure, Script
from bot.knowledge.render import shown
from bot.knowledge.served import Served, question_in_words, served
from bot.knowledge.snapshot import Knowledge


def difference(knowledge: Knowledge, first: date, second: date) -> Iterator[str]:
    """Lines. Raises InvalidInput where the days are in the wrong order."""
    if second < first:
        raise InvalidInput(f"{second} is before {first}: write the earlier day first")
    before, after = served(knowledge, first), served(knowledge, second)
    parts = {
        "问题由谁回答": list(_questions(knowledge, before, after)),
        "话术": list(_scripts(before, after)),
        "必须提示": list(_disclosures(before, after)),
        "数字": list(_figures(before, after)),
        "合规规则": list(_rules(before, after)),
    }
    yield f"从 {first} 到 {second}，客户看到的有什么不同："
    for title, lines in parts.items():
        if lines:
            yield f"【{title}】"
            yield from (f"  {line}" for line in lines)
    if not any(parts.values()):
        yield "  没有不同。"


def _questions(knowledge: Knowledge, before: Served, after: Served) -> Iterator[str]:
    for question in dict.fromkeys((*before.answers, *after.answers)):
        was, now = before.answers.get(question), after.answers.get(question)
        if was is now or (was is not None and now is not None and was.id == now.id):
            continue
        words = question_in_words(knowledge, question)
        if now is not None:
            yield f"{words}：由 {now.id} 回答，" + (f"原来是 {was.id}" if was else "原来没有专门的话术")
        elif general := after.answers.get((question[0], None)):
            yield f"{words}：没有专门的话术了，由不分产品的 {general.id} 回答"
        else:
            yield f"{words}：没有话术了，客户会被转给人工！"


def _scripts(before: Served, after: Served) -> Iterator[str]:
    for id_, script in before.scripts.items():
        if id_ not in after.scripts:
            yield f"结束 {_named(script)}，有效到 {script.valid_to}"
    for id_, script in after.scripts.items():
        if id_ not in before.scripts:
            yield f"开始 {_named(script)}，从 {script.valid_from} 起，有效到 {script.valid_to}"
        elif changes := list(_changes(id_, before, after)):
            yield f"变化 {_named(script)}：{'；'.join(changes)}"


def _changes(id_: str, before: Served, after: Served) -> Iterator[str]:
    was, now = before.said[id_], after.said[id_]
    for form in dict.fromkeys(one.variant for one in (*was, *now)):
        old, new = ([one.text for one in on if one.variant == form] for on in (was, now))
        where = f"（{form}）" if form else ""
        if bool(old) != bool(new):
            yield f"{'多了' if new else '少了'}另一组说法{where}"
        elif changed := [str(n) for n, (a, b) in enumerate(zip(old, new, strict=False), start=1) if a != b]:
            yield f"第{'、'.join(changed)}种说法{where}的文字不同"
    yield from _more_and_less("按钮", [c.label for c in was[0].choices], [c.label for c in now[0].choices])
    titles = [[_warning(d) for d in on.warnings(id_)] for on in (before, after)]
    yield from _more_and_less("必须提示", *titles)
    if lacking := sorted(set(after.lacking(id_)) - set(before.lacking(id_))):
        yield f"写明要带的提示 {'、'.join(lacking)} 没有生效版本，这条话术发不出去！"


def _disclosures(before: Served, after: Served) -> Iterator[str]:
    for id_, disclosure in before.disclosures.items():
        if id_ not in after.disclosures:
            yield f"结束 {_warning(disclosure)}，有效到 {disclosure.valid_to}"
    for id_, disclosure in after.disclosures.items():
        if id_ not in before.disclosures:
            yield f"开始 {_warning(disclosure)}，从 {disclosure.valid_from} 起"


def _figures(before: Served, after: Served) -> Iterator[str]:
    for id_, figure in before.figures.items():
        if id_ not in after.figures:
            yield f"不再用到 {id_} {figure.label} {shown(figure)}"
    for id_, figure in after.figures.items():
        if id_ not in before.figures:
            yield f"开始用到 {id_} {figure.label} {shown(figure)}（数据日期 {figure.as_of}）"
        elif shown(before.figures[id_]) != shown(figure):
            was = shown(before.figures[id_])
            yield f"变化 {id_} {figure.label}：{was} → {shown(figure)}（从 {figure.valid_from} 起）"
        elif before.day < figure.as_of <= after.day:
            yield f"其间更新 {id_} {figure.label}，现在是 {shown(figure)}（数据日期 {figure.as_of}）"


def _rules(before: Served, after: Served) -> Iterator[str]:
    yield from (f"结束 {name}" for name in before.rules if name not in after.rules)
    yield from (f"开始 {name}" for name in after.rules if name not in before.rules)


def _more_and_less(what: str, was: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    old, new = list(was), list(now)
    if gone := [one for one in old if one not in new]:
        yield f"{what}少了“{'”“'.join(gone)}”"
    if come := [one for one in new if one not in old]:
        yield f"{what}多了“{'”“'.join(come)}”"


def _named(script: Script) -> str:
    return f"{script.id}（{script.title}，第{script.version}版）"


def _warning(disclosure: Disclosure) -> str:
    return f"{disclosure.id}（{disclosure.title}，第{disclosure.version}版）"
