"""What the guard is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    second: Callable[[str], Mapping[str, float]] | None = None  # the second reader, for what people type


@dataclass(frozen=True)
class Finding:
    """One fault: `rule` is a promise's id, "secret", "link", "figure", "unsourced", "missing:<disclosure>" or
    "second:<kind>"; `words` as they stand in the text. One that is `doubtful` may be confirmed by who typed it."""

    rule: str
    reason: str
    words: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True)
class Verdict:
    """`action`: "doubt" is no refusal, who typed the text has only to look at it again. `text` carries every mandatory
    text, whatever `action` says: it is what an override delivers, and what the bot delivers on "complete".
    `completed_text` is the same where something had to be added, else None."""

    action: Literal["allow", "doubt", "complete", "refuse"]
    text: str
    disclosures: tuple[Reference, ...] = ()  # those standing in `text`
    findings: tuple[Finding, ...] = ()
    completed_text: str | None = None
    topics: frozenset[str] = frozenset()
