"""The desk at both sizes of screen, by day and by night: axe finds nothing, whatever weight it gives it."""

from __future__ import annotations

import httpx
import pytest
from pages import MakePage, at_desk, looks
from playwright.sync_api import expect
from running import PASSWORD
from staged import ASKED, Staged

pytestmark = pytest.mark.browser

COMPLAINT = {
    "facts": "昨天在城东支行办业务，柜员把存折的名字写错了，要求道歉",
    "contact": "13800138001",
    "channel": "phone",
}


def a_complaint(staged: Staged) -> str:
    """The number of a ticket that a supervisor has entered."""
    with httpx.Client(base_url=f"{staged.url}/api/desk", timeout=30) as http:
        signed_in = http.post("session", json={"username": "super1", "password": PASSWORD})
        token = signed_in.raise_for_status().json()["csrf_token"]
        entered = http.post("tickets", json=COMPLAINT, headers={"X-CSRF-Token": token, "Idempotency-Key": "looks-0001"})
        assert entered.is_success, entered.text
        return str(entered.json()["number"])


def test_the_desk_looks_well_everywhere(staged: Staged, new_page: MakePage, console_errors: list[str]) -> None:
    number = a_complaint(staged)
    waiting = staged.customer("转人工")
    customer = staged.customer(*ASKED)
    page = at_desk(new_page(), staged.url, "super1")
    expect(page.get_by_role("region", name="排队").get_by_role("article")).to_have_count(2)
    looks(page, "queue")
    page.get_by_role("button", name="English").click()
    page.reload()  # nobody has clicked yet: the browser does not let the page sound, and the bar says so
    expect(page.get_by_role("button", name="Test sound")).to_contain_text("off")
    looks(page, "english")
    page.get_by_role("button", name="中文").click()

    page.evaluate("address => { location.hash = address }", f"#/talks/{customer.id}")
    page.get_by_role("button", name="接入会话").click()
    reply = page.get_by_role("textbox", name="回复客户")
    reply.fill("您好，请问您在哪个城市？")
    reply.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text("请问您在哪个城市")).to_have_count(1)
    looks(page, "talk")

    reply.fill("这款理财您可以在手机银行看产品说明书再决定。")
    reply.press("Control+Enter")
    expect(page.get_by_text("需要修改后才能发给客户")).to_be_visible()
    looks(page, "guard")

    page.keyboard.press("Alt+t")
    expect(page.get_by_role("dialog")).to_be_visible()
    looks(page, "transfer")
    page.keyboard.press("Escape")

    for place, words in (("tickets", number), ("board", number), ("tasks", "待办"), (f"tickets/{number}", "城东支行")):
        page.evaluate("address => { location.hash = address }", f"#/{place}")
        expect(page.get_by_text(words).first).to_be_visible()
        looks(page, place.replace(number, "one").replace("/", "-"))
    assert waiting.said_by_agents() == []
    assert console_errors == []
