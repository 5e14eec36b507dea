"""What the desk knows of the channel over which a customer is reached, and what its streams have told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.model import Conversation
from bot.db import Tx

ChannelState = Callable[[Tx, Conversation], Mapping[str, Any]]
"""How far the customer can be reached now, as JSON; a channel that knows more than its name says more:

{"name", "subscribed": bool, "window_until": RFC 3339 | null, "left": int | null, "held": int,
"deliveries": {"SEQ": "pending|sent|ambiguous|held|failed|dropped"}}
"""


def name_only(_tx: Tx, conversation: Conversation) -> Mapping[str, Any]:
    """A channel that is always there, such as the web chat."""
    return {"name": conversation.channel}


def in_brief(state: Mapping[str, Any]) -> dict[str, Any]:
    """Without what became of each message: for lists of conversations that are not the agent's."""
    return {field: value for field, value in state.items() if field != "deliveries"}


@dataclass(frozen=True)
class Seen:
    """What a stream has sent of one conversation. The channel may change although nothing is said."""

    last_seq: int = 0
    channel_state: Mapping[str, Any] | None = None
