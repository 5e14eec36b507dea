"""What the guard is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import Reference


@dataclass(frozen=True)
class Context:
    """What is known beside the text. `required` are ids of disclosures; `quoted` are the customer's own messages, whose
    words may be repeated in quotation marks."""

    topics: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    author: Literal["bot", "agent"] = "bot"
    approved: bool = False  # the text is an approved script's
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One fault: `rule` is a promise's id, "secret", or "missing:<disclosure>"; `words` as they stand in the text."""

    rule: str
    reason: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """`text` carries every mandatory text, whatever `action` says: it is what an override delivers, and what the bot
    delivers on "complete". `completed_text` is the same where something had to be added, else None."""

    action: Literal["allow", "complete", "refuse"]
    text: str
    disclosures: tuple[Reference, ...] = ()  # those standing in `text`
    findings: tuple[Finding, ...] = ()
    completed_text: str | None = None
    topics: frozenset[str] = frozenset()
