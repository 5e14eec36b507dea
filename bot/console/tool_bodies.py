"""What the agents' tools take."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field, conlist, constr

from bot.console.bodies import Close
from bot.desk.marks import Kind
from bot.http import Body

if TYPE_CHECKING:
    Keys = list[str]
else:
    Keys = conlist(constr(max_length=120), max_items=500)


class Seen(Body):
    keys: Keys


class Mark(Body):
    kind: Kind
    text: str


class Draft(Body):
    text: str


class FollowUp(Body):
    text: str = Field(..., min_length=2, max_length=200)
    due_at: datetime


class WrapUp(Close):
    follow_up: FollowUp | None = None
