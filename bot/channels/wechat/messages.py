"""What the platform says to us, and the text that answers it at once. Pure; nothing here trusts what it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.wechat import markup
from bot.channels.wechat.errors import WechatRefused

KINDS = frozenset({"text", "voice", "image", "video", "shortvideo", "file", "location", "link"})
MAX_EVENT_KEY = 1024  # characters; a menu's address is the longest
_NAME = re.compile(r"[\x21-\x7e]{1,64}")
_TIME = re.compile(r"[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,20}")  # int64 by the book; as a key it may be any number
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_SCENE = "qrscene_"

Fields = Mapping[str, str]


@dataclass(frozen=True, repr=False)  # no repr: it would carry openid and words into a log
class Inbound:
    account: str
    openid: str
    created: int  # seconds
    kind: str  # text | voice | image | video | shortvideo | file | location | link | event | unknown
    key: str  # the same for every delivery of this message, and of no other
    text: str = ""  # of a voice message: what the platform heard, possibly nothing
    menu_id: str = ""  # of the choice that the customer tapped
    media_id: str = ""
    media_format: str = ""
    latitude: float | None = None
    longitude: float | None = None
    label: str = ""
    title: str = ""
    description: str = ""
    url: str = ""
    event: str = ""  # lower case
    event_key: str = ""  # of a subscription by QR code: the scene
    raw_kind: str = ""  # as the platform calls it


def parse(xml: bytes) -> Inbound:
    """One decrypted message.

    Raises WechatRefused: xml, too_large, or missing where a field that everything rests on is absent or misshapen.
    """
    fields = markup.read(xml)
    raw_kind = _required(fields, "MsgType", _NAME)
    account, openid = _required(fields, "ToUserName", _NAME), _required(fields, "FromUserName", _NAME)
    created = int(_required(fields, "CreateTime", _TIME))
    if raw_kind.lower() == "event":
        return _event(fields, account, openid, created, raw_kind)
    return _message(fields, account, openid, created, raw_kind)


def text_reply(inbound_account: str, openid: str, text: str, at: datetime) -> str:
    """The XML of a text from the account to the customer. Characters that XML 1.0 forbids are removed."""
    return (
        "<xml>"
        f"<ToUserName>{markup.cdata(openid)}</ToUserName>"
        f"<FromUserName>{markup.cdata(inbound_account)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime>"
        "<MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{markup.cdata(text)}</Content>"
        "</xml>"
    )


def _message(fields: Fields, account: str, openid: str, created: int, raw_kind: str) -> Inbound:
    kind = raw_kind.lower() if raw_kind.lower() in KINDS else "unknown"
    number = int(_required(fields, "MsgId", _NUMBER))
    if kind == "text" and "Content" not in fields:
        raise WechatRefused("missing")
    return Inbound(
        account,
        openid,
        created,
        kind,
        f"m:{openid}:{number}",  # with the openid: the numbers of two customers have been seen to collide
        text=fields.get({"text": "Content", "voice": "Recognition"}.get(kind, ""), ""),
        menu_id=_optional(fields, "bizmsgmenuid"),
        media_id=_optional(fields, "MediaId"),
        media_format=_optional(fields, "Format"),
        latitude=_degrees(fields, "Location_X"),
        longitude=_degrees(fields, "Location_Y"),
        label=_optional(fields, "Label"),
        title=_optional(fields, "Title"),
        description=_optional(fields, "Description"),
        url=_optional(fields, "Url") or _optional(fields, "PicUrl"),
        raw_kind=raw_kind,
    )


def _event(fields: Fields, account: str, openid: str, created: int, raw_kind: str) -> Inbound:
    event = _required(fields, "Event", _NAME).lower()
    event_key = _optional(fields, "EventKey")
    if len(event_key) > MAX_EVENT_KEY:
        raise WechatRefused("missing")
    if event == "subscribe":
        event_key = event_key.removeprefix(_SCENE)
    return Inbound(
        account,
        openid,
        created,
        "event",
        f"e:{openid}:{created}:{event}:{event_key}",
        latitude=_degrees(fields, "Latitude"),
        longitude=_degrees(fields, "Longitude"),
        event=event,
        event_key=event_key,
        raw_kind=raw_kind,
    )


def _required(fields: Fields, name: str, form: re.Pattern[str]) -> str:
    value = _optional(fields, name)
    if not form.fullmatch(value):
        raise WechatRefused("missing")
    return value


def _optional(fields: Fields, name: str) -> str:
    return fields.get(name, "").strip()


def _degrees(fields: Fields, name: str) -> float | None:
    """None where it does not read as one: a place without a point is still a message."""
    value = _optional(fields, name)
    return float(value) if _DEGREES.fullmatch(value) else None
