"""Small talk is answered only when it is surely small talk. Pure.

A fragment that leans on nothing (还没到, 在哪进) comes out as a weak no or a weak greeting. Whoever asked is better
served by being asked back than by 您好.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.knowledge.model import Intent
from bot.knowledge.vocabulary import FALLBACK

SURE = 0.55


def doubted(parsed: dict[str, Any], intents: Mapping[str, Intent]) -> dict[str, Any]:
    """Rasa's parse, with a weak guess at small talk turned into "not understood"; the candidates stay."""
    intent = parsed.get("intent") or {}
    known = intents.get(intent.get("name") or "")
    if known is None or known.kind != "talk" or float(intent.get("confidence") or 0.0) >= SURE:
        return parsed
    return {**parsed, "intent": {**intent, "name": FALLBACK}}
