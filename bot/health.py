"""/healthz (the process answers), /readyz (it can serve customers), /metrics (what it is doing)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from bot.clock import rfc3339, today
from bot.conversation.incidents import Incident
from bot.conversation.store import conversations
from bot.conversation.turns import OPEN, turns
from bot.errors import QiantaiError
from bot.http import reply
from bot.knowledge import archive
from bot.migrate import is_current
from bot.nlu import embedding
from bot.wiring import House

CALENDAR_WARNING = timedelta(days=60)


def blueprint(house: House, assistant_alive: Callable[[], bool], registry: CollectorRegistry) -> Blueprint:
    """`registry`: what other parts count stands there already."""
    health = Blueprint("health")
    registry.register(_Figures(house))

    @health.get("/healthz")
    async def healthz(request: Request) -> HTTPResponse:
        return reply({"status": "ok"})

    @health.get("/readyz")
    async def readyz(request: Request) -> HTTPResponse:
        found = await asyncio.to_thread(readiness, house, assistant_alive())
        return reply(found, 200 if found["ready"] else 503)

    @health.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        body = await asyncio.to_thread(generate_latest, registry)
        return raw(body, content_type="text/plain; version=0.0.4; charset=utf-8")

    return health


def readiness(house: House, assistant_alive: bool) -> dict[str, Any]:
    """What works, and what somebody should look after soon. Without the assistant customers still reach a person."""
    problems, warnings = [], []
    try:
        if is_current(house.db):
            warnings += [_stopped(stop) for stop in house.desk.stops()]
            warnings += _changed(house)
        else:
            problems.append("database: not migrated")
    except (sa.exc.SQLAlchemyError, QiantaiError):
        problems.append("database: not reachable")
    if not assistant_alive:
        warnings.append("assistant: not answering, customers go to a person")
    if (why := embedding.trouble()) is not None:
        warnings.append(f"understanding: the sentence embedding does not work, more is asked back: {why}")
    day = today(house.clock)
    ends = house.calendar.last_complete_day(day)
    if ends is None or ends - day <= CALENDAR_WARNING:
        warnings.append(f"calendar: known until {ends}; add the next year to knowledge/calendar.yml")
    if house.knowledge.bank.sample:
        warnings.append("knowledge: sample data of the demonstration bank")
    reloads = house.reloads
    if reloads.problems:  # customers are served all the same, by the last good state
        warnings.append(
            f"knowledge: the last reload was refused, {len(reloads.problems)} problems: {reloads.problems[0]}"
        )
    said = {"digest": house.knowledge.digest[:12], "loaded_at": rfc3339(reloads.loaded_at)}
    return {"ready": not problems, "problems": problems, "warnings": warnings, "knowledge": said}


def _stopped(stop: Incident) -> str:
    until = f" until {rfc3339(stop.until)}" if stop.until else ""
    return f"stopped: {stop.name} since {rfc3339(stop.started_at)}{until} by {stop.started_by}: {stop.why}"


def _changed(house: House) -> list[str]:
    with house.db.transaction() as tx:
        return [f"knowledge: {one}" for one in archive.changed(tx, house.knowledge)]


class _Figures:
    """Read from the database at each scrape: the same numbers whichever process answers."""

    def __init__(self, house: House) -> None:
        self.house = house

    def collect(self) -> list[GaugeMetricFamily]:
        held = GaugeMetricFamily("qiantai_conversations", "Conversations by state", labels=["state"])
        waiting = GaugeMetricFamily("qiantai_turns_open", "Customer messages that wait for the assistant")
        ready = GaugeMetricFamily("qiantai_agents_ready", "Agents who can take a conversation")
        with self.house.db.transaction() as tx:
            rows = tx.execute(sa.select(conversations.c.state, sa.func.count()).group_by(conversations.c.state))
            for state, count in rows:
                held.add_metric([state], count)
            open_turns = sa.select(sa.func.count()).select_from(turns).where(turns.c.state.in_(OPEN))
            waiting.add_metric([], tx.execute(open_turns).scalar_one())
            ready.add_metric([], len(self.house.staff.ready(tx, self.house.clock.now())))
        return [held, waiting, ready]
