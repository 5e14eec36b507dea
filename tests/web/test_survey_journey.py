"""The survey by a link, as a customer sees it on his phone: from the notice to the thanks, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import MakePage, at_desk, picture, violations
from playwright.sync_api import Page, expect
from running import PASSWORD, PUBLIC, Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

GONE = re.compile("链接已失效。.*请拨打客服热线")
STEPS = (
    ("investigate", {"note": "调取录像"}),
    ("propose", {"text": "向您当面道歉"}),
    ("agreed", {"agreed": True}),
    ("resolve", {"basics": "存折名字写错", "handling": "已当面道歉", "reasons": "录像属实"}),
    ("close", {}),
)


@pytest.fixture
def desk(running: Running) -> Iterator[httpx.Client]:
    """super1 at the desk's API."""
    with httpx.Client(base_url=f"{running.url}/api/desk", timeout=30) as client:
        signed_in = client.post("session", json={"username": "super1", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = signed_in.raise_for_status().json()["csrf_token"]
        yield client


def ended(desk: httpx.Client, phone: str) -> str:
    """A complaint by phone, worked on to its end."""
    entry = {"facts": f"柜员把存折写错了名字，客户{phone}", "channel": "phone", "contact": phone, "name": "王小明"}
    made = desk.post("tickets", json=entry, headers={"Idempotency-Key": f"journey-{phone}"})
    number = str(made.raise_for_status().json()["number"])
    if made.json()["ticket"]["state"] == "NEW":
        desk.post(f"tickets/{number}/take", json={}).raise_for_status()
    for act, values in STEPS:
        answer = desk.post(f"tickets/{number}/{act}", json=values)
        if answer.status_code == 422 and answer.json().get("confirmable"):  # the guard doubts it: looked at again
            answer = desk.post(f"tickets/{number}/{act}", json={**values, "confirmed": True})
        assert answer.is_success, answer.text
    return number


def link(running: Running, page: Page, phone: str) -> str:
    """As it left for the customer, on the server that runs here."""
    file = running.home / "notices" / "notices.jsonl"
    for _ in range(200):
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        sent: list[dict[str, Any]] = [json.loads(line) for line in lines]
        texts = [one["text"] for one in sent if (one["to"], one["template"]) == (phone, "case_survey")]
        if texts:
            (address,) = [line for line in texts[0].splitlines() if line.startswith(PUBLIC)]
            return str(address).replace(PUBLIC, running.url)
        page.wait_for_timeout(100)
    raise AssertionError("no link was sent")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_on_a_phone_from_the_link_to_the_thanks(
    running: Running, new_page: MakePage, desk: httpx.Client, console_errors: list[str]
) -> None:
    page = new_page(375, 812)
    number = ended(desk, "13800138005")
    address = link(running, page, "13800138005")
    page.goto(address)
    expect(page.get_by_role("heading", name="请问这次服务您满意吗")).to_be_visible()
    assert number not in page.content() and fits(page)
    size = page.get_by_role("button", name="不满意").evaluate(
        "element => parseFloat(getComputedStyle(element).fontSize)"
    )
    assert size >= 20
    picture(page, "survey-grade")
    assert violations(page) == []

    page.context.set_offline(True)  # the answer waits, and is offered again
    page.get_by_role("button", name="不满意").click()
    expect(page.get_by_role("alert")).to_contain_text("您的回答还在")
    picture(page, "survey-offline")
    assert violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("heading", name="您的问题解决了吗")).to_be_focused()

    page.get_by_role("button", name="没有").dblclick()  # counts once: the next question is not skipped over
    expect(page.get_by_role("heading", name="您觉得服务态度怎么样")).to_be_visible()
    page.reload()  # goes on where it stood
    expect(page.get_by_role("heading", name="您觉得服务态度怎么样")).to_be_visible()
    page.get_by_role("button", name="跳过").click()
    expect(page.get_by_role("heading", name="快吗")).to_be_visible()
    page.keyboard.press("Tab")  # also by the keyboard alone
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="还有什么想对我们说的")).to_be_visible()
    picture(page, "survey-words")
    assert fits(page) and violations(page) == []
    page.get_by_label("写下您想说的话").fill("<b>你们什么时候把存折换给我妈？</b>")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="评价完成")).to_be_visible()
    expect(page.get_by_text("已经转给负责的同事")).to_be_visible()
    picture(page, "survey-done")
    assert violations(page) == []
    page.reload()
    expect(page.get_by_text("已经转给负责的同事")).to_be_visible()

    console = new_page(1280, 800)  # the officer reads it, and has something to do
    at_desk(console, running.url, "super1")
    console.goto(f"{running.url}/desk#/tickets/{number}")
    console.reload()
    expect(console.get_by_text("总体满意度；不满意").first).to_be_visible()
    expect(console.get_by_text("什么时候把存折换给我妈").first).to_be_visible()
    expect(console.get_by_text("答复客户在回访、评价中提的问题").first).to_be_visible()
    picture(console, "survey-console")
    assert console_errors == []


def test_in_the_dark_and_with_a_wrong_link(
    running: Running, new_page: MakePage, desk: httpx.Client, console_errors: list[str]
) -> None:
    page = new_page(375, 812, color_scheme="dark")
    ended(desk, "13800138006")
    address = link(running, page, "13800138006")
    page.goto(address)
    expect(page.get_by_role("heading", name="请问这次服务您满意吗")).to_be_visible()
    picture(page, "survey-dark")
    assert violations(page) == []
    told = set()
    for wrong in (address[:-1], address[:-1] + ("0" if address[-1] != "0" else "1"), f"{running.url}/survey/x"):
        page.goto(wrong)
        expect(page.get_by_text(GONE)).to_be_visible()
        told.add(page.locator("body").inner_text())
    assert len(told) == 1
    picture(page, "survey-gone")
    assert violations(page) == []
    assert console_errors == []


def test_the_link_stands_in_no_line_of_the_server(running: Running, new_page: MakePage, desk: httpx.Client) -> None:
    page = new_page()
    ended(desk, "13800138007")
    address = link(running, page, "13800138007")
    page.goto(address)
    page.get_by_role("button", name="一般").click()
    expect(page.get_by_role("heading", name="您的问题解决了吗")).to_be_visible()
    assert address.rpartition("/")[2] not in running.log.read_text()
