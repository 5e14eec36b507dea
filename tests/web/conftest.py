from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from chromium import is_error, launched
from playwright.sync_api import Browser, Page
from running import PASSWORD, PUBLIC, Running
from staged import Staged

ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    kept = Path(os.environ.get("QIANTAI_HOME") or ROOT / "var")
    (home / "models").symlink_to(kept / "models", target_is_directory=True)
    port, second = free_port(), free_port()
    environment = {
        **os.environ,
        "QIANTAI_HOME": str(home),
        "QIANTAI_DEMO_PASSWORD": PASSWORD,
        "QIANTAI_PUBLIC_URL": PUBLIC,
        "PORT": str(port),
        "QIANTAI_SECOND_PORT": str(second),
    }
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        transport = httpx.HTTPTransport(retries=START_S * 2)
        try:
            with httpx.Client(transport=transport, timeout=START_S) as client:
                _until_up(client, f"http://127.0.0.1:{port}/readyz", server, log)
            yield Running(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{second}", home, log)
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    """The product with a fake assistant; each test has agents and customers of its own."""
    server = Staged(tmp_path_factory.mktemp("staged"))
    server.start()
    yield server
    server.kill()


def _until_up(client: httpx.Client, url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_S):
        try:
            client.get(url).raise_for_status()
            return
        except httpx.HTTPError:
            try:
                server.wait(1)  # a second's patience; a server that ended will not come up any more
            except subprocess.TimeoutExpired:
                continue
            break
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="module")  # while it is open, no test with a loop of its own can run
def browser() -> Iterator[Browser]:
    with launched() as made:
        yield made


@pytest.fixture
def console_errors() -> list[str]:
    return []


@pytest.fixture
def new_page(browser: Browser, console_errors: list[str]) -> Iterator[object]:
    """Opens pages in contexts of their own, and notes whatever the browser complains about."""
    contexts = []

    def make(width: int = 1280, height: int = 800, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        page.on("console", lambda said: console_errors.append(said.text) if is_error(said) else None)
        return page

    yield make
    for context in contexts:
        context.close()
