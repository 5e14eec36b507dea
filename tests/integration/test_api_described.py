"""The API describes itself: what the router knows stands in the table, and what the table says is there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from desk import at_desk
from sanic import Sanic
from server import Server, served

from bot.assistant.fake import FakeAssistant
from bot.console.openapi import PATH, described
from bot.console.operations import OPERATIONS, path_of
from bot.wiring import House


@pytest_asyncio.fixture
async def whole(house: House, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that has every part of the API."""
    async with served(
        house, FakeAssistant({}), tmp_path, intake_tokens={"crm": "crm-token-of-24-characters"}
    ) as running:
        yield running


async def test_router_and_table_agree_both_ways(whole: Server) -> None:
    (app,) = Sanic._app_registry.values()
    routed = {(method, path_of(route.path)) for route in app.router.routes for method in route.methods}
    routed = {(method, path) for method, path in routed if path.startswith("/api/")}
    assert routed == {(one.method, one.path) for one in OPERATIONS}


async def test_is_given_to_everybody_and_names_only_what_is_there(whole: Server, server: Server) -> None:
    async with whole.client() as client:
        document = (await client.get(PATH)).json()
    assert document["openapi"] == "3.1.0" and document == described()
    async with server.client() as client:
        smaller = (await client.get(PATH)).json()
    assert set(document["paths"]) - set(smaller["paths"]) == {"/api/tickets", "/api/tickets/{number}"}


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_every_reference_leads_somewhere_and_every_operation_has_its_name() -> None:
    document = described()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) == known
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) > 80


def test_each_act_on_a_case_is_described_with_its_own_body() -> None:
    paths = described()["paths"]
    body = paths["/api/desk/tickets/{number}/extend"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Extend"}
    assert "/api/desk/tickets/{number}/{name}" not in paths


def test_what_bodies_refuse_the_description_refuses_too() -> None:
    schemas = described()["components"]["schemas"]
    assert all(schemas[name].get("additionalProperties") is False for name in schemas if name != "Problem")
    assert schemas["SignIn"]["properties"]["password"]["maxLength"] == 200


class TestPages:
    @pytest.mark.parametrize("path", ["/tasks", "/alerts", "/audit"])
    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=-1", "after=9999999999", "after=²"])
    async def test_a_wrong_question_is_refused_by_its_field(self, server: Server, path: str, query: str) -> None:
        async with at_desk(server, "ada", "busy", "admin") as ada:
            refused = await ada.get(f"{path}?{query}")
        assert (refused.status_code, refused.json()["field"]) == (422, re.split("=", query)[0])
