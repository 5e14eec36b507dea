"""The assistant as the rest of the product knows it. Loads Rasa when it is started, not when it is imported."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from actions.services import Services
from bot.assistant.errors import TurnFailed
from bot.assistant.thread import TurnThreads
from bot.conversation.model import TurnInput, TurnOutput
from bot.db import Database
from bot.nlu import environment, models

log = logging.getLogger(__name__)


class Assistant:
    """`model` is a model file, or the folder that training keeps its models in.

    `services` needs knowledge, tickets and clock; `db` holds Rasa's memory.
    """

    def __init__(self, model: Path, services: Services, db: Database) -> None:
        self._path = model
        self._services = services
        self._db = db
        self._threads: TurnThreads | None = None
        self.model = ""

    def start(self) -> None:
        """Loads and warms up; takes seconds. Raises ConfigurationError where there is no model."""
        started = time.monotonic()
        path = models.resolve(self._path)
        environment.prepare()
        with environment.quietly():
            from bot.assistant.engine import Engine

            engine = Engine(path, self._services, self._db)
        with ThreadPoolExecutor(1) as elsewhere:  # the caller's thread may have a running loop
            elsewhere.submit(asyncio.run, engine.warm_up()).result()
        self.model = engine.model
        self._threads = TurnThreads(engine.take)
        self._threads.start()
        log.info("assistant ready with %s after %.1f s", engine.model, time.monotonic() - started)

    def stop(self) -> None:
        if self._threads is not None:
            self._threads.stop()
            self._threads = None

    def alive(self) -> bool:
        return self._threads is not None and self._threads.alive()

    async def handle(self, turn: TurnInput, deadline_s: float = 10.0) -> TurnOutput:
        """One turn. Raises TurnTimeout after `deadline_s`, TurnFailed for anything else that goes wrong."""
        if self._threads is None:
            raise TurnFailed("the assistant was not started")
        try:
            return await self._threads.run(turn, deadline_s)
        except TurnFailed as failed:
            log.warning(
                "turn %s of %s: %s, because of %s",
                turn.seq,
                turn.conversation_id,
                failed.type,
                " < ".join(_kinds(failed)),
            )
            raise


def _kinds(failed: BaseException) -> Sequence[str]:
    """The chain of causes by kind and place only: messages may hold what a customer wrote."""
    kinds, error = [], failed.__cause__
    while error is not None:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
        kinds.append(f"{type(error).__name__}{place}")
        error = error.__cause__
    return kinds or [type(failed).__name__]
