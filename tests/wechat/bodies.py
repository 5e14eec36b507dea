"""What the platform's interface reads in the bodies that it is sent."""

from __future__ import annotations

import json
import re
from typing import Any

from wechat.refusal import Refused

CONTENT_LIMIT = 2048  # UTF-8 bytes
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u")


def read_json(body: bytes) -> dict[str, Any]:
    r"""The object in `body`. \uXXXX is not undone, as on the platform: customers would read it. Raises Refused."""
    try:
        read = json.loads(_ESCAPE.sub(rb"\1\\\\u", body))
    except ValueError:
        raise Refused(47001) from None
    if not isinstance(read, dict):
        raise Refused(47001)
    return read


def readable(body: dict[str, Any]) -> str:
    """What the customer will read of a message to him. Raises Refused where it is none."""
    kind = body.get("msgtype")
    if kind not in ("text", "msgmenu"):
        raise Refused(40008)
    content = body.get(kind)
    if not isinstance(content, dict):
        raise Refused(47001)
    text = _word(content, "content") if kind == "text" else _menu(content)
    if not text:
        raise Refused(44004)
    if len(text.encode()) > CONTENT_LIMIT:
        raise Refused(45002)
    return text


def _menu(content: dict[str, Any]) -> str:
    """Head, options and tail, each on its line."""
    options = content.get("list")
    if not isinstance(options, list) or not options or not all(isinstance(option, dict) for option in options):
        raise Refused(47001)
    for option in options:
        if not _word(option, "id") or not _word(option, "content"):
            raise Refused(47001)
    lines = (_word(content, "head_content"), *(_word(o, "content") for o in options), _word(content, "tail_content"))
    return "\n".join(line for line in lines if line)


def _word(fields: dict[str, Any], name: str) -> str:
    word = fields.get(name, "")
    if not isinstance(word, str):
        raise Refused(47001)
    return word
