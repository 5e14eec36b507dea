"""What ends soon, what takes its place, and what does not get anything in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.knowledge.model import Disclosure, Figure, Script
from bot.knowledge.render import shown
from bot.knowledge.served import Served, question_in_words, served
from bot.knowledge.snapshot import Knowledge

_OTHERS: tuple[Literal["disclosure", "figure"], ...] = ("disclosure", "figure")


@dataclass(frozen=True, order=True)
class Ending:
    """`last` is the last day. Without anything in its place it is `alarming`."""

    last: date
    what: str
    then: str
    alarming: bool = False

    def __str__(self) -> str:
        return f"{self.last}  {self.what}：{'！！！' if self.alarming else ''}{self.then}"


def endings(knowledge: Knowledge, today: date, days: int) -> list[Ending]:
    """What is in force at some time from today on and ends within `days` days, the earliest first."""
    until = today + timedelta(days=days)
    scripts = [s for s in knowledge.every("script") if not s.draft and today <= s.valid_to <= until]
    disclosures, figures = (
        [(one, one.valid_to) for one in knowledge.every(kind) if one.valid_to and today <= one.valid_to <= until]
        for kind in _OTHERS
    )
    lasts = {script.valid_to for script in scripts} | {last for _, last in (*disclosures, *figures)}
    after = {last: served(knowledge, last + timedelta(days=1)) for last in lasts}
    return sorted(
        [
            *(_script(knowledge, script, after[script.valid_to]) for script in scripts),
            *(_disclosure(disclosure, last, after[last]) for disclosure, last in disclosures),
            *(_figure(figure, last, after[last]) for figure, last in figures),
        ]
    )


def _script(knowledge: Knowledge, script: Script, after: Served) -> Ending:
    what = f"话术 {script.id}（{script.title}，第{script.version}版）"
    if script.follow_up:
        return Ending(script.valid_to, what, *_follow_up(script, after))
    next_one = after.answers.get((script.intent, script.product))
    words = question_in_words(knowledge, (script.intent, script.product))
    if next_one is not None:
        return Ending(script.valid_to, what, f"由 {next_one.id}（第{next_one.version}版）接替")
    if general := after.answers.get((script.intent, None)):
        then = f"没有接替，问“{words}”时由不分产品的 {general.id} 回答，请确认是否合适"
        return Ending(script.valid_to, what, then, alarming=True)
    return Ending(script.valid_to, what, f"没有接替，问“{words}”的客户会被转给人工", alarming=True)


def _follow_up(script: Script, after: Served) -> tuple[str, bool]:
    """A script behind a button: the button goes with it. Another one with the same title or words takes its place."""
    for other in after.scripts.values():
        if other.intent == script.intent and other.follow_up and _same(script, other):
            return f"由 {other.id}（第{other.version}版）接替", False
    leading = [s.id for s in after.scripts.values() if any(choice.id == script.id for choice in s.choices)]
    return f"没有接替，通向它的按钮会消失（{'、'.join(leading) or '没有别的话术通向它'}）", True


def _same(script: Script, other: Script) -> bool:
    return other.title == script.title or bool(set(script.when) & set(other.when))


def _disclosure(disclosure: Disclosure, last: date, after: Served) -> Ending:
    what = f"必须提示 {disclosure.id}（{disclosure.title}，第{disclosure.version}版）"
    blocked = [id_ for id_ in after.scripts if disclosure.id in after.lacking(id_)]
    if blocked:
        then = f"话术 {'、'.join(blocked)} 写明要带它，之后发不出去"
        return Ending(last, what, then, alarming=True)
    covering = list(_covering(disclosure, after))
    bare = [topic for topic, ids in covering if not ids]
    if bare:
        return Ending(last, what, f"没有接替，主题 {'、'.join(bare)} 的回答将不带任何提示", alarming=True)
    others = dict.fromkeys(id_ for _, ids in covering for id_ in ids)
    newer = [id_ for id_ in others if after.disclosures[id_].valid_from > disclosure.valid_from]
    if newer:
        return Ending(last, what, f"由 {'、'.join(newer)} 接替")
    return Ending(last, what, f"没有接替，这些主题只剩 {'、'.join(others)}，请确认是否足够", alarming=True)


def _figure(figure: Figure, last: date, after: Served) -> Ending:
    """The check of the folder sees to it that no script in force lacks it."""
    next_one = after.figures.get(figure.id)
    then = f"由 {shown(next_one)}（{next_one.source}）接替" if next_one else "没有话术用到它了"
    return Ending(last, f"数字 {figure.id}（{figure.label}，{shown(figure)}）", then)


def _covering(disclosure: Disclosure, after: Served) -> Iterator[tuple[str, list[str]]]:
    """Each of its topics, and the mandatory texts that the topic has afterwards."""
    for topic in disclosure.topics:
        yield topic, [id_ for id_, other in after.disclosures.items() if topic in other.topics]
