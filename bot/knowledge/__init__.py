"""What the bank says: approved scripts, mandatory texts, figures, phrases. YAML in, one frozen snapshot out."""

from bot.knowledge.loading import load
from bot.knowledge.snapshot import Knowledge

__all__ = ["Knowledge", "load"]
