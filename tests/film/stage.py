"""Where a handover is filmed: the product's real pages, a customer's phone beside the desks of two agents."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from chromium import is_error
from pages import at_desk, open_chat, sign_in
from playwright.sync_api import Browser, Locator, Page, expect
from staged import Staged

PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1280, "height": 800}
SHEET = """<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 28px; background: #e9eef3; color: #1b2733; font: 19px/1.5 "Noto Sans CJK SC", sans-serif }
  main { display: grid; grid-template-columns: repeat(2, max-content); gap: 30px 34px }
  figure { margin: 0 } figure div { display: flex; gap: 10px }
  img { height: 470px; border-radius: 8px; box-shadow: 0 1px 8px rgb(15 40 70 / 25%) }
  figcaption { margin-top: 8px } b { margin-right: 8px; color: #134a7c }
</style><main>"""


@dataclass
class Stage:
    server: Staged
    browser: Browser
    folder: Path
    say: Callable[[str], None]
    shots: list[tuple[str, Path, Path]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _chat: Locator | None = None
    _phone: Page | None = None

    def page(self, size: dict[str, int]) -> Page:
        page = self.browser.new_context(viewport=size, locale="zh-CN").new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if is_error(said) else None)
        return page

    @property
    def phone(self) -> Page:
        self._phone = self._phone or self.page(PHONE)
        return self._phone

    @property
    def chat(self) -> Locator:
        """The customer's chat, opened on his phone."""
        self._chat = self._chat or open_chat(self.phone, f"{self.server.url}/demo")
        return self._chat

    def desk(self, agent: str) -> Page:
        page = self.page(SCREEN)
        sign_in(page, self.server.url, agent)
        return page

    def wall(self, lead: str) -> Page:
        """The wall of who leads, who takes no customers himself."""
        page = at_desk(self.page(SCREEN), self.server.url, lead)
        page.get_by_role("link", name="大屏", exact=True).click()
        return page

    def shoot(self, caption: str, desk: Page) -> None:
        """One picture of the desk, with the phone as it is at the same moment."""
        news = self.chat.get_by_role("button", name="有新消息")
        if news.is_visible():
            news.click()
            expect(news).to_be_hidden()
        number = len(self.shots) + 1
        shown = (self.folder / f"{number}-desk.png", self.folder / f"{number}-phone.png")
        desk.screenshot(path=str(shown[0]))
        self.phone.screenshot(path=str(shown[1]))
        self.shots.append((caption, *shown))
        self.say(f"  {number} {caption}")

    def sheet(self, path: Path) -> None:
        """All pictures on one."""
        figures = [
            f"<figure><div>{_image(desk)}{_image(phone)}</div><figcaption><b>{n}</b>{escape(caption)}</figcaption></figure>"
            for n, (caption, desk, phone) in enumerate(self.shots, 1)
        ]
        page = self.browser.new_page(viewport={"width": 2040, "height": 800})
        page.set_content(SHEET + "".join(figures))
        page.screenshot(path=str(path), full_page=True)


def _image(path: Path) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}">'
