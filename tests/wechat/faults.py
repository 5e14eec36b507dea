"""What the platform's interface refuses with, and troubles that a test can order."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ERRORS = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40066: "invalid url",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    40200: "invalid account",
    41001: "access_token missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "no interaction with the user within 30 seconds",
    45081: "already in typing state",
    47001: "data format error",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
}


def answer(errcode: int) -> dict[str, int | str]:
    """The JSON of an answer that has nothing but a code."""
    message = ERRORS.get(errcode, "error")
    return {"errcode": errcode, "errmsg": message if errcode == 0 else f"{message} rid: 00000000-00000000-00000000"}


@dataclass(frozen=True)
class Fault:
    """One ordered trouble. `Fault(40001)` refuses with that code; the others have a maker each."""

    errcode: int | None = None
    way: Literal["refuse", "http", "hang", "reset", "answer_lost"] = "refuse"
    status: int = 200

    @classmethod
    def http(cls, status: int) -> Fault:
        return cls(way="http", status=status)

    @classmethod
    def hang(cls) -> Fault:
        """Takes the request and never answers, until the server stops."""
        return cls(way="hang")

    @classmethod
    def reset(cls) -> Fault:
        """Resets the connection before the body is read: nothing was accepted."""
        return cls(way="reset")

    @classmethod
    def answer_lost(cls) -> Fault:
        """Does what was asked, then resets the connection: the caller cannot know."""
        return cls(way="answer_lost")


class Faults:
    """The ordered troubles of each path, first in, first out."""

    def __init__(self) -> None:
        self._once: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}

    def inject(self, path: str, faults: Sequence[Fault], persistent: bool = False) -> None:
        """Each fault spoils one call; with `persistent` the last of them stays until it is healed."""
        if persistent:
            *faults, self._always[path] = faults
        self._once[path].extend(faults)

    def heal(self, path: str | None = None) -> None:
        """Forget what is ordered for `path`, or for all."""
        for healed in [path] if path is not None else [*self._once, *self._always]:
            self._once.pop(healed, None)
            self._always.pop(healed, None)

    def lift(self, errcode: int) -> None:
        """Forget the refusals with this code, on all paths."""
        for path, ordered in self._once.items():
            self._once[path] = deque(fault for fault in ordered if fault.errcode != errcode)
        self._always = {path: fault for path, fault in self._always.items() if fault.errcode != errcode}

    def next(self, path: str) -> Fault | None:
        if self._once[path]:
            return self._once[path].popleft()
        return self._always.get(path)
