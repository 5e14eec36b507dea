"""The assistant: one turn in, what was understood and what to do out. Rasa stays behind this door."""

from bot.assistant.errors import TurnFailed, TurnTimeout
from bot.assistant.fake import FakeAssistant
from bot.assistant.service import Assistant

__all__ = ["Assistant", "FakeAssistant", "TurnFailed", "TurnTimeout"]
