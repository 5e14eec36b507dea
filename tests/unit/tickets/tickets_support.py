"""A store with the tickets' parts, and a customer's side of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.conversation import store as log
from bot.conversation.model import Act, Line, Understanding
from bot.db import Database, metadata
from bot.knowledge import Knowledge
from bot.privacy.vault import Vault
from bot.text.mask import mask
from bot.tickets.model import Step
from bot.tickets.service import Tickets

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
STORY = "昨天在城南支行办业务，柜员让我等了两个小时"
AGAIN = "上次说的事没人管，柜员让我等了两个小时"
PHONE = "13800138000"


class Desk:
    """Masks and keeps what customers type, as the conversation does."""

    def __init__(self, url: str, calendar: WorkCalendar, knowledge: Knowledge, clock: FrozenClock) -> None:
        self.db = Database(url)
        metadata.create_all(self.db.engine)
        self.clock = clock
        self.vault = Vault(b"k" * 32)
        self.tickets = Tickets(self.db, calendar, knowledge, self.vault, clock)
        self.last: dict[str, int] = {}

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
        if draft is not None and draft.step is Step.CONTACT:
            self.say(conversation, phone)
        return self.press(conversation, "confirm")

    def count(self, table: sa.Table) -> int:
        with self.db.transaction() as tx:
            return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def lines(acts: list[Act]) -> list[str]:
    return [act.phrase for act in acts if isinstance(act, Line)]


def receipt(acts: list[Act]) -> Line:
    return next(act for act in acts if isinstance(act, Line) and act.phrase == "complaint_opened")


def number(acts: list[Act]) -> str:
    return receipt(acts).values["number"]
