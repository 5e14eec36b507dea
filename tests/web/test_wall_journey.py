"""The supervisor's wall in a real browser: charts under the strict policy, and the way down by keyboard."""

from __future__ import annotations

import pytest
from pages import MakePage, at_desk, looks, violations
from playwright.sync_api import Page, expect
from staged import ASKED, Staged

pytestmark = pytest.mark.browser

DRAWN = "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(value => value > 0)"


def requested(page: Page) -> list[str]:
    """Fills with the addresses of what the page loads from now on."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    return seen


def test_a_supervisor_looks_at_the_wall_and_goes_down_to_a_conversation(
    staged: Staged, new_page: MakePage, console_errors: list[str]
) -> None:
    staged.customer("转人工")
    served = staged.customer(*ASKED)
    agent = new_page()
    loaded = requested(agent)
    at_desk(agent, staged.url, "agent1")
    expect(agent.get_by_role("link", name="会话", exact=True)).to_be_visible()
    expect(agent.get_by_role("link", name="大屏", exact=True)).to_have_count(0)
    agent.evaluate("address => { location.hash = address }", f"#/talks/{served.id}")
    agent.get_by_role("button", name="接入会话").click()
    expect(agent.get_by_role("textbox", name="回复客户")).to_be_visible()
    assert not [url for url in loaded if "drawing" in url]  # the charts' library is the wall's alone

    page = at_desk(new_page(), staged.url, "super1")
    page.get_by_role("link", name="大屏", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="大屏", exact=True)).to_be_focused()
    expect(page.get_by_role("region", name="谁在等").get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("region", name="谁在服务中").get_by_role("row").nth(1)).to_contain_text("客服001")
    expect(page.locator("canvas")).to_have_count(3)
    for canvas in page.locator("canvas").all():
        expect(canvas).to_have_css("display", "block")  # as the library makes it, when it has come
        assert canvas.evaluate(DRAWN)
    looks(page, "wall")

    page.locator("details summary").first.press("Enter")
    page.locator("details[open]").get_by_role("button").first.press("Enter")
    expect(page.get_by_role("heading", name="明细")).to_be_focused()
    assert violations(page) == []
    for narrowing in ("不限12时", "不限原因"):
        page.get_by_role("button", name=narrowing).press("Enter")
        expect(page.get_by_role("button", name=narrowing)).to_have_count(0)
    found = page.get_by_role("region", name="明细").get_by_role("row")
    expect(found).to_have_count(3)
    found.filter(has_text="客服001").get_by_role("link").press("Enter")
    expect(page).to_have_url(f"{staged.url}/desk#/talks/{served.id}")
    expect(page.get_by_role("log")).to_contain_text(ASKED[0])
    assert console_errors == []


def test_a_supervisor_changes_on_the_wall_how_many_an_agent_takes(
    staged: Staged, new_page: MakePage, console_errors: list[str]
) -> None:
    page = at_desk(new_page(), staged.url, "super1")
    page.evaluate("location.hash = '#/wall'")
    agents = page.get_by_role("region", name="坐席", exact=True)
    agents.get_by_role("button", name="修改客服002的技能和上限").press("Enter")
    limit = agents.get_by_label("同时接待人数")
    limit.fill("1")
    limit.press("Enter")
    expect(agents.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    expect(agents.get_by_role("row").filter(has_text="客服002").first).to_contain_text("0/1")
    assert violations(page) == []
    assert console_errors == []


def test_a_supervisor_watches_a_colleague_and_takes_over(
    staged: Staged, new_page: MakePage, console_errors: list[str]
) -> None:
    served = staged.customer(*ASKED)
    agent = at_desk(new_page(), staged.url, "agent1")
    agent.evaluate("address => { location.hash = address }", f"#/talks/{served.id}")
    agent.get_by_role("button", name="接入会话").click()
    reply = agent.get_by_role("textbox", name="回复客户")
    expect(reply).to_be_visible()

    page = at_desk(new_page(), staged.url, "super1")
    page.evaluate("location.hash = '#/wall'")
    page.get_by_role("region", name="谁在服务中").locator(f"a[href='#/talks/{served.id}']").press("Enter")
    expect(page.get_by_text("旁观中：客服001在服务")).to_be_visible()
    reply.fill("您好，请稍等。")
    reply.press("Control+Enter")
    expect(page.get_by_role("log").get_by_text("您好，请稍等。")).to_be_visible()  # as it goes on
    looks(page, "watching")

    page.get_by_role("button", name="接管").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("客户要求主管处理")
    assert violations(page) == []
    dialog.get_by_role("button", name="确定").press("Enter")
    expect(page.get_by_role("textbox", name="回复客户")).to_be_visible()
    expect(agent.locator(".compose").get_by_text("客户要求主管处理")).to_be_visible()
    expect(agent.get_by_role("textbox", name="回复客户")).to_have_count(0)
    assert [error for error in console_errors if "403" not in error] == []  # his page asks whose it is now
