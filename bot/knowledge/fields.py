"""What the fields of knowledge/ are made of, and that every entry is strict and unchangeable."""

from __future__ import annotations

import re

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
