"""Accounts and the audit log in a real browser: axe finds nothing, and everything is done with the keyboard."""

from __future__ import annotations

import pytest
from pages import MakePage, at_desk, picture, violations
from playwright.sync_api import expect
from staged import Staged

pytestmark = pytest.mark.browser


def test_an_admin_makes_and_disables_an_account_with_the_keyboard(
    staged: Staged, new_page: MakePage, console_errors: list[str]
) -> None:
    page = at_desk(new_page(1280, 800), staged.url, "admin1")
    page.evaluate("location.hash = '#/people'")
    expect(page.get_by_role("heading", name="账号", exact=True)).to_be_focused()
    made = page.get_by_role("region", name="新建账号")
    made.get_by_label("用户名", exact=True).focus()
    for typed in ("wang", "王003", "a long password"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    made.get_by_label("资深坐席", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="账号已建立")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="wang").first).to_contain_text("资深坐席")
    disable = page.get_by_role("button", name="停用", exact=True)
    expect(disable).to_be_enabled()  # what was done before is over
    disable.press("Enter")
    expect(page.get_by_role("row").filter(has_text="wang").first).to_contain_text("已停用")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        picture(page, f"people-{scheme}")
        assert violations(page) == []

    page.evaluate("location.hash = '#/audit'")
    expect(page.get_by_role("row").filter(has_text="停用了账号")).to_contain_text("agent:wang")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        picture(page, f"audit-{scheme}")
        assert violations(page) == []
    assert console_errors == []
