"""The assistant: one turn in, what was understood and what to do out. Rasa stays behind this door."""

from bot.assistant.errors import TurnFailed, TurnTimeout
from bot.assistant.fake import FakeAssistant

__all__ = ["FakeAssistant", "TurnFailed", "TurnTimeout"]
