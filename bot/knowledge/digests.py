"""One short name for one content: the digest of an entry's canonical JSON, by which a message names what it was made
of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.db import dumps
from bot.knowledge.fields import Frozen


def content(item: Frozen) -> dict[str, Any]:
    """As plain JSON. Defaults are left out: a field that a later release brings makes no new version of an old text."""
    plain: dict[str, Any] = json.loads(json.dumps(item.dict(exclude_defaults=True), default=str))
    return plain


def digest(item: Frozen) -> str:
    return digest_of_content(content(item))


def digest_of_content(plain: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON, the first 128 bits as hex: they stand in every message's event."""
    return sha256(dumps(dict(plain)).encode()).hexdigest()[:32]
