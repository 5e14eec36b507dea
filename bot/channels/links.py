"""Signed links by which the bank says that two conversations are one customer's (WeChat and the web page)."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.errors import Unauthorized

HOURS = 24


class Links:
    def __init__(self, secret: bytes, page: str | None) -> None:
        """`page`: the address of the bank's page with the widget, or None where there is none."""
        # joined without dots: the guard reads a dot between letters as a foreign address, and refuses the text
        self._serializer = URLSafeTimedSerializer(secret, salt="customer-link", signer_kwargs={"sep": "~"})
        self._page = page

    def url(self, customer_id: str) -> str | None:
        """The page with the customer's token behind the #, which browsers send to no server."""
        return f"{self._page}#customer={self.token(customer_id)}" if self._page else None

    def token(self, customer_id: str) -> str:
        return str(self._serializer.dumps(customer_id))

    def customer(self, token: str) -> str:
        """Raises Unauthorized for a forged, cut or expired token."""
        try:
            return str(self._serializer.loads(token, max_age=HOURS * 3600))
        except (BadData, UnicodeError):
            raise Unauthorized() from None
