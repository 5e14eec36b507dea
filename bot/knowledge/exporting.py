"""The scripts of a topic on one page, to be printed, read and signed. Self-contained, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape

from bot.errors import InvalidInput
from bot.knowledge.model import Disclosure, Figure, Rendered, Script
from bot.knowledge.render import render, shown
from bot.knowledge.served import forms
from bot.knowledge.snapshot import Knowledge
from bot.knowledge.vocabulary import RESERVED_CHOICES, TOPICS

CSS = """
body { font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 48em; margin: 2em auto; }
h1 { font-size: 1.5em } h2 { font-size: 1.2em; border-top: 2px solid #333; padding-top: .6em }
table { border-collapse: collapse; min-width: 32em }
th, td { border: 1px solid #888; padding: .2em .5em; text-align: left }
blockquote { margin: .4em 0; padding: .4em .8em; border-left: 4px solid #888; white-space: pre-wrap }
.warning { border-left-color: #b00 } .draft { color: #b00 } .sign td { height: 2.4em }
section { break-inside: auto } h2, h3 { break-after: avoid } table, blockquote { break-inside: avoid }
@page { size: A4; margin: 18mm 16mm } @media print { body { margin: 0; max-width: none; font-size: 11pt } }
"""

VARIANTS = {
    "large_type": "关怀版",
    "wechat": "微信",
    "web": "网页",
    "wechat+large_type": "微信关怀版",
    "web+large_type": "网页关怀版",
}


def page(knowledge: Knowledge, topic: str, today: date) -> str:
    """HTML of every script of the topic that is in force, begins later or is a draft.

    Raises InvalidInput for a topic that there is not or that no script has.
    """
    if topic not in TOPICS:
        raise InvalidInput(f"there is no topic {topic}; there are {', '.join(TOPICS)}")
    scripts = [s for s in knowledge.every("script") if topic in s.topics and s.valid_to >= today]
    if not scripts:
        raise InvalidInput(f"no script has the topic {topic}")
    title = f"{knowledge.bank.name} 话术审批：{topic}"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
            f"<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>",
            f"<p>打印日期 {today}；话术 {len(scripts)} 条；内容指纹 {escape(knowledge.digest[:16])}</p>",
            *(line for script in scripts for line in _section(knowledge, script, today)),
            *_signatures("全部话术"),
            "</body>\n</html>\n",
        ]
    )


def _section(knowledge: Knowledge, script: Script, today: date) -> Iterator[str]:
    day = max(today, script.valid_from)
    knowledge = knowledge.on(day)
    wordings = [
        _wording(knowledge, script, place, *form)
        for form in forms(script)
        for place in range(len(script.wordings(*form)[1]))
    ]
    required = [knowledge.disclosures[id_] for id_ in script.disclosures]
    warnings = list(dict.fromkeys([*required, *knowledge.disclosures_for(script.topics, day)]))
    figures = dict.fromkeys(id_ for wording in wordings for id_ in wording.figures)
    yield f"<section>\n<h2>{escape(script.title)}</h2>"
    yield _about(knowledge, script, today)
    for place, wording in enumerate(wordings, start=1):
        variant = f"（{VARIANTS.get(wording.variant, wording.variant)}）" if wording.variant else ""
        yield f"<h3>第{place}种说法{variant}</h3>\n<blockquote>{escape(wording.text)}</blockquote>"
    yield from _choices(wordings[0])
    yield from _figures([knowledge.figures[id_] for id_ in figures])
    yield from _warnings(warnings)
    yield from _signatures(script.title)
    yield "</section>"


def _wording(knowledge: Knowledge, script: Script, place: int, channel: str | None, large_type: bool) -> Rendered:
    """Drafts and what is not yet in force too: that is what approval is for."""
    everywhere = frozenset(map(str, knowledge.scripts)) | RESERVED_CHOICES
    return render(
        script, place, knowledge.figures, knowledge.phrases, knowledge.bank, (), everywhere, channel, large_type
    )


def _about(knowledge: Knowledge, script: Script, today: date) -> str:
    state = "草稿" if script.draft else "今天有效" if script.valid_on(today) else "尚未生效"
    intent = knowledge.intents[script.intent]
    rows = [
        ("编号", f"{script.id}，第{script.version}版"),
        ("状态", state + ("，样例" if script.sample else "")),
        ("回答", intent.words + (f"（{knowledge.products[script.product].name}）" if script.product else "")),
        ("主题", "、".join(script.topics)),
        ("有效期", f"{script.valid_from} 至 {script.valid_to}"),
        ("起草", script.author or "未写"),
        ("审批", f"{script.approved_by} {script.approved_on}" if not script.draft else "待审批"),
    ]
    return _table((), rows)


def _choices(wording: Rendered) -> Iterator[str]:
    if wording.choices:
        yield "<h3>按钮</h3>"
        yield _table(("名称", "通向"), [(choice.label, choice.id) for choice in wording.choices])


def _figures(figures: Sequence[Figure]) -> Iterator[str]:
    if figures:
        rows = [
            (f.label, shown(f), f.source + ("（样例）" if f.sample else ""), str(f.as_of), f.authority) for f in figures
        ]
        yield "<h3>数字</h3>"
        yield _table(("名称", "数值", "出处", "数据日期", "以何为准"), rows)


def _warnings(disclosures: Sequence[Disclosure]) -> Iterator[str]:
    """Added by the guard behind every wording."""
    if disclosures:
        yield "<h3>必须提示（每种说法后面都带上）</h3>"
    for disclosure in disclosures:
        state = "" if disclosure.confirmed else ' <strong class="draft">待合规确认</strong>'
        until = f"至 {disclosure.valid_to}" if disclosure.valid_to else "起"
        yield f"<p>{escape(disclosure.title)}（{escape(disclosure.id)}，第{disclosure.version}版，"
        yield f"{disclosure.valid_from} {until}；依据：{escape(disclosure.legal_basis)}）{state}</p>"
        yield f'<blockquote class="warning">{escape(disclosure.text)}</blockquote>'


def _signatures(what: str) -> Iterator[str]:
    rows = [(f"{who}：", "签字：", "日期：") for who in ("起草人", "业务部门", "合规部门")]
    yield f"<h3>签字（{escape(what)}）</h3>"
    yield _table((), rows, "sign")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = [f"<tr>{top}</tr>"] if head else []
    lines += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    attribute = f' class="{kind}"' if kind else ""
    return f"<table{attribute}>{''.join(lines)}</table>"
