"""The platform's interface says no."""

from __future__ import annotations


class Refused(Exception):
    """Carries the error code."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode
