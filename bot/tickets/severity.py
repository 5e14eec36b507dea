"""How severe a complaint is, by the rules of knowledge/complaints.yml: words and amounts, the highest wins. Pure."""

from __future__ import annotations

from decimal import Decimal

from bot.knowledge.model import Complaints, SeverityRule
from bot.text.entities import extract
from bot.text.normalise import normalise
from bot.tickets.model import Severity


def severity_of(facts: str, rules: Complaints) -> Severity:
    """Nothing matches: 一般 (000-68)."""
    text, largest = normalise(facts), largest_amount(facts)
    matched = [Severity(rule.severity) for rule in rules.severities if _matches(rule, text, largest)]
    return max(matched, key=lambda s: s.rank, default=Severity.ORDINARY)


def largest_amount(facts: str) -> Decimal | None:
    """The number alone: whatever the currency, it decides who looks at the case, not what is paid."""
    return max((Decimal(e.value) for e in extract(facts) if e.kind == "amount"), default=None)


def _matches(rule: SeverityRule, text: str, amount: Decimal | None) -> bool:
    if any(normalise(word) in text for word in rule.words):
        return True
    return rule.amount_from is not None and amount is not None and amount >= rule.amount_from
