"""The desk in a real browser when things go wrong, and by keyboard alone: nothing typed is lost, nothing comes twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cable import Cable
from pages import MakePage, at_desk, picture, violations
from playwright.sync_api import Locator, Page, expect
from running import PASSWORD
from staged import ASKED, Customer, Staged
from support import SUNDAY_NOON, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Handover
from bot.settings import from_env
from bot.wiring import build

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=\"document.title='hacked'\"><b>粗</b><script>document.title='hacked'</script>"
LONG = 45_000  # milliseconds after which a line that was cut must be back
HALF = "您好，您的问题我正在查，请稍等，"


def waits_for_a_person(staged: Staged, words: str) -> Customer:
    """A customer with these words as his last before he is queued."""
    customer = staged.customer("转人工")
    customer.says(words)
    return customer


def claims(page: Page, customer: Customer) -> None:
    """By the address of the conversation, wherever the customer stands in the queue."""
    page.evaluate("address => { location.hash = address }", f"#/talks/{customer.id}")
    page.get_by_role("button", name="接入会话").click()
    empties(page)


def empties(page: Page) -> None:
    """The greeting that stands ready after a claim makes room for words of one's own."""
    expect(reply_of(page)).to_have_value(re.compile("很高兴为您服务"))
    reply_of(page).fill("")


def reply_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="回复客户")


def log_of(page: Page) -> Locator:
    return page.get_by_role("log")


def tab_to(page: Page, what: Locator) -> None:
    """By the Tab key only, as soon as it is there."""
    expect(what).to_be_visible()
    for _ in range(60):
        if what.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {what}")


def test_from_sign_in_to_wrap_up_by_keyboard_only(
    staged: Staged, new_page: MakePage, console_errors: list[str]
) -> None:
    page = new_page()
    keys = page.keyboard
    page.goto(f"{staged.url}/desk")
    expect(page.get_by_label("用户名")).to_be_focused()
    keys.type("agent1")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("radio", name="离线")).to_be_checked()  # Tab leads to the one that is
    tab_to(page, page.get_by_role("radio", name="离线"))
    keys.press("ArrowRight")  # around the end, to the first
    expect(page.get_by_role("radio", name="在线")).to_be_checked()

    customer = staged.customer(*ASKED)
    expect(page.get_by_role("region", name="待接入")).to_be_visible()
    keys.press("Alt+a")
    expect(reply_of(page)).to_be_focused()

    keys.insert_text("这款理财您可以在手机银行看产品说明书再决定？")
    keys.press("?")  # typed: no sheet opens out of a text
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Control+Enter")
    expect(page.get_by_text("需要修改后才能发给客户")).to_be_visible()
    keys.press("Alt+Enter")
    expect(reply_of(page)).to_be_focused()
    assert len(customer.said_by_agents()) == 1 and "产品有风险" in customer.said_by_agents()[0]

    keys.press("Alt+h")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert violations(page) == []
    picture(page, "desk-keys")
    keys.press("Escape")
    expect(reply_of(page)).to_be_focused()

    keys.press("Alt+s")
    expect(page.get_by_role("searchbox", name="搜索话术")).to_be_focused()
    keys.insert_text("开户")
    tab_to(page, page.locator(".script").first)
    keys.press("Enter")
    expect(reply_of(page)).to_be_focused()
    expect(reply_of(page)).not_to_be_empty()

    keys.press("Alt+t")
    expect(page.get_by_role("dialog", name="转交")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Alt+w")
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_role("radio", name="已解决"))
    keys.press("Space")
    tab_to(page, dialog.get_by_role("combobox"))
    keys.press("ArrowDown")
    tab_to(page, dialog.get_by_role("button", name="确定"))
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    customer.waits(lambda events: any(one.get("state") == "WRAP_UP" for one in events))
    page.get_by_role("radio", name="忙碌").click()  # the next customers are others'
    expect(page.get_by_role("radio", name="忙碌")).to_be_checked()
    assert console_errors == []


@pytest.fixture
def cable(staged: Staged) -> Iterator[Cable]:
    made = Cable(staged.port)
    yield made
    made.close()


def test_a_cut_network_loses_nothing_and_doubles_nothing(staged: Staged, cable: Cable, new_page: MakePage) -> None:
    customer = waits_for_a_person(staged, "断网的客户")
    page = at_desk(new_page(), cable.url, "agent2")
    claims(page, customer)
    reply_of(page).fill(HALF)

    cable.pull()
    for words in ("第一句", "第二句", "第三句"):
        customer.says(words)
    reply_of(page).press_sequentially("马上回您。")
    banner = page.get_by_role("alert").filter(has_text="连接已断开")
    expect(banner).to_be_visible(timeout=LONG)
    picture(page, "desk-lost")
    assert violations(page) == []
    expect(page.get_by_role("button", name="发送", exact=True)).to_be_disabled()
    expect(log_of(page).get_by_text("第一句")).to_have_count(0)

    cable.put_back()
    expect(banner).to_have_count(0, timeout=LONG)
    for words in ("第一句", "第二句", "第三句"):
        expect(log_of(page).get_by_text(words, exact=True)).to_have_count(1)
    expect(reply_of(page)).to_have_value(f"{HALF}马上回您。")
    reply_of(page).press("Control+Enter")
    expect(log_of(page).get_by_text(f"{HALF}马上回您。")).to_have_count(1)
    assert customer.said_by_agents() == [f"{HALF}马上回您。"]


