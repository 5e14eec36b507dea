"""What is not wrong but needs a look: things that a date decides, and what is still a sample or unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.knowledge.snapshot import Knowledge
from bot.knowledge.vocabulary import PHRASES, TOPICS

SOON = timedelta(days=30)
OLD = timedelta(days=365)


def warnings(knowledge: Knowledge, today: date) -> Iterator[str]:
    """One line each, for a clerk."""
    yield from _scripts(knowledge, today)
    yield from _figures(knowledge, today)
    for topic in TOPICS:
        if not knowledge.disclosures_for((topic,), today):
            yield f"主题 {topic} 今天没有生效的必须提示"
    for disclosure in knowledge.disclosures.values():
        if not disclosure.in_force(today):
            yield f"必须提示 {disclosure.id} 今天不在有效期内"
    soothing = {reason.soothe for reason in knowledge.escalation.reasons.values()}
    for id_ in knowledge.phrases.keys() - PHRASES.keys() - soothing:
        yield f"短句 {id_} 没有被系统用到，请检查编号"


def _scripts(knowledge: Knowledge, today: date) -> Iterator[str]:
    for script in knowledge.scripts.values():
        if script.draft:
            yield f"话术 {script.id} 是草稿（没有审批人和审批日期），不会发给客户"
        elif script.valid_to < today:
            yield f"话术 {script.id} 已于 {script.valid_to} 过期，不再使用"
        elif script.valid_to < today + SOON:
            yield f"话术 {script.id} 将于 {script.valid_to} 过期，请及时复审"
        elif script.valid_from > today:
            yield f"话术 {script.id} 到 {script.valid_from} 才生效"
    for intent in knowledge.intents.values():
        if intent.kind == "question" and knowledge.script_for(intent.id, None, today) is None:
            yield f"问题类型 {intent.id} 今天没有有效的话术，客户会被转给人工"


def _figures(knowledge: Knowledge, today: date) -> Iterator[str]:
    used = {id_ for script in knowledge.scripts.values() for id_ in script.figures}
    for figure in knowledge.figures.values():
        if figure.as_of > today:
            yield f"数字 {figure.id} 的数据日期 {figure.as_of} 在今天之后"
        elif figure.as_of < today - OLD:
            yield f"数字 {figure.id} 的数据日期是 {figure.as_of}，已经超过一年，请核对"
        if figure.id not in used:
            yield f"数字 {figure.id} 没有话术用到"
