"""Who the bank is and where: bank.yml, branches.yml, and the places that customers name."""

from __future__ import annotations

import re

from pydantic import Field, validator

from bot.knowledge.fields import Frozen, Identifier, Text


class Bank(Frozen):
    """knowledge/bank.yml: who is speaking."""

    name: str
    sample: bool
    sample_notice: str
    hotline: str
    loss_line: str
    domains: tuple[str, ...]
    assistant_name: str
    banner: str
    hours: str
    complaint_channels: str
    appeal: str
    privacy_title: str
    privacy_text: str


class Branch(Frozen):
    id: Identifier
    name: str
    words: tuple[Text, ...] = Field((), description="how customers call it, where its name does not tell")
    district: str = Field(..., description="with the city in front: who asks for a place is told what is there")
    address: str
    phone: str
    hours: str
    weekend: str
    latitude: float | None = Field(None, ge=-90, le=90, description="GCJ-02, as maps in China and WeChat give it")
    longitude: float | None = Field(None, ge=-180, le=180)
    sample: bool = False


class Place(Frozen):
    """A city or district that customers name, and its short forms: 浦东 for 浦东新区.

    Those in `Branch.district` are known without it, by their full names.
    """

    id: Identifier
    name: Text
    words: tuple[Text, ...] = ()


class Institutions(Frozen):
    """Other banks, lenders and platforms: who asks about their matters is not one of ours. Only the model reads it."""

    banks: tuple[Text, ...]
    lenders: tuple[Text, ...]
    platforms: tuple[Text, ...]
    patterns: tuple[Text, ...] = Field((), description="regular expressions for such names")
    beside: tuple[str, ...] = Field((), description="words beside a name that make it a mere means of paying")

    @validator("patterns", each_item=True)
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"这个写法规律不是正则表达式：{error}") from None
        return pattern
