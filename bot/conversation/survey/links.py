"""Links to the survey of a case: who has one may answer, and learns nothing of the case by it.

A link holds the survey's own conversation, which says nothing outside, and 128 bits of a signature: nobody finds one by
trying. When it has ended stands in the store: its conversation was made so many days ago (`Linked`).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.compliance.links import is_own
from bot.errors import ConfigurationError, NotFound
from bot.privacy import sealing

PATH = "/survey/"
_TOKEN = re.compile(r"([0-9a-f]{24})([0-9a-f]{32})")  # letters and digits only: nothing cuts it out of a text wrongly


class LinkGone(NotFound):
    """This link is not, or no longer, good for anything."""

    type = "survey-link-gone"


class Links:
    def __init__(self, secret: bytes, public_url: str | None) -> None:
        """`public_url`: the origin at which customers reach the page; None: there are no links."""
        self._key = sealing.derive(secret, "survey-link")
        self._public_url = public_url

    def url(self, conversation_id: str) -> str | None:
        return f"{self._public_url}{PATH}{self.token(conversation_id)}" if self._public_url else None

    def token(self, conversation_id: str) -> str:
        return conversation_id + self._signature(conversation_id)

    def conversation(self, token: str) -> str:
        """Raises LinkGone for a forged or cut token."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[2], self._signature(found[1])):
            raise LinkGone()
        return found[1]

    def _signature(self, conversation_id: str) -> str:
        return sealing.fingerprint(self._key, conversation_id)[:32]


def check_host(public_url: str | None, domains: Sequence[str]) -> None:
    """Raises ConfigurationError: the guard would let no link through."""
    host = urlsplit(public_url).hostname if public_url else None
    if public_url and not (host and is_own(host, domains)):
        raise ConfigurationError(
            f"QIANTAI_PUBLIC_URL: {host!r} is none of the bank's domains ({', '.join(domains)}), so no customer may be "
            "given a link to it: set another address, or add the domain to knowledge/bank.yml"
        )
