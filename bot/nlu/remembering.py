"""Rasa's processor with a memory of what it has read."""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 2_000  # texts, masked; some 2 kB each


class RememberingProcessor(MessageProcessor):
    """Many customers ask in the same words, and one asks again. A model reads a text in one way only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsed: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """The parse of the last `REMEMBERED` texts is kept; what is given back is the caller's own."""
        text = message.text or ""
        if text not in self._parsed:
            self._parsed[text] = dict(await super().parse_message(message, tracker, only_output_properties))
            if len(self._parsed) > REMEMBERED:
                self._parsed.popitem(last=False)
        self._parsed.move_to_end(text)
        return deepcopy(self._parsed[text])
