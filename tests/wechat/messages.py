"""What customers send: messages and events, with the fields of the real ones."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from wechat.wire import written

Fields = dict[str, str | int]
ALLOWING_EVENTS = ("CLICK", "subscribe", "SCAN")  # after these the account may send three messages in a minute
SILENT_EVENTS = ("unsubscribe", "VIEW", "LOCATION")  # the customer looks elsewhere: no banner when these fail


@dataclass(frozen=True)
class Message:
    """One message or event of a customer. Retries and copies of it are the same Message."""

    account: str
    openid: str
    created: int  # Unix seconds
    type: str
    fields: Mapping[str, str | int]
    msgid: int | None = None  # events have none

    def xml(self) -> str:
        head: Fields = {"ToUserName": self.account, "FromUserName": self.openid}
        head |= {"CreateTime": self.created, "MsgType": self.type}
        tail: Fields = {} if self.msgid is None else {"MsgId": self.msgid}
        return written({**head, **self.fields, **tail})

    @property
    def action(self) -> str:
        """What it means for the right to send to this customer: message, CLICK, subscribe, SCAN, unsubscribe, other."""
        if self.type != "event":
            # an option of a menu message counts as a click: three messages in a minute, not five in 48 hours
            return "CLICK" if "bizmsgmenuid" in self.fields else "message"
        event = str(self.fields["Event"])
        return event if event in (*ALLOWING_EVENTS, "unsubscribe") else "other"

    @property
    def banner_is_seen(self) -> bool:
        return self.fields.get("Event") not in SILENT_EVENTS


def new_msgid() -> int:
    return secrets.randbits(62) | 1 << 60


def text(content: str, menu_id: str | None = None) -> Fields:
    fields: Fields = {"Content": content}
    return fields if menu_id is None else fields | {"bizmsgmenuid": menu_id}


def voice(recognition: str | None) -> Fields:
    """Without `recognition` where the account has speech recognition switched off."""
    fields: Fields = {"MediaId": _media(), "Format": "amr"}
    return fields if recognition is None else fields | {"Recognition": recognition}


def image() -> Fields:
    return {"PicUrl": "http://mmbiz.qpic.cn/mmbiz_jpg/picture/0", "MediaId": _media()}


def video() -> Fields:
    return {"MediaId": _media(), "ThumbMediaId": _media()}


def file(name: str) -> Fields:
    return {
        "Title": name,
        "Description": "",
        "FileKey": _media(),
        "FileMd5": secrets.token_hex(16),
        "FileTotalLen": 4096,
    }


def location(lat: float, lon: float, label: str) -> Fields:
    return {"Location_X": f"{lat:.6f}", "Location_Y": f"{lon:.6f}", "Scale": 15, "Label": label}


def link(title: str, description: str, url: str) -> Fields:
    return {"Title": title, "Description": description, "Url": url}


def event(name: str, key: str, more: Mapping[str, str | int]) -> Fields:
    """`key` is the menu's key, the address for VIEW, the scene for SCAN, qrscene_... for subscribe."""
    fields: Fields = {"Event": name}
    if name == "LOCATION":
        fields |= {"Latitude": "31.230416", "Longitude": "121.473701", "Precision": "40.000000"}
    else:
        fields["EventKey"] = key
    if name == "SCAN" or key.startswith("qrscene_"):
        fields["Ticket"] = _media()
    return {**fields, **more}


def _media() -> str:
    return secrets.token_urlsafe(48)
