"""Accounts and sessions over real HTTP: what the console's page of people does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from desk import PASSWORD, AtDesk, at_desk
from server import Server

NEW = {"username": "lin", "name": "客服002", "password": "another long one", "roles": ["senior"]}


@pytest.fixture
async def ada(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "ada", "busy", "admin") as desk:
        yield desk


async def send(desk: AtDesk, method: str, path: str, body: object = None) -> httpx.Response:
    return await desk.client.request(method, f"/api/desk{path}", json=body or {}, headers={"X-CSRF-Token": desk.token})


async def sign_in(server: Server, username: str, password: str) -> int:
    async with server.client() as client:
        body = {"username": username, "password": password}
        return (await client.post("/api/desk/session", json=body)).status_code


async def test_the_life_of_an_account(server: Server, ada: AtDesk) -> None:
    made = await ada.post("/people", NEW)
    assert (made.status_code, made.json()["roles"], made.json()["presence"]) == (201, ["senior"], "offline")
    assert NEW["password"] not in made.text
    assert (await ada.post("/people", NEW)).status_code == 409
    assert await sign_in(server, "lin", "another long one") == 200
    assert len((await ada.get("/people/lin/sessions")).json()["sessions"]) == 1

    changed = await send(ada, "PATCH", "/people/lin", {"name": "资深002", "limit": 2, "skills": ["consult"]})
    assert (changed.json()["name"], changed.json()["limit"], changed.json()["roles"]) == ("资深002", 2, ["senior"])

    assert (await ada.post("/people/lin/password", {"password": "a third long one"})).status_code == 200
    assert (await ada.get("/people/lin/sessions")).json() == {"sessions": []}
    assert await sign_in(server, "lin", "another long one") == 401
    assert await sign_in(server, "lin", "a third long one") == 200

    assert (await ada.post("/people/lin/disable")).json()["disabled"] is True
    assert await sign_in(server, "lin", "a third long one") == 401
    assert (await ada.post("/people/lin/enable")).json()["disabled"] is False
    assert [one["username"] for one in (await ada.get("/people")).json()["people"]] == ["ada", "lin"]


async def test_a_stream_ends_with_its_session(server: Server, ada: AtDesk) -> None:
    async with at_desk(server, "anna") as anna, anna.stream() as stream:
        await stream.next("desk")
        (session,) = (await ada.get("/people/anna/sessions")).json()["sessions"]
        assert (await send(ada, "DELETE", f"/people/anna/sessions/{session['id']}")).status_code == 200
        await stream.next("closed")
        assert (await anna.get("/session")).status_code == 401


async def test_a_supervisor_changes_skills_and_limits_and_nothing_else(server: Server) -> None:
    async with at_desk(server, "sofia", "busy", "supervisor") as sofia, at_desk(server, "anna") as anna:
        assert (await send(sofia, "PATCH", "/people/anna", {"limit": 1})).json()["limit"] == 1
        for values in ({"roles": ["admin"]}, {"name": "王"}, {"limit": 2, "name": "王"}):
            assert (await send(sofia, "PATCH", "/people/anna", values)).status_code == 403
        assert (await sofia.get("/people/anna")).json()["limit"] == 1
        assert (await sofia.post("/people", NEW)).status_code == 403
        assert (await anna.get("/people")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/people/ada", {"roles": ["admin", "supervisor"]}),
        ("POST", "/people/ada/disable", {}),
        ("POST", "/people/ada/unlock", {}),
        ("POST", "/people/ada/password", {"password": "another long one"}),
    ],
)
async def test_nobody_does_it_to_himself(ada: AtDesk, method: str, path: str, body: object) -> None:
    refused = await send(ada, method, path, body)
    assert (refused.status_code, refused.json()["detail"][:4]) == (409, "不能对自")


async def test_ones_own_sessions_and_password(server: Server) -> None:
    async with at_desk(server, "anna") as anna, at_desk(server, "anna") as elsewhere:
        own = (await anna.get("/sessions")).json()["sessions"]
        assert [one["current"] for one in own].count(True) == 1 and len(own) == 2
        assert all(one["browser"].startswith("python-httpx") for one in own)
        (other,) = [one["id"] for one in own if not one["current"]]
        assert (await send(anna, "DELETE", f"/sessions/{other}")).status_code == 200
        assert (await send(anna, "DELETE", f"/sessions/{other}")).status_code == 404
        assert (await elsewhere.get("/session")).status_code == 401

        wrong = await anna.post("/session/password", {"old": "wrong password", "password": "another long one"})
        assert (wrong.status_code, wrong.json()["field"]) == (422, "old")
        right = await anna.post("/session/password", {"old": PASSWORD, "password": "another long one"})
        assert right.status_code == 200 and (await anna.get("/session")).status_code == 200
        assert await sign_in(server, "anna", "another long one") == 200


async def test_its_guesses_are_slowed_down(server: Server) -> None:
    async with at_desk(server, "anna") as anna:
        body = {"old": "wrong password", "password": "another long one"}
        codes = [(await anna.post("/session/password", body)).status_code for _ in range(5)]
        assert codes == [422] * 4 + [429]  # the sign-in was the first of five
