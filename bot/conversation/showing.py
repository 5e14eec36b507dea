"""`qiantai knowledge show`: what a customer would be told on a day, through the guard as `Speech` says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time

from bot.clock import BEIJING
from bot.compliance import Verdict
from bot.conversation.speech import Speech
from bot.errors import NotFound
from bot.knowledge import Knowledge
from bot.knowledge.model import Choice, Script
from bot.knowledge.render import shown
from bot.knowledge.served import forms, question_in_words

# (text, mandatory texts in it, choices) -> the messages in which a channel delivers it, as the customer reads them
Form = Callable[[str, Sequence[str], Sequence[Choice]], Sequence[str]]

VERDICTS = {
    "allow": "通过",
    "doubt": "通过",
    "complete": "通过，补上了下面的必须提示",
    "refuse": "不通过，客户看到的是稳妥的话，并转人工",
}


def find(knowledge: Knowledge, name: str, product: str | None, day: date) -> Script:
    """The answer to an intent (and a product), or the script with this id. Raises NotFound where it is not in force."""
    if product is not None and product not in knowledge.products:
        raise NotFound(f"no product has the id {product}; there are {', '.join(knowledge.products)}")
    if name in knowledge.intents:
        answer = knowledge.script_for(name, product, day)
        if answer is not None:
            return answer
    if name not in knowledge.scripts:
        if name in knowledge.intents:
            raise NotFound(f"no script answers {name} on {day}: the customer goes to a person")
        raise NotFound(f"there is no intent and no script {name}; see `qiantai knowledge show` without a name")
    script = knowledge.script(name)
    if not script.valid_on(day):
        why = "it is a draft" if script.draft else f"it is from {script.valid_from} to {script.valid_to}"
        raise NotFound(f"script {name} is not said on {day}: {why}")
    return script


def told(knowledge: Knowledge, script: Script, day: date, form: Form | None = None) -> Iterator[str]:
    """Every wording as the customer reads it, and what stands behind it. `form`: that of a channel with messages."""
    speech, at = Speech(knowledge), datetime.combine(day, time(12), BEIJING)
    words = question_in_words(knowledge, (script.intent, script.product))
    yield f"{script.id}（{script.title}），第{script.version}版，回答：{words}"
    yield f"有效期 {script.valid_from} 至 {script.valid_to}；审批 {script.approved_by} {script.approved_on}"
    for (channel, large_type), wording in _every(script):
        utterance = speech.script(script.id, wording, at, channel=channel, large_type=large_type)
        verdict = speech.preview(utterance, at)
        variant = utterance.internal.get("variant")
        yield f"\n──── {day}，第{wording + 1}种说法{f'（{variant}）' if variant else ''} ────"
        yield from _read(speech, verdict, utterance.choices, form)
        yield f"──── 合规检查：{VERDICTS[verdict.action]}"
        yield from (f"     {finding.reason}（{finding.rule}）" for finding in verdict.findings)
        yield from _behind(knowledge, verdict, utterance.internal["figures"])


def _every(script: Script) -> Iterator[tuple[tuple[str | None, bool], int]]:
    for form in forms(script):
        yield from ((form, wording) for wording in range(len(script.wordings(*form)[1])))


def _read(speech: Speech, verdict: Verdict, choices: Sequence[Choice], form: Form | None) -> Iterator[str]:
    """As the customer reads it."""
    text, mandatory = verdict.completed_text or verdict.text, [d.id for d in verdict.disclosures]
    if verdict.action == "refuse":
        safe = speech.phrase("guard_safe")
        text, mandatory, choices = safe.text, [], safe.choices
    if form is None:
        yield text
        if choices:
            yield "按钮：" + "　".join(f"［{choice.label}］" for choice in choices)
        return
    messages = form(text, [speech.knowledge.disclosures[id_].text for id_ in mandatory], choices)
    for place, message in enumerate(messages, start=1):
        if len(messages) > 1:
            yield f"（第{place}条消息，共{len(messages)}条）"
        yield message


def _behind(knowledge: Knowledge, verdict: Verdict, figures: Sequence[str]) -> Iterator[str]:
    for given in verdict.disclosures:
        yield f"     必须提示 {given.id} 第{given.version}版 {knowledge.disclosures[given.id].title}"
    for id_ in figures:
        figure = knowledge.figures[id_]
        sample = "，样例" if figure.sample else ""
        yield f"     数字 {id_} {shown(figure)}，{figure.source}，{figure.as_of}，以{figure.authority}为准{sample}"


def table(knowledge: Knowledge, day: date) -> Iterator[str]:
    """One line a script that is said on that day, by question; questions without an answer too."""
    valid = [script for script in knowledge.scripts.values() if script.valid_on(day)]
    yield f"{day} 有效的话术 {len(valid)} 条："
    for intent in knowledge.intents.values():
        scripts = [script for script in valid if script.intent == intent.id]
        if scripts or intent.kind == "question":
            yield f"\n{intent.id}　{intent.words}"
        if intent.kind == "question" and knowledge.script_for(intent.id, None, day) is None:
            yield "  没有话术，客户会被转给人工"
        for script in sorted(scripts, key=lambda s: (s.follow_up, s.product or "")):
            kind = script.product or ("补充" if script.follow_up else "主话术")
            warnings = "、".join(d.id for d in knowledge.disclosures_for(script.topics, day)) or "无"
            yield f"  {script.id}　第{script.version}版　到{script.valid_to}　{kind}　{script.title}　提示：{warnings}"


def show(knowledge: Knowledge, name: str | None, product: str | None, day: date, form: Form | None = None) -> None:
    """Print the table, or what one question or script brings. Raises NotFound."""
    knowledge = knowledge.on(day)
    if name is None:
        print("\n".join(table(knowledge, day)))
    else:
        print("\n".join(told(knowledge, find(knowledge, name, product, day), day, form)))
