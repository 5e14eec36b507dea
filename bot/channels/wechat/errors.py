"""What can go wrong between the platform and us."""

from __future__ import annotations

from bot.errors import QiantaiError


class WechatRefused(QiantaiError):
    """This is no message of the platform to this account."""

    status = 403
    type = "wechat-refused"

    def __init__(self, why: str) -> None:
        """`why`: signature | stale | encryption | appid | plain | too_large | xml | missing."""
        super().__init__(f"{type(self).__doc__} ({why})")
        self.why = why


class WechatUnavailable(QiantaiError):
    """The platform's interface did not answer as it should."""

    status = 502
    type = "wechat-unavailable"
