"""A complaint from the chat to its result and beyond, in a real browser: the customer sees every step, the officer too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import MakePage, at_desk, open_chat, picture, say, violations
from playwright.sync_api import Locator, Page, expect
from running import PASSWORD, Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

STORY = "我要投诉，我替我妈投诉，昨天在城东支行，柜员把她的存折写错了名字，要求道歉"


class Officer:
    """super1 at the desk's API."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/desk", timeout=30)
        signed_in = self.http.post("session", json={"username": "super1", "password": PASSWORD})
        self.http.headers["X-CSRF-Token"] = signed_in.raise_for_status().json()["csrf_token"]

    def does(self, number: str, act: str, **values: Any) -> None:
        answer = self.http.post(f"tickets/{number}/{act}", json=values)
        if answer.status_code == 422 and answer.json().get("confirmable"):  # the guard doubts it: he has looked again
            answer = self.http.post(f"tickets/{number}/{act}", json={**values, "confirmed": True})
        assert answer.is_success, answer.text


@pytest.fixture
def officer(running: Running) -> Iterator[Officer]:
    officer = Officer(running.url)
    yield officer
    officer.http.close()


def told(chat: Locator, words: str) -> None:
    """It is said with the case beside it: a notice and an officer's message alike."""
    expect(chat.get_by_text(words).last).to_be_visible()
    expect(chat.locator(".case").last).to_contain_text("TS")
    chat.locator(".case").last.scroll_into_view_if_needed()


def in_console(desk: Page, url: str, route: str, words: str, name: str) -> None:
    desk.goto(f"{url}/desk#/{route}")
    desk.reload()
    expect(desk.get_by_text(words).first).to_be_visible()
    picture(desk, name)
    assert violations(desk) == []


def test_a_case_from_the_chat_to_its_appeal(
    running: Running, new_page: MakePage, officer: Officer, console_errors: list[str]
) -> None:
    page = new_page(390, 844)
    chat = open_chat(page, f"{running.url}/demo")
    say(chat, STORY)
    expect(chat.get_by_text("手机号或邮箱").last).to_be_visible()
    say(chat, "13800138001")
    expect(chat.get_by_text("代谁投诉：我妈")).to_be_visible()
    expect(chat.get_by_text("您的要求：要求道歉")).to_be_visible()
    picture(page, "case-confirm")
    chat.get_by_role("button", name="确认提交").click()
    receipt = chat.locator(".case").last
    expect(receipt).to_contain_text(re.compile(r"TS\d{8}-\d{6}"))
    found = re.search(r"TS\d{8}-\d{6}", receipt.inner_text())
    assert found is not None
    number = found[0]
    picture(page, "case-receipt")

    # the officers' pages know it
    desk = new_page(1280, 800)
    at_desk(desk, running.url, "super1")
    in_console(desk, running.url, "tickets", number, "console-tickets")
    in_console(desk, running.url, "board", number, "console-board")
    in_console(desk, running.url, f"tickets/{number}", "我妈", "console-ticket")

    # every step is told in the chat
    officer.does(number, "take")
    told(chat, "已转交")
    officer.does(number, "investigate", note="调取录像")
    told(chat, "正在处理")
    picture(page, "case-steps")
    assert violations(page) == []
    officer.does(number, "respond", analysis="正在核实当天的录像")
    told(chat, "正在核实当天的录像")
    officer.does(number, "propose", text="向您当面道歉，并更换存折")
    told(chat, "您同意吗")
    picture(page, "case-proposal")
    chat.get_by_role("button", name="同意", exact=True).click()
    expect(chat.get_by_text("已记下您同意投诉").last).to_be_visible()
    expect(chat.get_by_role("button", name="同意", exact=True)).to_be_disabled()
    picture(page, "case-agreed")

    officer.does(number, "resolve", basics="存折名字写错", handling="已当面道歉，更换存折", reasons="录像属实")
    told(chat, "已办结，结果如下")
    picture(page, "case-result")
    chat.get_by_role("button", name="对结果有异议").click()
    told(chat, "已重新受理")
    expect(chat.get_by_text("已经按您说的办了").last).to_be_visible()
    picture(page, "case-reopened")

    page.reload()  # nothing lost, nothing doubled
    chat = page.locator("qiantai-chat")
    launcher = chat.get_by_role("button", name=re.compile("^在线客服"))
    if launcher.is_visible():
        launcher.click()
    expect(chat.get_by_text("已重新受理")).to_have_count(1)
    say(chat, "投诉进度")
    told(chat, "已重新受理，正在核查")

    in_console(desk, running.url, f"tickets/{number}", "客户申请核查", "console-ticket-reopened")
    desk.goto(f"{running.url}/desk#/tasks")
    expect(desk.get_by_role("heading", level=2).or_(desk.get_by_role("heading", level=1)).first).to_be_visible()
    picture(desk, "console-tasks")
    assert violations(desk) == []
    assert console_errors == []
