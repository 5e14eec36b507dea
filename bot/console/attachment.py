"""What a customer sent, as a response: pictures may be shown, everything else is only saved, nothing is ever run."""

from __future__ import annotations

import re
from urllib.parse import quote

from sanic import HTTPResponse
from sanic.response import raw

from bot.desk.media import Media

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
SAVED = "application/octet-stream"
UNSAFE = re.compile(r"[^\w.\-]+")  # signs, paths, line ends, and marks that turn the direction of writing
NAME_CHARS = 80
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def shown(media: Media) -> HTTPResponse:
    """Pictures of known types inline, the rest as an attachment of no type."""
    kind = media.content_type.partition(";")[0].strip().lower()
    inline = kind in SHOWN
    name = safe_name(media.name)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    headers = {**HEADERS, "Content-Disposition": disposition}
    return raw(media.body, 200, headers, kind if inline else SAVED)


def safe_name(name: str) -> str:
    """Letters of any script, digits, dot, hyphen and underscore; never empty, hidden or a path."""
    kept = UNSAFE.sub("_", name.encode(errors="ignore").decode())
    stem, dot, ending = kept.rpartition(".")
    kept = f"{stem[:NAME_CHARS]}{dot}{ending[:NAME_CHARS]}".lstrip("._")
    return kept or "file"
