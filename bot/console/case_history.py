"""A case's history in words, line by line: what was done, by whom, and what is worth reading of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.clock import rfc3339
from bot.knowledge import Knowledge
from bot.tickets.model import CaseEvent, spoken
from bot.tickets.telling import OWN_FIGURES
from bot.tickets.worded import worded

PEOPLE = ("to", "owner", "approved_by", "lead")
FIRST = ("what", "way")
IDS = ("refs", "why", "channel", "template", "how", "message", "override")  # they stay in the record


class CaseHistory:
    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def line(self, event: CaseEvent, names: Mapping[str, str]) -> dict[str, Any]:
        """JSON of docs/tickets.md. `names`: username -> name."""
        return {
            "at": rfc3339(event.at),
            "actor": names.get(event.actor) or self.words(f"case_actor_{event.actor}", event.actor),
            "action": event.action,
            "label": self.words(f"case_event_{event.action}", event.action),
            "text": "；".join((*self._detail(event.detail, names), *self._answered_for(event.detail))),
        }

    def told(self, what: str) -> str:
        """What a text to the customer is called, by the phrase that it was made of."""
        return self.words(f"told_{what}", what)

    def words(self, phrase: str, otherwise: str = "") -> str:
        known = self.knowledge.phrases.get(phrase)
        return self.knowledge.phrase(phrase)[0] if known is not None else otherwise

    def _change(self, field: str, old: Any, new: Any) -> str:
        """What is no class of an axis is named, so that one reads what has changed."""
        label = self.words(f"case_column_{field}")
        said = "→".join(worded(self.knowledge, field, value) or "—" for value in (old, new))
        return f"{label}：{said}" if label else said

    def _answered_for(self, detail: Mapping[str, Any]) -> Iterator[str]:
        """What the guard did not let pass by itself, and who sends it says why."""
        rules = "、".join(found["reason"] for found in detail.get("against", ()))
        reason = detail.get("override")
        if reason == OWN_FIGURES:
            yield self.knowledge.phrase("case_told_own_figures", rules=rules)[0]
        elif reason:
            yield self.knowledge.phrase("case_told_override", reason=reason, rules=rules)[0]
        elif detail.get("confirmed"):
            yield self.knowledge.phrase("case_told_confirmed", rules=rules)[0]

    def _detail(self, detail: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
        """Its sentences, dates and people."""
        for name in (*(one for one in FIRST if one in detail), *(one for one in detail if one not in FIRST)):
            value = detail[name]
            if value in (None, "", [], {}, False):
                continue
            if name == "clock":
                yield self.knowledge.complaints.clock(str(value)).label
            elif name == "due":
                yield spoken(datetime.fromisoformat(str(value)))
            elif name in PEOPLE:
                yield names.get(str(value), str(value))
            elif name == "usernames":
                yield "、".join(names.get(user, user) for user in value)
            elif name == "percent":
                yield f"{value}%"
            elif name == "what":
                yield self.told(str(value))
            elif name == "way":
                yield self.words(f"case_way_{value}", str(value))
            elif name == "changed":
                yield from (self._change(field, old, new) for field, (old, new) in value.items())
            elif name == "answers":
                yield from (str(answer) for key, answer in value.items() if key != "reached")
            elif isinstance(value, str) and name not in IDS:
                yield value
