"""Where a complaint is played from the chat to the last confirmation: the product, on a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from desk import PASSWORD, talking
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import BEIJING, FrozenClock
from bot.conversation import store as log
from bot.notices.store import notices
from bot.tickets import deadlines, store
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, spoken
from bot.tickets.recusal import Officer
from bot.tickets.tables import alerts
from bot.wiring import House

LOOK_EVERY = timedelta(hours=1)  # and whenever a clock wants it; the worker does every second
WAYS = {"sms": "短信", "mail": "邮件"}
ROLES = {"owner": "负责人", "supervisor": "主管", "head": "客服负责人", "quality": "质检", "agent": "坐席"}


class Unmet(Exception):
    """Something was otherwise than the play says."""


def expect(such: bool, otherwise: str) -> None:
    if not such:
        raise Unmet(otherwise)


@dataclass
class Stage:
    house: House
    clock: FrozenClock
    say: Callable[[str], None]
    chat: Chat | None = None
    number: str = ""
    _read: dict[str, int] = field(default_factory=dict)  # conversation -> the last event that was shown
    _shown: set[tuple[str, int | str]] = field(default_factory=set)
    _day: str = ""

    # who does what

    def officer(self, username: str, name: str, *roles: str) -> Officer:
        self.house.staff.put(username, name, PASSWORD, roles)
        return Officer(username, name, roles)

    def comes(self) -> None:
        """The customer opens the chat; whoever was here before is known again."""
        former = self.chat.id if self.chat else None
        assistant = FakeAssistant(otherwise=lambda turn: talking(self.house, turn))
        self.chat = Chat(self.house, assistant, former=former)
        self.look()

    def writes(self, text: str) -> str:
        assert self.chat is not None
        self.line("客户", text)
        self.chat.says(text)
        self.look()
        return str(self.chat.last.payload["text"])

    def presses(self, choice: str) -> str:
        assert self.chat is not None
        labels = {one["id"]: one["label"] for one in self.chat.last.payload.get("choices") or ()}
        expect(choice in labels, f"没有按钮 {choice}")
        self.line("客户", f"点“{labels[choice]}”")
        self.chat.presses(choice)
        self.look()
        return str(self.chat.last.payload["text"])

    def acts(self, officer: Officer, what: str, name: str, **values: Any) -> Case:
        self.line(officer.name, what)
        case = self.house.casework.act(officer, self.number, name, None, values)
        self.look()
        return case

    def finishes(self, officer: Officer, kind: str, note: str, **answers: Any) -> None:
        """A task on the list."""
        task = self.task(kind)
        self.line(officer.name, f"任务“{self.label(kind)}”：{note}")
        with self.house.db.transaction() as tx:
            self.house.casework.aftercare.done(tx, task, officer, self.clock.now(), note, answers or None)
        self.look()

    # time

    def until(self, moment: str) -> None:
        """Time passes; what falls due in it falls due."""
        end = datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
        while self.clock.now() < end:
            wanted = [one.next_at for one in self.clocks() if one.next_at and one.next_at > self.clock.now()]
            self.clock.set(min(self.clock.now() + LOOK_EVERY, end, *wanted))
            self.house.conversations.tick()
            self.house.casework.tick()
            self.house.notices.tick()
            self.look()

    # what is to be seen

    @property
    def case(self) -> Case:
        return self.house.tickets.case(self.number)

    def clocks(self) -> list[Deadline]:
        with self.house.db.transaction() as tx:
            return deadlines.of_case(tx, self.number)

    def clock_of(self, kind: str) -> Deadline:
        found = deadlines.last_of(self.clocks(), kind)
        expect(found is not None, f"没有时限 {kind}")
        assert found is not None
        return found

    def task(self, kind: str) -> Deadline:
        found = self.clock_of(kind)
        expect(found.task and found.open, f"没有待办的任务 {kind}")
        return found

    def label(self, kind: str) -> str:
        return self.house.knowledge.complaints.clock(kind).label

    def line(self, who: str, text: str) -> None:
        now = self.clock.now().astimezone(BEIJING)
        day = f"{now:%m月%d日} 周{'一二三四五六日'[now.weekday()]}"
        if day != self._day:
            self.say(f"\n【{day}】")
            self._day = day
        first, *rest = text.strip().split("\n")
        self.say(f"{now:%H:%M}  {who}：{first}")
        for more in rest:
            self.say(f"{'':7}{more}")

    def look(self) -> None:
        """Tells what has come since the last look: read by the customer, sent to him, warned of, to be done."""
        self._chat()
        self._notices()
        self._warnings()
        if self.number:
            for task in self.clocks():
                if task.task and self._new("task", task.key):
                    opens = f"，{spoken(task.opens_at)}起" if task.opens_at > task.starts_at else ""
                    self.line("待办", f"{self.label(task.kind)}{opens}，{spoken(task.due_at)}前")

    def _chat(self) -> None:
        if self.chat is None:
            return
        with self.house.db.transaction() as tx:
            events = log.read(tx, self.chat.id, self._read.get(self.chat.id, 0))
        for event in events:
            self._read[self.chat.id] = event.seq
            if event.actor.kind != "customer" and event.payload.get("text"):
                buttons = " ".join(f"[{one['label']}]" for one in event.payload.get("choices") or ())
                self.line("客户看到", f"{event.payload['text']}\n{buttons}")

    def _notices(self) -> None:
        with self.house.db.transaction() as tx:
            rows = tx.execute(sa.select(notices).order_by(notices.c.made_at)).all()
        for row in rows:
            if self._new("notice", row.id):
                self.line(f"客户收到{WAYS.get(row.kind, row.kind)}", row.text)

    def _warnings(self) -> None:
        with self.house.db.transaction() as tx:
            rows = tx.execute(sa.select(alerts).order_by(alerts.c.id)).all()
            names = self.house.staff.names_in(tx)
        for row in rows:
            if self._new("alert", row.id):
                to = names.get(row.person or "", ROLES.get(row.role, row.role))
                self.line("超时" if row.kind == "breach" else "提醒", f"{row.text}（→{to}）")

    def _new(self, kind: str, id_: int | str) -> bool:
        seen, key = (kind, id_) in self._shown, (kind, id_)
        self._shown.add(key)
        return not seen

    def summary(self) -> None:
        """Every clock of the case, as it ended."""
        self.say("\n── 全部时限")
        for clock in self.clocks():
            done = spoken(clock.done_at) if clock.done_at else "—"
            mark, came = ("✘", "超时") if clock.breached_at else ("✔", "按时")
            self.say(f"{mark} {self.label(clock.kind)}  应在{spoken(clock.due_at)}前  {done}  {came}")
        with self.house.db.transaction() as tx:
            self.say(f"\n{self.number}：{len(store.events_of(tx, self.number))} 条记录，一条不少")
