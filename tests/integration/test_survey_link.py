"""The survey by a link, from the bank's gateway to the last answer; and what strangers learn by trying: nothing."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from gateway import Gateway, listening
from server import Server, served
from support import make_house

from bot.assistant.fake import FakeAssistant
from bot.channels.survey import LINK
from bot.clock import FrozenClock
from bot.conversation.survey import store as surveyed
from bot.knowledge import Knowledge
from bot.tickets.entering import Entry
from bot.tickets.recusal import Officer
from bot.wiring import House

PUBLIC, PHONE = "https://chat.bank.example", "13800138000"
BOSS = Officer("boss", "小前老板", ("supervisor", "head"))
STEPS = (
    ("take", {}),
    ("investigate", {}),
    ("propose", {"text": "向您道歉"}),
    ("agreed", {"agreed": True}),
    ("resolve", {"basics": "属实", "handling": "已道歉", "reasons": "叫号记录属实"}),
    ("close", {}),
)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with listening() as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, said: Knowledge, clock: FrozenClock, migrated: Path, gateway: Gateway) -> Iterator[House]:
    """With an address for customers, and a gateway."""
    given = {"QIANTAI_PUBLIC_URL": PUBLIC, "QIANTAI_NOTICE_URL": gateway.url}
    made = make_house(tmp_path, said, clock, migrated=migrated, **given)
    yield made
    made.db.dispose()


@pytest.fixture
def number(house: House) -> str:
    """A complaint by phone that has ended; the notices of it have left."""
    house.staff.put(BOSS.username, BOSS.name, "a long password", BOSS.roles)
    number = house.entering.enter(Entry("柜员让我等了两个小时", "phone", contact=PHONE), "key-0001", BOSS).case.number
    for act, values in STEPS:
        house.casework.act(BOSS, number, act, None, values)
    house.notices.tick()
    return number


@pytest.fixture
def path(number: str, gateway: Gateway) -> str:
    """Of the link, as it reached the customer."""
    (text,) = [sent["text"] for sent in gateway.taken_on.values() if sent["template"] == "case_survey"]
    (line,) = [line for line in text.splitlines() if line.startswith(PUBLIC)]
    return line.removeprefix(PUBLIC)


@pytest_asyncio.fixture
async def server(house: House, path: str, tmp_path: Path) -> AsyncIterator[Server]:
    async with served(house, FakeAssistant({}), tmp_path) as running:
        yield running


async def call(server: Server, path: str, body: object = None, **headers: str) -> httpx.Response:
    async with server.client(Authorization=f"Bearer {path.rpartition('/')[2]}", **headers) as client:
        if body is None:
            return await client.get("/api/survey")
        return await client.post("/api/survey/answers", json=body)


async def shown(server: Server, path: str, body: object = None) -> dict[str, Any]:
    got = await call(server, path, body)
    assert got.status_code == 200, got.text
    return got.json()


async def test_from_the_message_to_the_last_answer(
    server: Server, path: str, number: str, gateway: Gateway, clock: FrozenClock
) -> None:
    (sent,) = [one for one in gateway.taken_on.values() if one["template"] == "case_survey"]
    assert (sent["kind"], sent["to"]) == ("sms", PHONE)
    async with server.client() as client:
        page = await client.get(path)
    assert (page.status_code, "survey/index.html" in page.text) == (200, True)
    first = await shown(server, path)
    assert (first["question"]["id"], first["max_chars"], first["bank"]["name"]) == ("grade", 1000, "示范银行")
    for question in ("grade", "solved", "attitude", "efficiency"):
        await shown(
            server, path, {"question": question, "choice": f"rate_{'' if question == 'grade' else question + '_'}3"}
        )
    last = await shown(server, path, {"question": "words", "text": "什么时候能退年费？"})
    assert last["question"] is None and "已经转给负责的同事" in last["said"][0]
    assert await shown(server, path) == last
    with server.house.db.transaction() as tx:
        kept = surveyed.of_subject(tx, "", number)
    assert [(row.question, row.points) for row in kept] == [
        ("grade", 100), ("solved", 100), ("attitude", 100), ("efficiency", 100), ("words", None),
    ]  # fmt: skip


async def test_sent_twice_it_counts_once(server: Server, path: str, number: str) -> None:
    body = {"question": "grade", "choice": "rate_1"}
    assert await shown(server, path, body) == await shown(server, path, body)
    with server.house.db.transaction() as tx:
        assert [row.question for row in surveyed.of_subject(tx, "", number)] == ["grade", "solved"]


@pytest.mark.parametrize("which", ["none", "cut", "other", "long", "a visitor's", "expired", "basic"])
async def test_whatever_is_wrong_with_a_link_one_is_told_the_same(
    server: Server, path: str, number: str, which: str, clock: FrozenClock
) -> None:
    token = path.rpartition("/")[2]
    if which == "expired":
        clock.advance(days=server.house.knowledge.survey.link_days)
    given = {
        "none": "-", "cut": token[:-1], "other": "0" * 56, "long": "f" * 500,
        "a visitor's": (await server.visitor()).token,
    }.get(which, token)  # fmt: skip
    headers = {"Authorization": f"{'Basic' if which == 'basic' else 'Bearer'} {given}"}
    async with server.client(**headers) as client:
        answers = [
            await client.get("/api/survey"),
            await client.post("/api/survey/answers", json={"question": "grade", "choice": "rate_3"}),
            await client.post("/api/survey/answers", json={"question": "grade", "choice": "rate_9"}),
        ]
        page = await client.get(f"/survey/{given}")
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    told = answers[0].json()
    assert told["type"] == "urn:qiantai:problem:survey-link-gone"
    assert "链接已失效" in told["detail"] and server.house.knowledge.bank.hotline in told["detail"]
    assert number not in answers[0].text
    assert page.status_code == 200  # the same page for every address: nothing is learned by it either


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"question": "grade", "choice": "rate_9"}, 422, "choice"),
        ({"question": "grade"}, 422, "text"),
        ({"question": "grade", "text": "好"}, 422, "text"),
        ({"question": "grade", "choice": "rate_3", "case": "TS20261122-000001"}, 422, "case"),
        ({"choice": "rate_3"}, 422, "question"),
        ({"question": "q" * 41, "choice": "rate_3"}, 422, "question"),
        ({"question": "grade", "choice": "r" * 81}, 422, "choice"),
        ({"question": ["grade"], "choice": {"id": "rate_3"}}, 422, "question"),
        ([], 422, "body"),
    ],
)
async def test_what_is_no_answer_is_a_problem_that_names_the_field(
    server: Server, path: str, body: object, status: int, field: str
) -> None:
    got = await call(server, path, body)
    assert (got.status_code, got.json()["field"]) == (status, field), got.text
    assert got.headers["content-type"].startswith("application/problem+json")


async def test_a_body_has_a_size(server: Server, path: str) -> None:
    got = await call(server, path, {"question": "words", "text": "长" * 70_000})
    assert got.status_code == 413


async def test_markup_is_text(server: Server, path: str) -> None:
    for question in ("grade", "solved", "attitude", "efficiency"):
        await shown(server, path, {"question": question, "choice": f"rate_skip_{question}"})
    markup = "<img src=x onerror=alert(1)>"
    got = await call(server, path, {"question": "words", "text": markup})
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert markup not in got.text


async def test_too_often_is_told_with_the_time_to_wait(server: Server, path: str) -> None:
    for _ in range(LINK.burst):
        await shown(server, path)
    got = await call(server, path)
    assert (got.status_code, got.json()["type"]) == (429, "urn:qiantai:problem:too-many-requests")
    assert int(got.headers["retry-after"]) >= 1


async def test_nothing_is_kept_by_browsers_told_to_others_or_framed(server: Server, path: str) -> None:
    answers = [await call(server, path), await call(server, path, {"question": "grade", "choice": "rate_3"})]
    async with server.client() as client:
        page = await client.get(path)
    for got in answers:
        assert got.headers["cache-control"] == "no-store"
    for got in (*answers, page):
        assert got.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert "'unsafe-inline'" not in got.headers["content-security-policy"]
        assert "set-cookie" not in got.headers and "access-control-allow-origin" not in got.headers
    assert "noindex" in page.headers["x-robots-tag"]


async def test_the_link_stands_in_no_line_of_the_log(
    server: Server, path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = path.rpartition("/")[2]

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.DEBUG):
        await shown(server, path)
        await shown(server, path, {"question": "grade", "choice": "rate_3"})
        server.house.notices.tick()
        monkeypatch.setattr(server.house.casework.surveying.linked, "step", broken)
        assert (await call(server, path)).status_code == 500
        async with server.client() as client:
            await client.post(path)
            await client.get(f"{path}/more")
    ours = [record for record in caplog.records if not record.name.startswith("http")]  # the client's own
    written = "\n".join(caplog.handler.format(record) for record in ours)
    assert "/api/survey failed: ZeroDivisionError" in written
    assert token not in written
