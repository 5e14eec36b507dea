"""From question to person, in a real browser, on the real server with the trained model: everything happens once."""

from __future__ import annotations

import re

import pytest
from pages import MakePage, asks, open_chat, picture, say, sign_in, violations
from playwright.sync_api import expect
from running import Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

WEALTH_WARNING = "理财非存款、产品有风险、投资须谨慎。"


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
    assert violations(page) == []

    # a complaint gets a number and a date
    say(chat, "我要投诉，昨天在你们浦东支行办业务，柜员态度非常差，一直玩手机不理人")
    expect(chat.get_by_text("您希望怎么解决").last).to_be_visible()
    chat.get_by_role("button", name="跳过").click()
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
    assert violations(desk) == []

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
    for answer in ("部分", "好", "跳过"):
        chat.get_by_role("button", name=answer, exact=True, disabled=False).click()
    expect(chat.get_by_text("还有什么想对我们说的").last).to_be_visible()
    say(chat, "坐席很耐心")
    expect(chat.get_by_text("谢谢您的评价").last).to_be_visible()
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
