"""What a notice is, and what may become of it. Addresses and texts are left out of every repr, so out of every log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol, get_args

from bot.errors import InvalidInput, QiantaiError

Kind = Literal["sms", "wechat", "mail"]
ADDRESS_MOST = 320  # characters; the longest that a mail address may have


class NoticesOff(QiantaiError):
    """No gateway for notices is set up: nothing can be sent outside a chat."""

    status = 503
    type = "notices-off"


class State(str, Enum):
    PENDING = "pending"  # to be sent at `next_at`
    SENDING = "sending"  # somebody is at it until `lease_until`
    SENT = "sent"
    FAILED = "failed"


class Fate(str, Enum):
    """What a port made of a notice."""

    DELIVERED = "delivered"  # the gateway has taken it on
    LATER = "later"  # not taken, or nobody knows: once more under the same id
    REFUSED = "refused"  # the gateway will never take it


@dataclass(frozen=True)
class Recipient:
    """Whom it goes to: a phone number, an openid, a mail address. Raises InvalidInput."""

    kind: Kind
    address: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InvalidInput(f"a notice goes by {', '.join(get_args(Kind))}")
        if not self.address.strip() or not self.address.isprintable() or len(self.address) > ADDRESS_MOST:
            raise InvalidInput("a notice needs an address to go to")


@dataclass(frozen=True)
class Outgoing:
    """A notice as a port gets it. `id` is the same at every try: by it the gateway knows a notice that it has."""

    id: str
    kind: str
    to: str = field(repr=False)
    template: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """`detail` for log and record: a status or the name of an error, never a word of the notice or of an answer."""

    fate: Fate
    detail: str = ""
    retry_after_s: float | None = None  # what the gateway asked for


class Port(Protocol):
    """Where notices leave the house."""

    def deliver(self, notice: Outgoing) -> Delivery:
        """Blocks until it is known, or not to be known."""


@dataclass(frozen=True)
class Notice:
    """A notice as it stands in the table, without its address. `about`: what it belongs to, for whoever put it."""

    id: str
    key: str = field(repr=False)  # the putter's; may be made of what is personal
    kind: str
    template: str
    text: str = field(repr=False)
    about: Mapping[str, Any] = field(repr=False)
    state: State
    attempts: int
    made_at: datetime
    done_at: datetime | None = None
    detail: str = ""
