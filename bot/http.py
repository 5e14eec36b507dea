"""What every HTTP surface shares: strict bodies, problem details (RFC 9457), security headers, event streams."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, Extra, ValidationError
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import BaseHTTPResponse, raw

from bot.errors import InvalidInput, NotFound, QiantaiError, TooManyRequests
from bot.knowledge import Knowledge

log = logging.getLogger(__name__)

HEARTBEAT_S = 15.0
POLL_S = 2.0  # wake-ups may be lost, the log may not
MAX_WAIT_S = 25  # of one long poll
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src {connect}; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PROBLEM_FIELDS = ("field", "holder", "epoch", "rules", "reasons", "completed_text", "confirmable")

M = TypeVar("M", bound="Body")


class Body(BaseModel):
    """A request's JSON. Unknown fields are refused."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = False


def parse(request: Request, model: type[M]) -> M:
    """The request's body as `model`. Raises InvalidInput that names the field."""
    try:
        data = json.loads(request.body or b"{}")
        if not isinstance(data, dict):
            raise InvalidInput("the body is not a JSON object", field="body")
        # half an emoji, cut by a phone, is no character: no store and no hash takes it
        return model.parse_obj(json.loads(json.dumps(data, ensure_ascii=False).encode(errors="ignore")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{field}: {first['msg']}", field=field) from None
    except (ValueError, RecursionError):
        raise InvalidInput("the body is not JSON", field="body") from None


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def idempotency_key(request: Request, longest: int = 100) -> str:
    """The key of a message, under which it is stored and found again."""
    key = str(request.headers.get("idempotency-key", ""))
    if not (8 <= len(key) <= longest and key.isascii() and key.isprintable()):
        raise InvalidInput(
            f"the header Idempotency-Key must have 8 to {longest} letters, digits or signs", field="Idempotency-Key"
        )
    return key


def number(request: Request, name: str, otherwise: int, most: int) -> int:
    """A number from 1 to `most` in the address. Raises InvalidInput."""
    given = request.args.get(name) or str(otherwise)
    if not (_is_number(given) and 1 <= int(given) <= most):
        raise InvalidInput(f"{name} is 1 to {most}", field=name)
    return int(given)


def wait_asked(request: Request) -> float:
    """How many seconds a long poll may take. Raises InvalidInput."""
    given = request.args.get("wait") or "0"
    if not given.isdecimal() or len(given) > 4:
        raise InvalidInput("wait must be seconds", field="wait")
    return float(min(int(given), MAX_WAIT_S))


def page_asked(request: Request, limit: int, most: int = 200) -> tuple[int, int | None]:
    """`limit` and `after` of a list whose entries have numbers. Raises InvalidInput that names the field."""
    after = request.args.get("after", "")
    if after and not _is_number(after):
        raise InvalidInput("after is the id of an entry", field="after")
    return number(request, "limit", limit, most), int(after) if after else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9  # as far as ids reach in every database


def client_address(request: Request) -> str:
    """Who asks: behind our own proxies what they say, else the socket."""
    return request.remote_addr or request.ip


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    """JSON with Chinese as itself; never cached, for it may be about a person."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return raw(body, status, {"Cache-Control": "no-store", **(headers or {})}, "application/json; charset=utf-8")


def problem(error: QiantaiError, knowledge: Knowledge) -> HTTPResponse:
    """An error as problem details, in the bank's words."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_s)
    known = error.phrase in knowledge.phrases
    body = {
        "type": f"urn:qiantai:problem:{error.type}",
        "title": type(error).__name__,
        "status": error.status,
        "detail": knowledge.phrase(error.phrase, **error.values)[0] if known else error.message,
        **{field: error.extra[field] for field in PROBLEM_FIELDS if field in error.extra},
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return raw(content, error.status, headers, "application/problem+json; charset=utf-8")


def install(app: Sanic, knowledge: Knowledge, connect_sources: Iterable[str] = ()) -> None:
    """Errors and headers for the whole app."""
    csp = CSP.format(connect=" ".join(("'self'", *connect_sources)))

    async def on_error(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, QiantaiError):
            if error.status >= 500:
                log.error("%s %s: %s", request.method, _path(request), error.message)
            return problem(error, knowledge)
        if isinstance(error, SanicException):
            shown = NotFound() if error.status_code == 404 else InvalidInput(type(error).__name__)
            shown.status = error.status_code
            return problem(shown, knowledge)
        log.error("%s %s failed: %s", request.method, _path(request), type(error).__name__, exc_info=error)
        return problem(QiantaiError(), knowledge)

    async def on_response(request: Request, response: BaseHTTPResponse) -> None:
        response.headers.setdefault("Content-Security-Policy", csp)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Frame-Options", "DENY")

    app.error_handler.add(Exception, on_error)
    app.register_middleware(on_response, "response")


def _path(request: Request) -> str:
    """For the log: without the token of a link, by which anybody could answer."""
    return re.sub(r"^(/survey/).+", r"\1…", request.path)


def allow_origins(app: Sanic, prefix: str, allowed: Callable[[], Iterable[str]]) -> None:
    """CORS for the paths under `prefix`: only the named origins, no cookies."""

    def headers(request: Request) -> dict[str, str]:
        origin = request.headers.get("origin", "")
        if not request.path.startswith(prefix) or origin not in set(allowed()):
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": "600",
            "Vary": "Origin",
        }

    async def preflight(request: Request) -> HTTPResponse | None:
        if request.method == "OPTIONS" and request.path.startswith(prefix):
            return raw(b"", 204, headers(request))
        return None

    async def on_response(request: Request, response: BaseHTTPResponse) -> None:
        response.headers.update(headers(request))

    app.register_middleware(preflight, "request")
    app.register_middleware(on_response, "response")


def same_origin(request: Request) -> bool:
    """A browser that sends an Origin must send ours."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.host


class EventStream:
    """Server-sent events: numbered frames, a heartbeat, an end when the server stops."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self._last = asyncio.get_running_loop().time()

    @classmethod
    async def open(cls, request: Request) -> EventStream:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
        stream = cls(response)
        await stream._send(": open\n\n")
        return stream

    async def event(self, name: str, data: Any, seq: int | None = None) -> None:
        number = f"id: {seq}\n" if seq is not None else ""
        await self._send(f"{number}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")

    async def beat(self) -> bool:
        """Send a heartbeat when the stream has been quiet for long; True when it did."""
        quiet = asyncio.get_running_loop().time() - self._last >= HEARTBEAT_S
        if quiet:
            await self._send(": beat\n\n")
        return quiet

    async def close(self) -> None:
        await self._response.eof()

    async def _send(self, frame: str) -> None:
        await self._response.send(frame.encode())
        self._last = asyncio.get_running_loop().time()
