"""Every failure the product knows. The docstring is the default message; the HTTP edge maps them once (RFC 9457).

What people read of it are the bank's words: the phrase `problem_<type>` of knowledge/, or the one that the error names.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import getdoc
from typing import Any


class QiantaiError(Exception):
    """Something went wrong inside."""

    status = 500
    type = "internal"

    def __init__(
        self,
        message: str | None = None,
        *,
        phrase: str | None = None,
        values: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        self.message = message or getdoc(type(self)) or type(self).__name__
        self.phrase = phrase or "problem_" + self.type.replace("-", "_")
        self.values = dict(values or {})
        self.extra = extra
        super().__init__(self.message)


class ConfigurationError(QiantaiError):
    """A setting is missing or wrong."""

    type = "configuration"


class InvalidInput(QiantaiError):
    """The request does not say what it must."""

    status = 422
    type = "invalid-input"


class Unauthorized(QiantaiError):
    """The session or token is not valid."""

    status = 401
    type = "unauthorized"


class Forbidden(QiantaiError):
    """Not permitted."""

    status = 403
    type = "forbidden"


class NotFound(QiantaiError):
    """Not found."""

    status = 404
    type = "not-found"


class Conflict(QiantaiError):
    """Things have changed meanwhile."""

    status = 409
    type = "conflict"


class StaleEpoch(Conflict):
    """Another holder or state: the epoch is old."""

    type = "stale-epoch"


class KeyReused(QiantaiError):
    """The same idempotency key with another body."""

    status = 422
    type = "idempotency-key-reused"


class TooManyRequests(QiantaiError):
    """Too many requests."""

    status = 429
    type = "too-many-requests"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class RefusedByGuard(QiantaiError):
    """The text lacks a mandatory warning or says something forbidden; it was not sent."""

    status = 422
    type = "refused-by-guard"


class KnowledgeError(QiantaiError):
    """Something in knowledge/ is wrong."""

    type = "knowledge"


class CalendarMissing(QiantaiError):
    """The holiday calendar does not reach that year."""

    type = "calendar-missing"


class StoreUnavailable(QiantaiError):
    """The database cannot be reached or stays locked."""

    status = 503
    type = "store-unavailable"
