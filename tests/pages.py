"""What the journeys do on the pages: open the chat, say something, sign in, look."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from running import PASSWORD

PICTURES = Path(os.environ.get("QIANTAI_PICTURES") or "test-results/journey")
MakePage = Callable[..., Page]
SIZES = ((1280, 800), (1920, 1080))
SCHEMES = ("light", "dark")


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def open_chat(page: Page, url: str) -> Locator:
    page.goto(url)
    chat = page.locator("qiantai-chat")
    chat.get_by_role("button", name=re.compile("在线客服")).first.click()
    expect(chat.get_by_text(re.compile("您正在与智能客服.*对话")).first).to_be_visible()
    agreed = chat.get_by_role("button", name="我知道了")
    if agreed.is_visible():
        agreed.click()
    expect(chat.get_by_role("article").first).to_be_visible()  # who counts what is said begins after the welcome
    return chat


def say(chat: Locator, text: str) -> None:
    chat.get_by_role("textbox").fill(text)
    chat.get_by_role("textbox").press("Enter")


def asks(chat: Locator, text: str) -> None:
    """Say it, and wait for what is said to it: not for what comes late of the turn before."""
    mine = chat.locator("article.mine")
    asked = mine.nth(mine.count())
    say(chat, text)
    expect(asked.locator("xpath=following-sibling::article[contains(@class, 'bot')]").first).to_be_visible()


def sign_in(page: Page, url: str, name: str, status: str = "在线") -> None:
    page.goto(f"{url}/desk")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("radio", name=status).click()
    expect(page.get_by_role("radio", name=status)).to_be_checked()


def at_desk(page: Page, url: str, name: str) -> Page:
    """Signed in, and busy: may take customers but is offered none, neither now nor when the test is over."""
    sign_in(page, url, name, "忙碌")
    return page


def violations(page: Page) -> list[str]:
    """What axe finds, whatever weight it gives it, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']} at {[node['target'] for node in v['nodes']]}" for v in found]


def looks(page: Page, name: str) -> None:
    """At every size, by day and by night, and in a contrast theme: nothing for axe, nothing to be scrolled sideways."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            picture(page, f"looks-{name}-{width}-{scheme}")
            assert violations(page) == [], f"{name} {width} {scheme}"
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} {width}: {wide} pixels too wide"
    page.emulate_media(color_scheme="light", forced_colors="active")
    picture(page, f"looks-{name}-forced")
    assert violations(page) == [], f"{name} with forced colours"
    page.emulate_media(forced_colors="none")
