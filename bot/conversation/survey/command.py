"""`qiantai survey`: how satisfied customers were in a month, for the bank's staff."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.clock import BEIJING, Clock, today
from bot.conversation.survey.figures import Points, Remark, Score, remarks, score
from bot.db import Database
from bot.errors import InvalidInput
from bot.knowledge import Knowledge

CHANNELS = {
    "web": "网页",
    "wechat": "微信",
    "phone": "电话",
    "counter": "网点",
    "letter": "信函",
    "mail": "邮件",
    "link": "评价链接",
}
SUBJECTS = {"conversation": "会话", "case": "投诉"}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", help="2026-11；不写就是本月")
    parser.add_argument("--words", action="store_true", help="把客户写的意见也列出来（个人信息已遮盖）")


def show(db: Database, said: Knowledge, clock: Clock, month: str | None, words: bool) -> None:
    """Raises InvalidInput for a month that is none."""
    day = month_of(month) if month else today(clock)
    with db.transaction() as tx:
        found = score(tx, day, said.survey)
        written = list(remarks(tx, day)) if words else []
    for line in (*lines(found), *map(_remark, written)):
        print(line)


def month_of(text: str) -> date:
    """2026-11 or 2026/11: its first day."""
    try:
        return datetime.strptime(text.replace("/", "-"), "%Y-%m").date()
    except ValueError:
        raise InvalidInput(f"{text!r} is no month: write it like 2026-11") from None


def lines(found: Score) -> Iterator[str]:
    yield f"{found.month:%Y-%m} 满意度 {_shown(found.points)}，请客户评价 {found.asked} 次"
    if found.average is None:
        yield "  这个月还没有评价。"
    elif found.below:
        yield f"  低于 {found.mark} 分：要分析原因，提出改进措施。"
    else:
        yield f"  达到 {found.mark} 分。"
    yield from _part("各方面", found.by_dimension, {})
    yield from _part("按渠道", found.by_channel, CHANNELS)
    yield from _part("按对象", found.by_subject, SUBJECTS)


def _part(title: str, points: Mapping[str, Points], names: Mapping[str, str]) -> Iterator[str]:
    if points:
        yield f"【{title}】"
    yield from (f"  {names.get(name, name)} {_shown(one)}" for name, one in points.items())


def _shown(points: Points) -> str:
    average = "—" if points.average is None else f"{points.average:.1f}"
    return f"{average} 分，{points.count} 份评价"


def _remark(one: Remark) -> str:
    about = f"，投诉 {one.subject_id}" if one.subject_kind == "case" else ""
    words = " ".join(one.text.split())
    return f"意见 {one.at.astimezone(BEIJING):%Y-%m-%d %H:%M} 会话 {one.conversation_id}{about}：{words}"
