"""Reads the customer's turn out of Rasa's tracker. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.model import Understanding
from bot.knowledge.vocabulary import FALLBACK

CANDIDATES = 3


@dataclass(frozen=True)
class Turn:
    """`product` is the one named now, or the one the conversation is about."""

    conversation_id: str
    seq: int
    text: str
    choice: str | None
    script: str | None  # the script behind the choice
    understanding: Understanding
    product: str | None


def read(sender_id: str, latest: Mapping[str, Any], slots: Mapping[str, Any], number: int) -> Turn:
    """`number` stands for the sequence number where the message did not come through our channels (`rasa shell`)."""
    given = latest.get("metadata") or {}
    understood = understanding(latest, latest.get("text") or "")
    earlier = given.get("product") if "seq" in given else slots.get("product")  # the slot knows no time
    return Turn(
        conversation_id=sender_id,
        seq=given.get("seq", number),
        text=understood.text,
        choice=given.get("choice"),
        script=given.get("script"),
        understanding=understood,
        product=understood.product or earlier,
    )


def product_of(parsed: Mapping[str, Any]) -> str | None:
    return next((str(e["value"]) for e in parsed.get("entities") or () if e["entity"] == "product"), None)


def understanding(
    parsed: Mapping[str, Any], text: str, model: str = "", with_earlier: str = "", again: float | None = None
) -> Understanding:
    """Rasa's parse as ours: the fallback is no candidate, the first three others are."""
    intent = parsed.get("intent") or {}
    ranking = [(one["name"], float(one["confidence"])) for one in parsed.get("intent_ranking") or ()]
    return Understanding(
        text=text,
        intent=intent.get("name") or FALLBACK,
        confidence=float(intent.get("confidence") or 0.0),
        candidates=tuple(one for one in ranking if one[0] != FALLBACK)[:CANDIDATES],
        entities=tuple(parsed.get("entities") or ()),
        model=model,
        with_earlier=with_earlier,
        again=again,
    )
