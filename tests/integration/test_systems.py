"""Complaints from other systems of the bank, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from server import Server, served

from bot.assistant.fake import FakeAssistant
from bot.errors import ConfigurationError
from bot.settings import from_env
from bot.tables import TABLES
from bot.wiring import House

TOKEN, OTHER = "crm-token-of-24-characters", "app-token-of-24-characters"
ENTRY = {"facts": "柜员让我等了两个小时，王小明很生气", "name": "王小明", "contact": "13800138000", "request": "道歉"}


@pytest_asyncio.fixture
async def server(house: House, tmp_path: Path) -> AsyncIterator[Server]:
    tokens = {"crm": TOKEN, "app": OTHER}
    async with served(house, FakeAssistant({}), tmp_path, intake_tokens=tokens) as running:
        yield running


async def enter(
    server: Server, body: object = ENTRY, key: str = "a-key-of-the-crm", token: str = TOKEN
) -> httpx.Response:
    async with server.client(Authorization=f"Bearer {token}") as client:
        return await client.post("/api/tickets", json=body, headers={"Idempotency-Key": key})


async def read(server: Server, number: str, token: str = TOKEN) -> httpx.Response:
    async with server.client(Authorization=f"Bearer {token}") as client:
        return await client.get(f"/api/tickets/{number}")


async def test_a_complaint_gets_its_number_and_its_dates(server: Server) -> None:
    got = await enter(server)
    told = got.json()
    assert got.status_code == 201, got.text
    assert (told["severity"], told["state"], told["joined"]) == ("一般", "NEW", False)
    assert told["first_response_due"] < told["due"]
    case = server.house.tickets.case(told["number"])
    assert (case.channel, case.fields.request) == ("api", "道歉")
    assert server.house.tickets.history(case.number)[0].actor == "crm"
    assert (await read(server, case.number)).json()["number"] == case.number


async def test_the_same_key_gives_the_same_case_and_another_body_is_refused(server: Server) -> None:
    first = (await enter(server)).json()["number"]
    assert (await enter(server)).json()["number"] == first
    other = await enter(server, {**ENTRY, "facts": "另一件事：多扣了三百元年费"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:qiantai:problem:idempotency-key-reused")


async def test_no_name_and_no_number_stands_in_the_clear_anywhere(server: Server) -> None:
    await enter(server)
    with server.house.db.transaction() as tx:
        kept = " ".join(str(tuple(row)) for table in TABLES for row in tx.execute(sa.select(table)))
    assert "13800138000" not in kept and "王小明" not in kept
    assert "〔姓名·王*〕很生气" in kept


@pytest.mark.parametrize("token", ["none", "wrong", TOKEN[:-1], TOKEN + "x"])
async def test_without_the_token_nobody_enters_or_reads(server: Server, token: str) -> None:
    number = (await enter(server)).json()["number"]
    assert (await enter(server, key="another-key", token=token)).status_code == 401
    assert (await read(server, number, token)).status_code == 401


async def test_a_system_reads_only_what_it_has_entered_or_added_to(server: Server) -> None:
    number = (await enter(server)).json()["number"]
    assert (await read(server, number, OTHER)).status_code == 404
    assert (await read(server, "TS20261122-999999")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"facts": " "}, "facts"),
        ({"contact": "call me"}, "contact"),
        ({"received_at": "2036-01-01T00:00:00+08:00"}, "received_at"),
        ({"received_at": "2026-11-22T10:00:00"}, "received_at"),
        ({"severity": "天大"}, "severity"),
        ({"conversation_id": "a" * 24}, "conversation_id"),
        ({"representatives": ["甲", "乙", "丙", "丁", "戊", "己"]}, "representatives"),
        ({"customer_type": "alien"}, "customer_type"),
        ({"colour": "red"}, "colour"),
        ({"facts": "长" * 4001}, "facts"),
    ],
)
async def test_what_is_wrong_is_named_and_opens_nothing(server: Server, changed: dict, field: str) -> None:
    refused = await enter(server, {**ENTRY, **changed})
    assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
    with server.house.db.transaction() as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM cases")).scalar_one() == 0


async def test_the_same_matter_by_two_systems_is_one_case_only_where_the_channel_differs(server: Server) -> None:
    """Two systems are one channel, api: said there again it is a repetition, linked to the first."""
    first = (await enter(server)).json()["number"]
    again = (await enter(server, key="second-key-now", token=OTHER)).json()
    assert not again["joined"]
    assert server.house.tickets.case(again["number"]).repeat_of == first


def test_tokens_are_named_long_and_each_its_own() -> None:
    for wrong in ("crm", "crm:short", f"CRM:{TOKEN}", f"crm:{TOKEN},crm:{OTHER}", f"crm:{TOKEN},app:{TOKEN}"):
        with pytest.raises(ConfigurationError, match="QIANTAI_INTAKE_TOKENS"):
            from_env({"QIANTAI_HOME": "/tmp", "QIANTAI_INTAKE_TOKENS": wrong})


async def test_without_tokens_there_is_no_such_door(house: House, tmp_path: Path) -> None:
    async with served(house, FakeAssistant({}), tmp_path) as closed:
        assert (await enter(closed)).status_code == 404
