"""What tests share: a whole house on a database of its own, a clock that stands still, a customer who talks."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

from argon2 import PasswordHasher

from bot.assistant.fake import FakeAssistant
from bot.clock import BEIJING, FrozenClock
from bot.conversation import store
from bot.conversation.model import Conversation, Event, State
from bot.desk import passwords
from bot.knowledge import Knowledge
from bot.migrate import upgrade
from bot.settings import Settings, from_env
from bot.turns import TurnRunner
from bot.wiring import House, build

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=BEIJING)
NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=BEIJING)


def quick_passwords() -> None:
    """From now on this process hashes them at next to no cost."""
    passwords.PasswordHasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)


def settings(home: Path, database_url: str | None = None, **env: str) -> Settings:
    given = {"QIANTAI_HOME": str(home), "QIANTAI_EMBEDDING": "none", **env}
    if database_url:
        given["QIANTAI_DATABASE_URL"] = database_url
    return from_env(given)


def make_house(
    home: Path,
    said: Knowledge,
    clock: FrozenClock,
    database_url: str | None = None,
    migrated: Path | None = None,
    **env: str,
) -> House:
    """A house in the folder `home`. With `migrated`, a ready SQLite file, it makes no migrations: it starts from that
    file, or with the store at `database_url`, which is ready too."""
    if migrated is not None and database_url is None:
        copyfile(migrated, home / "qiantai.db")
    house = build(settings(home, database_url, **env), clock, said)
    if migrated is None:
        upgrade(house.db)
    return house


class Chat:
    """One customer. `says` and `presses` return when the assistant has answered."""

    def __init__(self, house: House, assistant: FakeAssistant, *, large_type: bool = False, former: str | None = None):
        self.house = house
        self.assistant = assistant
        self.id = house.conversations.start("web", large_type=large_type, former_id=former).id
        self._keys = 0

    def says(self, text: str) -> Event:
        self.sends(text)
        self.answer()
        return self.last

    def presses(self, choice: str) -> Event:
        self.sends(choice=choice)
        self.answer()
        return self.last

    def sends(self, text: str | None = None, choice: str | None = None, key: str | None = None) -> int:
        """Send without waiting for an answer."""
        self._keys += 1
        return self.house.conversations.receive(self.id, key or f"key-{self._keys:08}", text=text, choice=choice)

    def answer(self) -> None:
        runner = TurnRunner(self.house.conversations, self.assistant, self.house.wakeups, 10.0, in_thread=_directly)
        asyncio.run(runner.take_turns(self.id))

    def waits(self, seconds: float) -> None:
        """Time passes and the worker looks."""
        self.house.clock.advance(seconds)
        self.house.conversations.tick()
        self.house.desk.tick()

    @property
    def conversation(self) -> Conversation:
        return self.house.conversations.snapshot(self.id).conversation

    @property
    def state(self) -> State:
        return self.conversation.state

    @property
    def events(self) -> list[Event]:
        with self.house.db.transaction() as tx:
            return store.read(tx, self.id)

    @property
    def last(self) -> Event:
        """The last thing that was said to the customer."""
        return [event for event in self.events if event.actor.kind != "customer"][-1]

    def said(self, script: str) -> list[Event]:
        return [event for event in self.events if (event.payload.get("script") or {}).get("id") == script]

    def phrases(self) -> list[str]:
        found = [(event.payload.get("internal") or {}).get("phrase") for event in self.events]
        return [phrase for phrase in found if phrase]

    def choices(self, event: Event | None = None) -> list[str]:
        return [choice["id"] for choice in (event or self.last).payload.get("choices") or ()]


async def _directly(function: Any, *arguments: Any) -> Any:
    return function(*arguments)
