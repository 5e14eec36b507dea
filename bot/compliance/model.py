"""What the guard is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import Figure, Reference


@dataclass(frozen=True)
class Facts:
    """What a text is held against: the bank's own addresses and figures. `note` names the source of figures."""

    domains: tuple[str, ...]
    figures: tuple[Figure, ...]
    note: Callable[[Sequence[Figure]], str]


@dataclass(frozen=True)
class Context:
    """What is known beside the text. `required` are ids of disclosures; `quoted` are the customer's own messages, whose
    words may be repeated in quotation marks. Without `facts` links and figures are not looked at."""

    topics: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    author: Literal["bot", "agent"] = "bot"
    approved: bool = False  # the bank wrote the text: a script, or a line of the assistant
    quoted: tuple[str, ...] = ()
    facts: Facts | None = None


@dataclass(frozen=True)
class Finding:
    """One fault: `rule` is a promise's id, "secret", "link", "figure", "unsourced" or "missing:<disclosure>"; `words`
    as they stand in the text."""

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
