"""What the fields of knowledge/ are made of, and that every entry is strict and unchangeable."""

from __future__ import annotations

import re
from datetime import date

from pydantic import BaseModel, ConstrainedStr, Extra


class Identifier(ConstrainedStr):
    regex = re.compile(r"^[a-z][a-z0-9_]*$")
    max_length = 60


class Text(ConstrainedStr):
    min_length = 2


class Label(ConstrainedStr):
    min_length = 1
    max_length = 20


class TimeOfDay(ConstrainedStr):
    """Beijing time, "HH:MM"."""

    regex = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")


class Frozen(BaseModel):
    class Config:
        allow_mutation = False
        frozen = True
        extra = Extra.forbid
        anystr_strip_whitespace = True


class Dated(Frozen):
    """In force from one day to another, both counted; without them always. Editions of one id follow each other."""

    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)
