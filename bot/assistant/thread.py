"""A thread of its own with an event loop of its own, because a Rasa turn blocks the loop it runs on.

Turns wait in one queue and run one after another. A turn that misses its deadline is given up: its late output is
dropped, and where it is the one that hangs, a fresh thread takes over the queue.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue

from bot.assistant.errors import TurnFailed, TurnTimeout
from bot.conversation.model import TurnInput, TurnOutput

log = logging.getLogger(__name__)

HANGING_LIMIT = 4  # so many threads may hang before we call ourselves ill


@dataclass(eq=False)
class Job:
    turn: TurnInput
    future: Future[TurnOutput] = field(default_factory=Future)
    given_up: threading.Event = field(default_factory=threading.Event)
    context: Context = field(default_factory=copy_context)  # of who asks: what is held for the turn is held here too


current: ContextVar[Job | None] = ContextVar("current", default=None)


def given_up() -> bool:
    """Asked from inside a turn: has nobody waited long enough for it? Then it must leave no trace."""
    job = current.get()
    return job is not None and job.given_up.is_set()


Take = Callable[[TurnInput], Awaitable[TurnOutput]]


class TurnThreads:
    def __init__(self, take: Take) -> None:
        self._take = take
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._hanging: list[_Worker] = []

    def start(self) -> None:
        with self._lock:
            self._worker = _Worker(self._queue, self._take)
            self._worker.start()

    def stop(self, wait_s: float = 3.0) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            self._queue.put(None)
            worker.join(wait_s)

    def alive(self) -> bool:
        with self._lock:
            self._hanging = [worker for worker in self._hanging if worker.is_alive()]
            running = self._worker is not None and self._worker.is_alive()
            return running and len(self._hanging) < HANGING_LIMIT

    async def run(self, turn: TurnInput, deadline_s: float) -> TurnOutput:
        """Raises TurnTimeout when the deadline passes, TurnFailed for anything else."""
        if not self.alive():
            raise TurnFailed("the assistant is not running")
        job = Job(turn)
        self._queue.put(job)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job.future), deadline_s)
        except asyncio.TimeoutError:
            self._give_up(job)
            raise TurnTimeout() from None
        except asyncio.CancelledError:
            self._give_up(job)
            raise

    def _give_up(self, job: Job) -> None:
        job.given_up.set()
        with self._lock:
            worker = self._worker
            if worker is None or worker.job is not job:
                return  # it was still waiting, or came to its end just now
            log.warning("turn %s of %s hangs; a fresh thread goes on", job.turn.seq, job.turn.conversation_id)
            worker.retired = True
            self._hanging.append(worker)
            self._worker = _Worker(self._queue, self._take)
            self._worker.start()


class _Worker(threading.Thread):
    def __init__(self, queue: SimpleQueue[Job | None], take: Take) -> None:
        super().__init__(name="assistant", daemon=True)
        self._queue = queue
        self._take = take
        self.job: Job | None = None
        self.retired = False

    def run(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            while not self.retired:
                job = self._queue.get()
                if job is None:
                    return
                self._work(loop, job)
        finally:
            loop.close()

    def _work(self, loop: asyncio.AbstractEventLoop, job: Job) -> None:
        if job.given_up.is_set():
            return
        self.job = job
        try:
            output = job.context.run(loop.run_until_complete, self._turn(job))
            outcome: TurnOutput | BaseException = output
        except BaseException as error:
            outcome = error
        self.job = None
        settle(job.future, outcome)

    async def _turn(self, job: Job) -> TurnOutput:
        current.set(job)
        return await self._take(job.turn)


def settle(future: Future[TurnOutput], outcome: TurnOutput | BaseException) -> None:
    """Late outcomes meet a future that was cancelled, and vanish."""
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(outcome, TurnOutput):
        future.set_result(outcome)
    elif isinstance(outcome, TurnFailed):
        future.set_exception(outcome)
    else:
        failed = TurnFailed()
        failed.__cause__ = outcome
        future.set_exception(failed)
