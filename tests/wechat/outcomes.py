"""What the platform makes of an account's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from wechat.messages import Message
from wechat.posting import Raw
from wechat.sealing import Seal, SealBroken
from wechat.wire import NotTheirXml, read

Mode = Literal["aes", "compatible", "plain"]
Kind = Literal["reply", "success", "empty", "fault"]
REPLY_TYPES = ("text", "image", "voice", "video", "music", "news", "transfer_customer_service")
TEXT_LIMIT = 2048  # UTF-8 bytes


class NoReply(ValueError):
    """The body is none that the platform knows; the text says why."""


class NotVerified(Exception):
    """The account's server did not echo the platform's word."""


@dataclass(frozen=True)
class Reply:
    """A passive reply, opened and checked. `text` is None for other types than text."""

    type: str
    text: str | None
    fields: Mapping[str, str]
    sealed: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: all its attempts, and what the last of them brought."""

    message: Message
    kind: Kind
    attempts: tuple[Raw, ...]
    reply: Reply | None = None
    reason: str = ""  # why it is a fault

    @property
    def text(self) -> str | None:
        return self.reply.text if self.reply else None

    @property
    def status(self) -> int | None:
        return self.attempts[-1].status

    @property
    def seconds(self) -> float:
        """From the first attempt to the last one's end."""
        return sum(attempt.seconds for attempt in self.attempts)


def judged(message: Message, attempts: tuple[Raw, ...], mode: Mode, seal: Seal) -> Outcome:
    last = attempts[-1]
    if last.end != "answered":
        return Outcome(message, "fault", attempts, reason=f"no answer: {last.end}")
    if last.status != 200:
        return Outcome(message, "fault", attempts, reason=f"HTTP status {last.status}")
    if last.body == b"":
        return Outcome(message, "empty", attempts)
    if last.body == b"success":
        return Outcome(message, "success", attempts)
    try:
        return Outcome(message, "reply", attempts, reply_in(last.body, message, mode, seal))
    except (NoReply, SealBroken, NotTheirXml) as error:
        return Outcome(message, "fault", attempts, reason=str(error))


def reply_in(body: bytes, message: Message, mode: Mode, seal: Seal) -> Reply:
    """The reply to `message`. Raises NoReply, SealBroken or NotTheirXml."""
    fields = read(body)
    sealed = "Encrypt" in fields
    if sealed and mode == "plain":
        raise NoReply("encrypted in plain mode")
    if not sealed and mode == "aes":
        raise NoReply("not encrypted")
    if sealed:
        fields = read(_opened(fields, seal))
    _check_people(fields, message)
    if not fields.get("CreateTime", "").isdecimal():
        raise NoReply("CreateTime is no number")
    if fields.get("MsgType") not in REPLY_TYPES:
        raise NoReply(f"MsgType is {fields.get('MsgType')!r}")
    text = _text(fields) if fields["MsgType"] == "text" else None
    return Reply(fields["MsgType"], text, fields, sealed)


def _opened(fields: Mapping[str, str], seal: Seal) -> bytes:
    for name in ("MsgSignature", "TimeStamp", "Nonce"):
        if not fields.get(name):
            raise NoReply(f"{name} is missing")
    if fields["MsgSignature"] != seal.signature(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]):
        raise NoReply("MsgSignature is wrong")
    return seal.decrypt(fields["Encrypt"])


def _check_people(fields: Mapping[str, str], message: Message) -> None:
    if fields.get("ToUserName") != message.openid:
        raise NoReply("ToUserName is not the customer")
    if fields.get("FromUserName") != message.account:
        raise NoReply("FromUserName is not the account")


def _text(fields: Mapping[str, str]) -> str:
    content = fields.get("Content", "")
    if not content:
        raise NoReply("Content is missing or empty")
    if len(content.encode()) > TEXT_LIMIT:
        raise NoReply(f"Content has more than {TEXT_LIMIT} bytes")
    return content
