"""The built pages: read once, served from memory, and nothing else of the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.pages import load

NEEDED = ("widget.js", "desk/index.html", "demo/index.html", "survey/index.html")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"<!-- {name} -->")
    return tmp_path


def test_every_file_has_its_path_on_the_site(built: Path) -> None:
    (built / "desk" / "assets").mkdir()
    (built / "desk" / "assets" / "标志.svg").write_text("<svg/>")
    pages = load(built)
    assert set(pages) == {f"/{name}" for name in NEEDED} | {"/desk/assets/标志.svg"}
    assert pages["/desk/assets/标志.svg"].content_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("widget.js", "javascript; charset=utf-8"),
        ("desk/index.html", "text/html; charset=utf-8"),
        ("desk/x.css", "text/css; charset=utf-8"),
        ("desk/x.json", "application/json; charset=utf-8"),
        ("desk/x.png", "image/png"),
        ("desk/x.unheard-of", "application/octet-stream"),
    ],
)
def test_its_kind_is_told(built: Path, name: str, content_type: str) -> None:
    (built / name).write_bytes(b"x")
    assert load(built)[f"/{name}"].content_type.endswith(content_type)


def test_the_same_content_has_the_same_mark_and_another_another(built: Path) -> None:
    before = load(built)
    assert load(built) == before
    (built / "widget.js").write_text("changed")
    after = load(built)
    assert after["/widget.js"].etag != before["/widget.js"].etag
    assert after["/demo/index.html"].etag == before["/demo/index.html"].etag


@pytest.mark.parametrize("missing", NEEDED)
def test_what_is_not_built_is_told_with_what_to_do(built: Path, missing: str) -> None:
    (built / missing).unlink()
    with pytest.raises(ConfigurationError, match=rf"{missing} is missing; run `make pages`"):
        load(built)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="make pages"):
        load(tmp_path / "nowhere")


def test_what_changes_on_disk_later_is_not_served(built: Path) -> None:
    pages = load(built)
    (built / "widget.js").write_text("slipped in")
    assert pages["/widget.js"].content == b"<!-- widget.js -->"
