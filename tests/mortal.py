"""A server that can be killed in the middle of a turn: run as a process of its own by tests/integration/test_crash.py.

Arguments: the moment at which its clock stands, the port, and what it does with a turn:
"live" answers, "block:TEXT" never comes back from the turn of this text or choice, "die-after:TEXT" ends the process
when the complaint form has done its part of that turn and the turn has not ended.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime

from desk import complaining

from bot.app import create_app
from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Answer, TurnInput, TurnOutput
from bot.settings import from_env
from bot.wiring import House, build

COMPLAINT = "我要投诉"


def tell(word: str) -> None:
    print(word, flush=True)


class Mortal:
    """Answers like an assistant with the real complaint form, until it is to stop in the middle."""

    def __init__(self, house: House, plan: str) -> None:
        self.house = house
        self.plan = plan

    async def __call__(self, turn: TurnInput) -> TurnOutput:
        said = turn.choice or turn.text
        if self.plan == f"block:{said}":
            tell("in the turn")
            await asyncio.Event().wait()
        if turn.flow is None and turn.choice is None and turn.text != COMPLAINT:
            return understood("branch_hours", Answer("branch_hours"))
        output = complaining(self.house, turn)
        if self.plan == f"die-after:{said}":
            os._exit(9)
        return output


def main(moment: str, port: str, plan: str) -> None:
    house = build(from_env(), FrozenClock(datetime.fromisoformat(moment)))
    assistant = FakeAssistant(otherwise=Mortal(house, plan))
    assistant.start()
    app = create_app(house, assistant, name="mortal")

    async def ready(*_: object) -> None:
        tell("ready")

    app.register_listener(ready, "after_server_start")
    app.run("127.0.0.1", int(port), access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
