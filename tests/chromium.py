"""A headless Chromium, as scripts/browser finds it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright

expect.set_options(timeout=15_000)  # two cores, two workers and a server each: what comes, comes late
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def launched() -> Iterator[Browser]:
    """While it is open, nothing with an event loop of its own can run in this thread."""
    named = (os.environ.get("QIANTAI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, (shutil.which(name) for name in named if name)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def is_error(said: ConsoleMessage) -> bool:
    """A page's own error; that an answer of the server is no 200 is none."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")
