"""The product with its real pages and a fake assistant, as a process of its own: for the desk in a browser.

It is noon on a Sunday when it first starts, and time goes on from there, also while it is down. Run as
`python staged.py PORT STARTED`, where STARTED is the second of the first start, as `time.time()` counts.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import httpx
from running import PASSWORD
from support import SUNDAY_NOON, quick_passwords

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
PAGES = ROOT / "web" / "dist"
ASKED = ("房贷利率现在是多少", "房贷的利率多少", "房贷利率多少啊", "请问房贷利率是多少")
AGENTS = tuple((f"agent{n}", f"客服00{n}", ()) for n in range(1, 10))
LEAD = ("super1", "主管S01", ("supervisor", "quality", "head"))
ADMIN = ("admin1", "管理员A01", ("admin",))


class Staged:
    """A server that can be killed and started again. Whoever talks to it uses `url`."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.home = home
        self.url = f"http://127.0.0.1:{self.port}"
        self._began = time.time()
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError when it ends instead."""
        self._log = (self.home / "server.log").open("a")
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(self.port), str(self._began)],
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT}:{TESTS}",
                "QIANTAI_HOME": str(self.home),
                "QIANTAI_PAGES": str(PAGES),
                "QIANTAI_EMBEDDING": "none",
                "PORT": str(self.port),
            },
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        for line in self._process.stdout or ():
            if line.strip() == "ready":
                return
        raise RuntimeError("the server ended:\n" + (self.home / "server.log").read_text()[-3000:])

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process:
            self._process.kill()
            self._process.wait(30)
        if self._log:
            self._log.close()

    def customer(self, *texts: str) -> Customer:
        """Somebody in the chat who has said this, and has been answered."""
        made = httpx.post(f"{self.url}/api/chat/conversations", json={"channel_context": {}}, timeout=30)
        came = made.raise_for_status().json()
        customer = Customer(self.url, came["conversation_id"], came["token"])
        for text in texts:
            customer.asks(text)
        return customer


class Customer:
    """One customer over HTTP."""

    def __init__(self, url: str, conversation_id: str, token: str) -> None:
        self.id = conversation_id
        self._http = httpx.Client(base_url=f"{url}/api/chat", headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self._sent = 0

    def says(self, text: str) -> int:
        """The number of what was said."""
        self._sent += 1
        key = f"staged-{self._sent:06}"
        answer = self._http.post("/messages", json={"text": text}, headers={"Idempotency-Key": key})
        return int(answer.raise_for_status().json()["seq"])

    def asks(self, text: str) -> None:
        """Says it, and waits for an answer."""
        seq = self.says(text)
        self.waits(lambda events: any(one["seq"] > seq and one["actor"]["kind"] != "customer" for one in events))

    def waits(self, such: Callable[[list[dict]], bool]) -> list[dict]:
        """All events, as soon as they are such. Fails when they are not after ten looks of two seconds."""
        for _ in range(10):
            events = self.events()
            if such(events):
                return events
            self.events(after=events[-1]["seq"], wait=2)
        raise AssertionError(f"it did not come: {self.events()}")

    def events(self, after: int = 0, wait: int = 0) -> list[dict]:
        got = self._http.get("/events", params={"after": after, "wait": wait}, headers={"Accept": "application/json"})
        return list(got.raise_for_status().json()["events"])

    def said_by_agents(self) -> list[str]:
        return [one["text"] for one in self.events() if one["actor"]["kind"] == "agent" and one["kind"] == "message"]


def main(port: str, began: str) -> None:
    from bot.app import create_app
    from bot.assistant.fake import FakeAssistant, understood
    from bot.conversation.model import Answer, Handover
    from bot.migrate import upgrade
    from bot.settings import from_env
    from bot.wiring import build

    class Going:
        """Time goes on from the moment of the first start."""

        def now(self) -> datetime:
            return SUNDAY_NOON.astimezone() + timedelta(seconds=time.time() - float(began))

    quick_passwords()
    house = build(from_env(), Going())
    upgrade(house.db)
    for username, name, roles in (*AGENTS, LEAD, ADMIN):
        house.staff.put(username, name, PASSWORD, roles)
    rate = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
    assistant = FakeAssistant(
        {**dict.fromkeys(ASKED, rate), "转人工": understood("human_agent", Handover("asked"))},
        otherwise=understood("branch_hours", Answer("branch_hours")),
    )
    assistant.start()
    app = create_app(house, assistant, name="staged")

    async def ready(*_: object) -> None:
        print("ready", flush=True)

    app.register_listener(ready, "after_server_start")
    app.run("127.0.0.1", int(port), access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
