"""The whole API, as it describes itself, with whatever fits its description and whatever does not: no answer is a
server's error, and every refusal is a problem document. By everybody who might call it.

A few examples for each operation in `make test`, many in `make test-full`.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from desk import PASSWORD, at_desk
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.openapi import from_dict
from server import Server, Visitor, served

from bot.assistant.fake import FakeAssistant
from bot.console.openapi import PATH
from bot.wiring import House

EXAMPLES = 60 if os.environ.get("QIANTAI_TEST_EXAMPLES") == "more" else 3
TOKEN = "crm-token-of-24-characters"
APART = {
    ("GET", "/api/desk/events"),  # never ends
    ("DELETE", "/api/desk/session"),  # would end what we try with
}
ROLES = {"agent": (), "supervisor": ("supervisor", "quality", "head", "complaints"), "admin": ("admin",)}


@dataclass
class Caller:
    """Somebody who calls, with the names of things that are there."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)


async def caller(server: Server, who: str, visitor: Visitor, number: str) -> Caller:
    known = {"conversation_id": visitor.conversation_id, "number": number, "username": "anna", "seq": 1, "id_": 1}
    if who == "stranger":
        return Caller(known=known)
    if who == "customer":
        return Caller({"Authorization": f"Bearer {visitor.token}"}, known=known)
    if who == "system":
        return Caller({"Authorization": f"Bearer {TOKEN}"}, known=known)
    async with at_desk(server, "fuzz", "ready", *ROLES[who]) as desk:
        if who != "admin":
            server.house.desk.tick()
            await desk.claims(visitor)
        return Caller({"X-CSRF-Token": desk.token}, dict(desk.client.cookies), known)


def call(server: Server, by: Caller, case: Case, real: bool) -> None:
    server.house.clock.advance(20)
    if real:
        case.path_parameters = {
            **case.path_parameters,
            **{k: by.known[k] for k in case.path_parameters if k in by.known},
        }
    if "wait" in (case.query or {}):
        case.query = {**case.query, "wait": 0}
    answer = case.call(base_url=server.url, headers=by.headers, cookies=by.cookies, timeout=15)
    told = f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:400]}"
    assert answer.status_code < 500, told
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0].startswith("application/problem+json"), told
        body = answer.json()
        assert body["status"] == answer.status_code and body["type"] and body["title"] and body["detail"], told


def tried(server: Server, by: Caller, document: dict[str, Any]) -> list[str]:
    """What goes wrong, operation by operation."""
    each = [found.ok() for found in from_dict(document).get_all_operations()]
    fuzzed = [one for one in each if (one.method.upper(), one.path) not in APART]
    assert len(fuzzed) > 80
    return [wrong for operation in fuzzed if (wrong := what_goes_wrong(server, by, operation))]


def what_goes_wrong(server: Server, by: Caller, operation: APIOperation) -> str | None:
    number = count()

    @seed(1)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def fits(case: Case) -> None:
        call(server, by, case, real=next(number) % 2 == 0)

    @seed(1)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def fits_not(case: Case) -> None:
        call(server, by, case, real=next(number) % 2 == 0)

    try:
        fits()
        if operation.body or operation.query:
            fits_not()
    except Exception as error:
        return f"{operation.method} {operation.path}: {error}"
    return None


@pytest.mark.parametrize("who", ["stranger", "customer", "system", *ROLES])
async def test_nothing_that_is_sent_is_a_servers_error(house: House, tmp_path: Path, who: str) -> None:
    async with served(house, FakeAssistant({}), tmp_path, intake_tokens={"crm": TOKEN}) as server:
        visitor = await server.visitor()
        await visitor.asks("转人工")
        house.staff.put("anna", "坐席一号", PASSWORD)
        async with server.client(Authorization=f"Bearer {TOKEN}", **{"Idempotency-Key": "the-first-case"}) as client:
            number = (await client.post("/api/tickets", json={"facts": "等了两个小时"})).json()["number"]
            document = (await client.get(PATH)).json()
        by = await caller(server, who, visitor, number)
        assert await asyncio.to_thread(tried, server, by, document) == []
