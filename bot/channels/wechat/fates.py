"""What becomes of a message that we ask the platform to deliver."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fate(str, Enum):
    SENT = "sent"
    LATER = "later"  # certainly not sent; the same may work in a while
    HELD = "held"  # the customer must write first
    TOO_LONG = "too_long"
    REFUSED = "refused"  # this customer takes nothing from us any more
    STOPPED = "stopped"  # nothing goes out until somebody has looked
    NO_MENU = "no_menu"  # this account may not send menus
    AMBIGUOUS = "ambiguous"  # it may have been sent: there is no key that would make a second try harmless


@dataclass(frozen=True)
class Sent:
    """`detail` is for the log: it never holds an access token, an openid or a customer's text."""

    fate: Fate
    errcode: int | None = None
    detail: str = ""


TOKEN_REFUSED = frozenset({40001, 40014, 42001})

BUSY = frozenset({-1, 45011})  # the platform itself, or too many in this minute

_FATES = {
    0: Fate.SENT,
    **dict.fromkeys(BUSY, Fate.LATER),
    45015: Fate.HELD,  # 48 hours have passed
    45047: Fate.HELD,  # too many without an answer
    45080: Fate.HELD,  # "typing" only within 30 seconds of a message
    45081: Fate.SENT,  # "typing" is shown already
    45002: Fate.TOO_LONG,
    40003: Fate.REFUSED,  # no such customer here
    43004: Fate.REFUSED,  # follows us no longer
    **dict.fromkeys(TOKEN_REFUSED, Fate.STOPPED),
    45009: Fate.STOPPED,  # the day's quota is used up
    48001: Fate.STOPPED,  # the account may not do this
    40164: Fate.STOPPED,  # our address is not on the platform's list
    40200: Fate.NO_MENU,
}


def fate_of(errcode: int) -> Fate:
    """A refusal that we do not know concerns this message, as far as we can tell: it must not stop all the others."""
    return _FATES.get(errcode, Fate.LATER)
