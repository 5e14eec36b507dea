"""The server: one Sanic app with the chat, the desk and the pages, the assistant's turns and the worker beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from prometheus_client import CollectorRegistry
from sanic import Sanic

from bot import health, pages
from bot.channels import survey, systems, web
from bot.channels.links import Links
from bot.channels.wechat import api as wechat
from bot.channels.wechat.bridge import Bridge, connect
from bot.channels.wechat.delivery import DeliveryLoop
from bot.console import api as console
from bot.console import cases, openapi, people, tasks, tools, wall
from bot.desk.wall import Wall
from bot.errors import StoreUnavailable
from bot.http import allow_origins, install
from bot.ratelimit import RateLimiter
from bot.turns import TurnRunner, TurnTaker
from bot.wiring import House
from bot.worker import Worker

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
STOP_S = 3.0
THREADS = 16


class Assistant(TurnTaker, Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...

    def alive(self) -> bool: ...


def create_app(house: House, assistant: Assistant, name: str = "qiantai") -> Sanic:
    """The whole server, not started. Its turns and its worker run between server start and stop."""
    settings = house.settings
    app = Sanic(name, configure_logging=False)
    app.config.update(
        {
            "REQUEST_MAX_SIZE": MAX_BODY,
            "RESPONSE_TIMEOUT": 60,
            "KEEP_ALIVE_TIMEOUT": 30,
            "GRACEFUL_SHUTDOWN_TIMEOUT": STOP_S,
            "ACCESS_LOG": False,
            "FALLBACK_ERROR_FORMAT": "text",
            "PROXIES_COUNT": settings.trusted_proxies or None,
        }
    )
    # in development the demonstration page also stands on a second origin, to show the widget in a foreign site
    install(app, house.knowledge, connect_sources=[first_origin(house)] if settings.second_port else [])
    allow_origins(app, "/api/chat/", lambda: widget_origins(house))
    limiter = RateLimiter(house.clock)
    visitors = web.Visitors(settings.secret_key)
    links = Links(settings.secret_key, settings.web_chat)
    registry = CollectorRegistry()
    bridge = connect(house)
    app.blueprint(web.blueprint(house.conversations, visitors, links, limiter, house.wakeups))
    if bridge is not None:
        app.blueprint(wechat.blueprint(bridge, registry))
    app.blueprint(
        console.blueprint(
            house.desk,
            house.staff,
            limiter,
            house.wakeups,
            secure_cookie=not settings.development,
            media=bridge.media if bridge is not None else None,
        )
    )
    worked = cases.Cases(house.entering, house.files, house.staff)
    app.blueprint(cases.blueprint(worked, house.staff))
    kept = tasks.Tasks(worked)
    app.blueprint(tasks.blueprint(kept, house.staff))
    app.blueprint(survey.blueprint(house.casework.surveying, limiter))
    app.blueprint(tools.blueprint(house.desk, house.staff, limiter, kept))
    app.blueprint(people.blueprint(house.people, limiter))
    app.blueprint(wall.blueprint(Wall(house.desk.views), house.staff))
    app.blueprint(openapi.blueprint(systems=bool(settings.intake_tokens)))
    if settings.intake_tokens:
        app.blueprint(systems.blueprint(house.entering, settings.intake_tokens, limiter))
    app.blueprint(health.blueprint(house, assistant.alive, registry))
    app.blueprint(pages.blueprint(pages.load(settings.pages)))
    _run_beside(app, house, assistant, bridge)
    return app


def first_origin(house: House) -> str:
    return f"http://{house.settings.host}:{house.settings.port}"


def widget_origins(house: House) -> Iterable[str]:
    settings = house.settings
    second = [f"http://{settings.host}:{settings.second_port}"] if settings.second_port else []
    return (*settings.widget_origins, *second)


def _run_beside(app: Sanic, house: House, assistant: Assistant, bridge: Bridge | None) -> None:
    runner = TurnRunner(house.conversations, assistant, house.wakeups, house.settings.turn_deadline_s)
    worker = Worker(house.wakeups, house.conversations.tick, house.desk.tick, house.casework.tick)
    outside = Worker(house.wakeups, house.notices.tick)  # a gateway that hangs must not stop the clocks of the desk
    reloader = Worker(house.wakeups, house.reloads.tick)  # reading the folder takes a moment
    parts: list[TurnRunner | Worker | DeliveryLoop] = [runner, worker, outside, reloader]
    if bridge is not None:
        parts += [Worker(house.wakeups, bridge.fallback.tick), bridge.delivery]
    tasks: list[asyncio.Task[Any]] = []

    async def start(_app: Sanic, _loop: object) -> None:
        # one slow query must not make the others wait; the store's pool has as many connections
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="store"))
        tasks.extend(asyncio.create_task(part.run()) for part in parts)
        for task in tasks:
            task.add_done_callback(_ended)

    async def stop(_app: Sanic, _loop: object) -> None:
        house.wakeups.close()  # ends the event streams, which would hold the server up
        await asyncio.wait(tasks, timeout=STOP_S)
        for task in tasks:
            task.cancel()
        if bridge is not None:
            await bridge.close()

    async def stopped(_app: Sanic, _loop: object) -> None:
        assistant.stop()
        try:
            await asyncio.to_thread(house.reloads.leave)
        except StoreUnavailable:
            log.warning("the database is not there to be told that this process ends")
        house.db.dispose()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")
    app.register_listener(stopped, "after_server_stop")


def _ended(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("a part of the server ended", exc_info=task.exception())
