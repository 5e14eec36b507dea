"""The built pages (web/dist), read once at start and served from memory: no path of a request ever reaches the disk."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw, redirect

from bot.errors import ConfigurationError, NotFound

SURVEY = "/survey/index.html"  # also under every link's token, about which the page asks the server


@dataclass(frozen=True)
class Page:
    content: bytes
    content_type: str
    etag: str


def load(folder: Path) -> dict[str, Page]:
    """Every file of the folder by its path on the site. Raises ConfigurationError where the pages are not built."""
    pages = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            if kind.startswith("text/") or kind.endswith(("javascript", "json")):
                kind += "; charset=utf-8"
            etag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
            pages["/" + file.relative_to(folder).as_posix()] = Page(content, kind, etag)
    for needed in ("/widget.js", "/desk/index.html", "/demo/index.html", SURVEY):
        if needed not in pages:
            raise ConfigurationError(f"the pages are not built: {folder}{needed} is missing; run `make pages`")
    return pages


def blueprint(pages: dict[str, Page], name: str = "pages") -> Blueprint:
    site = Blueprint(name)

    async def serve(request: Request, path: str = "") -> HTTPResponse:
        wanted = request.path.rstrip("/")
        page = pages.get(wanted) or pages.get(f"{wanted}/index.html")
        if page is None and re.fullmatch(r"/survey/[^/]+", wanted):
            page = pages.get(SURVEY)
        if page is None:
            raise NotFound()
        headers = {"ETag": page.etag, "Cache-Control": "no-cache"}
        if page is pages.get(SURVEY):
            headers["X-Robots-Tag"] = "noindex, nofollow"
        if wanted == "/widget.js":
            headers["Access-Control-Allow-Origin"] = "*"  # hosts may load it as a module or with integrity
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.headers.get("if-none-match") == page.etag:
            return raw(b"", 304, headers)
        return raw(page.content, 200, headers, page.content_type)

    async def home(request: Request) -> HTTPResponse:
        return redirect("/demo")

    site.add_route(home, "/", name="home")
    folders = ("/demo", "/desk", "/survey")
    for number, route in enumerate(("/widget.js", *folders, *(f"{folder}/<path:path>" for folder in folders))):
        site.add_route(serve, route, name=f"page{number}")
    return site
