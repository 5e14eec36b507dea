"""From question to person, in a real browser, on the real server with the trained model: everything happens once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from running import PASSWORD, Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

PICTURES = Path(os.environ.get("QIANTAI_PICTURES") or "test-results/journey")
WEALTH_WARNING = "理财非存款、产品有风险、投资须谨慎。"
MakePage = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


def picture(page: Page, name: str) -> None:
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def open_chat(page: Page, url: str) -> Locator:
    page.goto(url)
    chat = page.locator("qiantai-chat")
    chat.get_by_role("button", name=re.compile("在线客服")).first.click()
    expect(chat.get_by_text(re.compile("您正在与智能客服.*对话")).first).to_be_visible()
    agreed = chat.get_by_role("button", name="我知道了")
    if agreed.is_visible():
        agreed.click()
    return chat


def say(chat: Locator, text: str) -> None:
    chat.get_by_role("textbox").fill(text)
    chat.get_by_role("textbox").press("Enter")


def asks(chat: Locator, text: str) -> None:
    """Say it, and wait for what is said to it."""
    before = chat.get_by_role("article").count()
    say(chat, text)
    expect(chat.get_by_role("article").nth(before + 1)).to_be_visible()


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/desk")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("radio", name="在线").or_(page.get_by_role("button", name="在线", exact=True)).first.click()


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}" for v in found if v["impact"] in ("serious", "critical")]


def test_from_question_to_person(running: Running, new_page: MakePage, console_errors: list[str]) -> None:
    desk = new_page(1280, 800)
    sign_in(desk, running.url, "agent1")

    # asked, and answered by script with its warning
    page = new_page(1280, 800)
    chat = open_chat(page, f"{running.url}/demo")
    picture(page, "widget-welcome")
    say(chat, "我想买点理财，有风险吗")
    expect(chat.get_by_text(WEALTH_WARNING)).to_be_visible()
    picture(page, "widget-warning")
    assert serious(page) == []

    # a complaint gets a number and a date
    say(chat, "我要投诉，昨天在你们浦东支行办业务，柜员态度非常差，一直玩手机不理人")
    expect(chat.get_by_text("手机号或邮箱").last).to_be_visible()
    page.reload()  # the draft survives
    chat = page.locator("qiantai-chat")
    launcher = chat.get_by_role("button", name=re.compile("^在线客服"))
    if launcher.is_visible():
        launcher.click()
    say(chat, "13800138000")
    chat.get_by_role("button", name="确认提交").click()
    expect(chat.get_by_text(re.compile(r"TS\d{8}-\d{6}")).first).to_be_visible()
    assert chat.get_by_text("13800138000").count() == 0
    picture(page, "widget-complaint")

    # the same thing again and again brings a person
    for question in ("房贷利率现在是多少", "房贷的利率多少", "房贷利率多少啊", "请问房贷利率是多少"):
        asks(chat, question)
    offer = desk.get_by_role("button", name="接入", exact=True).first
    expect(offer).to_be_visible()
    picture(page, "widget-queue")
    picture(desk, "desk-offer")
    offer.click()

    # the agent sees the whole story, and the guard holds for him too
    expect(desk.get_by_text("同一个问题没有解决").first).to_be_visible()
    expect(desk.get_by_text(re.compile(r"TS\d{8}-\d{6}")).first).to_be_visible()
    reply = desk.get_by_role("textbox", name=re.compile("回复客户"))
    reply.fill("您好，我是人工坐席。这款理财您可以在手机银行看产品说明书再决定。")
    reply.press("Control+Enter")
    expect(desk.get_by_text("需要修改后才能发给客户")).to_be_visible()
    picture(desk, "desk-guard")
    desk.get_by_role("button", name="发送补全后的版本").click()
    expect(chat.get_by_text("我是人工坐席").last).to_be_visible()
    expect(chat.get_by_text("为您服务").first).to_be_visible()
    picture(page, "widget-agent")
    picture(desk, "desk-conversation")

    # what the guard only doubts goes out when he has looked at it again
    reply.fill("您放宽心，我们这边会尽快给您处理")
    reply.press("Control+Enter")
    expect(desk.get_by_text("请再看一遍", exact=False).first).to_be_visible()
    picture(desk, "desk-look-again")
    assert chat.get_by_text("您放宽心").count() == 0
    desk.get_by_role("button", name="我再看过了，照样发送").click()
    expect(chat.get_by_text("您放宽心").last).to_be_visible()
    assert serious(desk) == []

    # reload: nothing lost, nothing doubled
    page.reload()
    chat = page.locator("qiantai-chat")
    launcher = chat.get_by_role("button", name=re.compile("^在线客服"))
    if launcher.is_visible():
        launcher.click()
    expect(chat.get_by_text("我是人工坐席").last).to_be_visible()
    assert chat.get_by_text("请问房贷利率是多少", exact=True).count() == 1
    say(chat, "好的，谢谢")
    expect(desk.get_by_text("好的，谢谢").first).to_be_visible()

    # closed by the person, seen by the customer, rated once
    desk.get_by_role("button", name="结束会话").click()
    desk.get_by_role("radio", name="已解决").check()
    desk.get_by_label("业务分类").select_option("loan_rate")
    desk.get_by_role("button", name="确定").click()
    chat.get_by_role("button", name="非常满意").click()
    expect(chat.get_by_text("感谢").last).to_be_visible()
    picture(page, "widget-survey")
    assert console_errors == []


def test_on_a_foreign_site_under_a_strict_policy(
    running: Running, new_page: MakePage, console_errors: list[str]
) -> None:
    page = new_page(390, 844)
    chat = open_chat(page, f"{running.second_url}/demo?server={running.url}")
    say(chat, "你们周末几点开门")
    expect(chat.get_by_text("营业").last).to_be_visible()
    picture(page, "widget-phone")
    assert console_errors == []


def test_large_type(running: Running, new_page: MakePage) -> None:
    page = new_page(390, 844)
    chat = open_chat(page, f"{running.url}/demo")
    chat.get_by_role("button", name="关怀版").click()
    size = chat.get_by_role("textbox").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= 20
    say(chat, "卡丢了")
    answer = chat.get_by_role("article").filter(has_text="先保住钱。")  # in the words for large type
    expect(answer).to_be_visible()
    expect(chat.get_by_role("button", name="身份证也丢了")).to_be_enabled()
    began, window = answer.bounding_box(), chat.locator(".scroll").bounding_box()
    assert began and window and began["y"] >= window["y"]  # read from its beginning
    picture(page, "widget-large-type")


def test_a_lost_network_loses_no_message(running: Running, new_page: MakePage) -> None:
    page = new_page()
    chat = open_chat(page, f"{running.url}/demo")
    page.context.set_offline(True)
    say(chat, "怎么开户")
    expect(chat.get_by_text("怎么开户", exact=True)).to_be_visible()
    page.context.set_offline(False)
    expect(chat.get_by_text("请您提供身份证及手机号").first).to_be_visible(timeout=40_000)
    assert chat.get_by_text("怎么开户", exact=True).count() == 1


def test_typed_markup_is_shown_as_text(running: Running, new_page: MakePage, console_errors: list[str]) -> None:
    page = new_page()
    chat = open_chat(page, f"{running.url}/demo")
    say(chat, "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>")
    expect(chat.get_by_text("<img src=x").last).to_be_visible()
    assert page.title() != "hacked"
    assert console_errors == []


def test_nothing_personal_in_the_server_log(running: Running, new_page: MakePage) -> None:
    page = new_page()
    chat = open_chat(page, f"{running.url}/demo")
    say(chat, "我的手机号13912345678收不到验证码")
    expect(chat.get_by_text("尾号5678").first).to_be_visible()
    written = running.log.read_text()
    assert "13912345678" not in written and "收不到验证码" not in written
