"""What the agents' API takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, conint, conlist, constr

from bot.http import Body

if TYPE_CHECKING:
    Roles = list[str]
    Skills = list[str]
    Limit = int
else:
    Roles = conlist(constr(max_length=20), max_items=10)
    Skills = conlist(constr(max_length=20), max_items=50)
    Limit = conint(strict=True, ge=0, le=100)


class SignIn(Body):
    username: str = Field(..., max_length=64)
    password: str = Field(..., max_length=200)


class Presence(Body):
    status: Literal["ready", "busy", "away", "offline"]


class Epoch(Body):
    epoch: int


class Decline(Epoch):
    reason: str = Field("", max_length=200)


class Override(Body):
    reason: str = Field(..., min_length=2, max_length=500)


class Message(Epoch):
    text: str
    override: Override | None = None
    confirmed: bool = False


class Transfer(Epoch):
    to: str = Field("", max_length=64)
    note: str = Field("", max_length=1000)
    anyway: bool = False


class TakeOver(Epoch):
    reason: str = Field(..., min_length=2, max_length=500)


class Close(Epoch):
    result: str
    category: str = Field("", max_length=60)
    note: str = Field("", max_length=1000)


class NewPassword(Body):
    password: str = Field(..., max_length=200)


class OwnPassword(NewPassword):
    old: str = Field(..., max_length=200)


class Account(NewPassword):
    username: str = Field(..., max_length=64)
    name: str = Field(..., max_length=64)
    roles: Roles = Field(default_factory=list)


class AccountChange(Body):
    """What is not named, or null, stays as it is."""

    name: str | None = Field(None, max_length=64)
    roles: Roles | None = None
    skills: Skills | None = None
    limit: Limit | None = None
