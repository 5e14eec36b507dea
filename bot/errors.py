"""Every failure the product knows. The docstring is the default message; the HTTP edge maps them once (RFC 9457)."""

from __future__ import annotations

from inspect import getdoc
from typing import Any


class QiantaiError(Exception):
    """系统处理出错，请稍后再试。"""

    status = 500
    type = "internal"

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        self.message = message or getdoc(type(self)) or type(self).__name__
        self.extra = extra
        super().__init__(self.message)


class ConfigurationError(QiantaiError):
    """A setting is missing or wrong."""

    type = "configuration"


class InvalidInput(QiantaiError):
    """请求的内容不符合要求。"""

    status = 422
    type = "invalid-input"


class Unauthorized(QiantaiError):
    """登录或会话凭证无效，请重新进入。"""

    status = 401
    type = "unauthorized"


class Forbidden(QiantaiError):
    """没有这项操作的权限。"""

    status = 403
    type = "forbidden"


class NotFound(QiantaiError):
    """没有找到。"""

    status = 404
    type = "not-found"


class Conflict(QiantaiError):
    """情况已经变化，请刷新后再操作。"""

    status = 409
    type = "conflict"


class StaleEpoch(Conflict):
    """会话已由他人接手或状态已变化。"""

    type = "stale-epoch"


class KeyReused(QiantaiError):
    """同一个 Idempotency-Key 用在了不同的内容上。"""

    status = 422
    type = "idempotency-key-reused"


class TooManyRequests(QiantaiError):
    """操作太频繁，请稍后再试。"""

    status = 429
    type = "too-many-requests"

    def __init__(self, retry_after_s: int, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RefusedByGuard(QiantaiError):
    """这段话缺少必须的提示，或含有不允许的内容，没有发出。"""

    status = 422
    type = "refused-by-guard"


class KnowledgeError(QiantaiError):
    """knowledge/ 中的资料有错误。"""

    type = "knowledge"


class CalendarMissing(QiantaiError):
    """缺少这一年的节假日安排。"""

    type = "calendar-missing"


class StoreUnavailable(QiantaiError):
    """数据库暂时不可用，请稍后再试。"""

    status = 503
    type = "store-unavailable"
