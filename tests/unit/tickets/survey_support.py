"""A case that has ended, and its customer who opens the link to its survey."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from tickets_support import PHONE, STORY, Desk

from bot.conversation.survey import store as surveyed
from bot.conversation.survey.store import Asked
from bot.notices.store import notices
from bot.tickets.deadlines import Deadline
from bot.tickets.entering import Entry
from bot.tickets.surveying import TEMPLATE

PAGE = "https://chat.bank.example"
BY_PHONE = Entry(STORY, "phone", contact=PHONE)
VISITED = {"satisfaction": "一般", "continuity": "没有再出现", "suggestions": "无"}


def closed(desk: Desk, entry: Entry = BY_PHONE) -> str:
    """Entered by a supervisor and worked on to its end."""
    boss = desk.officer("super", "supervisor", "head")
    number = desk.entering.enter(entry, "key-0001", boss).case.number
    desk.resolved(number, boss)
    for task in desk.tasks(number, "tell"):  # where no other way is left
        with desk.db.transaction() as tx:
            desk.casework.aftercare.done(tx, task, boss, desk.clock.now(), "已告知")
    desk.act(number, "close")
    return number


def texts(desk: Desk) -> list[str]:
    """What customers are sent about their survey."""
    with desk.db.transaction() as tx:
        rows = tx.execute(sa.select(notices.c.text).where(notices.c.template == TEMPLATE))
        return [row.text for row in rows]


def token(desk: Desk) -> str:
    (text,) = texts(desk)
    (link,) = [line for line in text.splitlines() if line.startswith(PAGE)]
    return link.removeprefix(f"{PAGE}/survey/")


def page(desk: Desk) -> dict[str, Any]:
    return desk.casework.surveying.page(token(desk))


def answers(desk: Desk, question: str, choice: str | None = None, text: str | None = None) -> dict[str, Any]:
    return desk.casework.surveying.answer(token(desk), question, choice, text)


def to_the_words(desk: Desk, grade: str = "rate_3") -> dict[str, Any]:
    answers(desk, "grade", grade)
    answers(desk, "solved", "rate_solved_3")
    answers(desk, "attitude", "rate_attitude_3")
    return answers(desk, "efficiency", "rate_skip_efficiency")


def rows(desk: Desk, number: str) -> dict[str, Asked]:
    with desk.db.transaction() as tx:
        return {one.question: one for one in surveyed.of_subject(tx, "", number)}


def events(desk: Desk, number: str, action: str) -> list[dict[str, Any]]:
    return [dict(e.detail) for e in desk.tickets.history(number) if e.action == action]


def raised(desk: Desk, number: str) -> list[Deadline]:
    return desk.tasks(number, "points")


def link_of(desk: Desk) -> str:
    """The conversation of the link."""
    return desk.casework.surveying.links.conversation(token(desk))


def visited(desk: Desk, number: str) -> None:
    desk.at("2026-11-26T10:00")
    boss = desk.officer("super", "supervisor", "head")
    (task,) = desk.tasks(number, "visit")
    with desk.db.transaction() as tx:
        desk.casework.aftercare.done(tx, task, boss, desk.clock.now(), "", VISITED)
