"""A store with the tickets' parts, and a customer's side of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support import settings

from bot.clock import BEIJING, FrozenClock
from bot.conversation import store as log
from bot.conversation.model import Act, Actor, Line, State, Understanding
from bot.db import metadata
from bot.desk.store import agents
from bot.knowledge import Knowledge
from bot.notices.store import notices
from bot.text.mask import mask
from bot.tickets import alerts, deadlines
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, Step
from bot.tickets.recusal import Officer
from bot.wiring import build

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
STORY = "昨天在城南支行办业务，柜员让我等了两个小时"
AGAIN = "上次说的事没人管，柜员让我等了两个小时"
PHONE = "13800138000"
RESULT = {"basics": "窗口开得少，排队久", "handling": "已道歉", "reasons": "叫号记录属实", "root_cause": "人手不足"}
RESULT["no_agreement"] = "三次联系不上客户"


def at(text: str) -> datetime:
    """A moment in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


class Desk:
    """Masks and keeps what customers type, as the conversation does."""

    def __init__(self, home: Path, url: str, knowledge: Knowledge, clock: FrozenClock, **env: str) -> None:
        self.house = build(settings(home, url, **env), clock, knowledge)
        self.db, self.vault, self.tickets = self.house.db, self.house.vault, self.house.tickets
        self.casework, self.asking, self.entering = self.house.casework, self.house.asking, self.house.entering
        self.clock = clock
        self.last: dict[str, int] = {}

    def officer(self, username: str, *roles: str) -> Officer:
        """A member of the staff; made where he is new."""
        with self.db.transaction() as tx:
            if username not in self.house.staff.names_in(tx):
                values = {"name": f"小前{username}", "password_hash": "-", "roles": list(roles), "limit": 3}
                tx.execute(agents.insert().values(username=username, presence="offline", **values))
        return Officer(username, f"小前{username}", roles)

    def act(self, number: str, name: str, officer: Officer | None = None, **values: Any) -> Case:
        """By a supervisor, where nobody is named."""
        officer = officer or self.officer("super", "supervisor", "head")
        return self.casework.act(officer, number, name, None, values)

    def at(self, text: str) -> None:
        self.clock.set(at(text))

    def tick(self, text: str = "") -> int:
        """The worker looks, at this moment."""
        if text:
            self.at(text)
        return self.casework.tick()

    def speaks(self, conversation: str, username: str) -> None:
        """An officer says something to the customer."""
        with self.db.transaction() as tx:
            log.append(
                tx, log.get(tx, conversation, lock=True), kind="message", actor=Actor("agent", f"小前{username}"),
                at=self.clock.now(), payload={"text": "您好", "internal": {"by": username}}, key=None,
            )  # fmt: skip

    def ends(self, conversation: str) -> None:
        """The chat is over: what is told after it goes another way."""
        with self.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, conversation), state=State.CLOSED, holder=None))

    def read(self, conversation: str) -> list[str]:
        """What the customer read in the chat, as ids of phrases, or the words where a person wrote them."""
        with self.db.transaction() as tx:
            events = [e for e in log.read(tx, conversation) if e.payload.get("text")]
        return [(e.payload.get("internal") or {}).get("phrase") or str(e.payload["text"]) for e in events]

    def sent(self) -> list[tuple[str, str]]:
        """What leaves by the port of notices: (kind, template)."""
        with self.db.transaction() as tx:
            rows = tx.execute(sa.select(notices).order_by(notices.c.made_at, notices.c.key)).all()
        return [(row.kind, row.template) for row in rows]

    def alerts(self, officer: Officer, kind: str = "") -> list[str]:
        """The texts that stand before an officer."""
        with self.db.transaction() as tx:
            return [row.text for row in alerts.page(tx, officer, self.clock.now())[0] if kind in ("", row.kind)]

    def given(self, number: str, kind: str) -> list[sa.engine.Row]:
        """All warnings of a kind about a case, whoever got them."""
        table = alerts.alerts
        statement = sa.select(table).where(table.c.number == number, table.c.kind == kind).order_by(table.c.id)
        with self.db.transaction() as tx:
            return tx.execute(statement).all()

    def tasks(self, number: str, kind: str = "") -> list[Deadline]:
        return [d for d in self.clocks(number) if d.task and d.open and kind in ("", d.kind)]

    def open_tasks(self) -> list[Deadline]:
        """All that can be begun now, of cases and without one."""
        with self.db.transaction() as tx:
            return list(deadlines.tasks(tx, deadlines.OPEN, self.clock.now()))

    def status(self, conversation: str, text: str, choice: str | None = None) -> list[Act]:
        """A message about a case; not kept in the log, so that nothing stands there as asked for."""
        seq = self.last[conversation] = self.last.get(conversation, 0) + 2
        return self.asking.answer(conversation, seq, text, choice)

    def history(self, number: str) -> list[tuple[str, str]]:
        return [(event.actor, event.action) for event in self.tickets.history(number)]

    def clocks(self, number: str) -> list[Deadline]:
        with self.db.transaction() as tx:
            return deadlines.of_case(tx, number)

    def clock_of(self, number: str, kind: str) -> Deadline:
        found = deadlines.last_of(self.clocks(number), kind)
        assert found is not None, kind
        return found

    def resolved(self, number: str, officer: Officer | None = None) -> Case:
        """All the way to the result, with the customer's agreement."""
        who = officer or self.officer("super", "supervisor", "head")
        for name in ("take", "investigate"):
            self.act(number, name, who)
        self.act(number, "respond", who, analysis="正在核实当天的排队记录")
        self.act(number, "propose", who, text="向您道歉，并安排优先办理")
        self.act(number, "agreed", who, agreed=True)
        return self.act(number, "resolve", who, **RESULT)

    def conversation(self, former_id: str | None = None) -> str:
        with self.db.transaction() as tx:
            made = log.create(tx, channel="web", at=self.clock.now(), large_type=False, former_id=former_id)
        return made.id

    def hear(self, conversation: str, text: str) -> tuple[int, str]:
        """A message arrives: its number, and its text without personal data."""
        seq = self.last[conversation] = self.last.get(conversation, 0) + 2
        masked = mask(text, names=True)
        with self.db.transaction() as tx:
            self.vault.keep(tx, conversation, seq, masked.found, self.clock.now())
        return seq, masked.text

    def say(self, conversation: str, text: str, understanding: Understanding | None = None) -> list[Act]:
        seq, masked = self.hear(conversation, text)
        return self.tickets.advance_draft(conversation, seq, masked, understanding)

    def press(self, conversation: str, choice: str) -> list[Act]:
        seq, _ = self.hear(conversation, choice)
        return self.tickets.advance_draft(conversation, seq, choice, choice=choice)

    def complain(self, conversation: str, story: str = STORY, phone: str = PHONE) -> str:
        """The whole form; gives the case's number."""
        self.say(conversation, "我要投诉")
        self.say(conversation, story)
        acts = self.say(conversation, phone)
        assert lines(acts) == ["complaint_confirm"]
        return number(self.press(conversation, "confirm"))

    def complain_again(self, conversation: str, story: str = AGAIN, phone: str = "不想留") -> list[Act]:
        """The form with the story in the first message; gives what is said to the confirmation."""
        self.say(conversation, f"我要投诉，{story}")
        draft = self.tickets.draft(conversation)
        if draft is not None and draft.step in (Step.REQUEST, Step.CONTACT):
            self.say(conversation, phone)
        return self.press(conversation, "confirm")

    def anywhere(self, *values: str) -> list[str]:
        """The tables in which one of these stands in the clear."""
        with self.db.transaction() as tx:
            rows = [(t.name, str(list(map(tuple, tx.execute(sa.select(t)))))) for t in metadata.sorted_tables]
        return [name for name, text in rows if any(value in text for value in values)]

    def count(self, table: sa.Table) -> int:
        with self.db.transaction() as tx:
            return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def filed(desk: Desk, moment: str, story: str = STORY) -> Case:
    """A complaint told in a chat at this moment."""
    desk.at(moment)
    return desk.tickets.case(desk.complain(desk.conversation(), story))


def lines(acts: list[Act]) -> list[str]:
    return [act.phrase for act in acts if isinstance(act, Line)]


def receipt(acts: list[Act]) -> Line:
    return next(act for act in acts if isinstance(act, Line) and act.phrase == "complaint_opened")


def number(acts: list[Act]) -> str:
    return receipt(acts).values["number"]
