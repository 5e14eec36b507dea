"""The guard: what must stand in a text that goes to a customer, and what may not. Pure (requirements 2C)."""

from bot.compliance.engine import check
from bot.compliance.model import Context, Facts, Finding, Verdict
from bot.knowledge.model import Reference

__all__ = ["Context", "Facts", "Finding", "Reference", "Verdict", "check"]