def test_where_no_stream_gets_through_the_page_asks(staged: Staged, new_page: MakePage) -> None:
    page = new_page()
    streams: list[str] = []

    def only_questions(route: object) -> None:
        if route.request.headers.get("accept") == "text/event-stream":
            streams.append("vain")
            route.fulfill(status=502, body="")
        else:
            route.continue_()

    page.route(re.compile("/api/desk/events"), only_questions)
    at_desk(page, staged.url, "agent3")
    customer = waits_for_a_person(staged, "没有流的客户")
    claims(page, customer)
    customer.says("看得到吗")
    expect(log_of(page).get_by_text("看得到吗")).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="连接已断开")).to_have_count(0)
    assert streams


def test_two_tabs_of_one_agent_show_one_reply(staged: Staged, new_page: MakePage) -> None:
    customer = waits_for_a_person(staged, "两个标签页的客户")
    first = at_desk(new_page(), staged.url, "agent4")
    claims(first, customer)
    second = first.context.new_page()
    second.goto(first.url)
    expect(reply_of(second)).to_be_visible()
    reply_of(second).fill("写在第二个标签页里")
    reply_of(first).fill("您好，请说")
    reply_of(first).press("Control+Enter")
    for page in (first, second):
        expect(log_of(page).get_by_text("您好，请说", exact=True)).to_have_count(1)
    expect(reply_of(second)).to_have_value("写在第二个标签页里")
    expect(reply_of(first)).to_have_value("")
    assert customer.said_by_agents() == ["您好，请说"]

    first.get_by_role("button", name="退出").click()
    expect(second.get_by_text("登录已失效")).to_be_visible()


def test_back_forward_and_reload_find_what_was_open(staged: Staged, new_page: MakePage) -> None:
    earlier, later = (waits_for_a_person(staged, words) for words in ("先来的客户", "后来的客户"))
    page = at_desk(new_page(), staged.url, "agent5")
    claims(page, earlier)
    expect(log_of(page).get_by_text("先来的客户")).to_be_visible()
    reply_of(page).fill("给先来的")
    claims(page, later)
    expect(log_of(page).get_by_text("后来的客户")).to_be_visible()
    reply_of(page).fill("给后来的")
    page.get_by_role("navigation", name="主导航").get_by_role("link").nth(2).click()
    expect(log_of(page)).to_have_count(0)

    page.go_back()
    expect(reply_of(page)).to_have_value("给后来的")
    page.go_back()
    expect(log_of(page).get_by_text("先来的客户")).to_be_visible()
    expect(reply_of(page)).to_have_value("给先来的")
    page.go_forward()
    expect(reply_of(page)).to_have_value("给后来的")

    page.keyboard.press("Alt+t")
    page.get_by_role("dialog").get_by_role("textbox").fill("客户问的是贷款")
    page.reload()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value("客户问的是贷款")
    page.keyboard.press("Escape")
    expect(reply_of(page)).to_have_value("给后来的")


def test_markup_of_a_customer_stays_text(staged: Staged, new_page: MakePage, console_errors: list[str]) -> None:
    customer = waits_for_a_person(staged, MARKUP)
    page = at_desk(new_page(), staged.url, "agent6")
    claims(page, customer)
    expect(log_of(page).get_by_text(MARKUP)).to_be_visible()
    page.get_by_role("navigation", name="主导航").get_by_role("link").nth(1).click()
    page.go_back()
    expect(log_of(page).get_by_text(MARKUP)).to_be_visible()
    assert page.locator("img[src=x], .said b, .said script").count() == 0
    assert "hacked" not in page.title()
    assert console_errors == []


def test_a_server_that_dies_while_one_types_loses_nothing(staged: Staged, new_page: MakePage) -> None:
    customer = waits_for_a_person(staged, "服务器重启时的客户")
    page = at_desk(new_page(), staged.url, "agent8")
    claims(page, customer)
    reply_of(page).press_sequentially(HALF)
    staged.kill()
    reply_of(page).press_sequentially("还在写，")
    banner = page.get_by_role("alert").filter(has_text="连接已断开")
    expect(banner).to_be_visible(timeout=LONG)
    staged.start()
    reply_of(page).press_sequentially("写完了。")
    expect(banner).to_have_count(0, timeout=LONG)
    expect(reply_of(page)).to_have_value(f"{HALF}还在写，写完了。")
    customer.says("你们还在吗")
    expect(log_of(page).get_by_text("你们还在吗")).to_have_count(1)
    reply_of(page).press("Control+Enter")
    expect(log_of(page).get_by_text("写完了")).to_have_count(1)
    assert customer.said_by_agents() == [f"{HALF}还在写，写完了。"]


def test_two_hundred_in_the_queue(staged: Staged, new_page: MakePage) -> None:
    with ThreadPoolExecutor(1) as aside:  # the browser has a loop of its own here
        aside.submit(_fill_the_queue, staged.home, 200).result()
    page = at_desk(new_page(), staged.url, "agent7")
    queue = page.get_by_role("region", name="排队")
    expect(queue.get_by_role("article")).to_have_count(50)
    picture(page, "desk-queue")
    expect(queue.get_by_text("位，前面的接入以后依次显示")).to_be_visible()
    card = queue.get_by_role("article").nth(40)
    card.get_by_role("button", name="接入", exact=True).click()
    empties(page)
    reply_of(page).press_sequentially("打字的时候页面不能卡", delay=20)
    expect(reply_of(page)).to_have_value("打字的时候页面不能卡")


def _fill_the_queue(home: Path, many: int) -> None:
    house = build(from_env({"QIANTAI_HOME": str(home), "QIANTAI_EMBEDDING": "none"}), FrozenClock(SUNDAY_NOON))
    assistant = FakeAssistant({"转人工": understood("human_agent", Handover("asked"))})
    for _ in range(many):
        Chat(house, assistant).says("转人工")
    house.db.dispose()
