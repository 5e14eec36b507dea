"""Ours held against another implementation of the protocol, wechatpy: both read what either of them writes."""

import random
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.messages import BaseMessage
from wechatpy.replies import TextReply

from bot.channels.wechat.crypto import Crypto
from bot.channels.wechat.errors import WechatRefused
from bot.channels.wechat.markup import cdata, read
from bot.channels.wechat.messages import parse, text_reply

TOKEN, KEY, APPID = "qiantai-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef"
OURS, THEIRS = Crypto.of(TOKEN, KEY, APPID), WeChatCrypto(TOKEN, KEY, APPID)
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
STAMP = str(int(NOW.timestamp()))
PARTS = [
    "您好",
    "我想买理财",
    "利率",
    "a",
    "Z9",
    " ",
    "\n",
    "。",
    "]]>",
    "]]",
    "<![CDATA[",
    "&amp;",
    "<b>",
    '"',
    "𠮷",
    "龘",
]
PARTS += ["😀", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "1️⃣", "é", "e\u0301", "\u3000", "ﷺ", "\U0010fffd"]
MESSAGES = 1000


def random_texts(seed: int) -> Iterator[str]:
    """Between blanks: the other one strips what stands at the ends."""
    draw = random.Random(seed)
    for _ in range(MESSAGES):
        yield "始" + "".join(draw.choices(PARTS, k=draw.randrange(60))) + "终"


def message(**fields: str) -> str:
    common = {"ToUserName": "gh_bank", "FromUserName": "oCustomer", "CreateTime": STAMP} | fields
    return f"<xml>{''.join(f'<{name}>{cdata(value)}</{name}>' for name, value in common.items())}</xml>"


# ---- encryption


def test_they_open_what_we_seal() -> None:
    for text in random_texts(seed=1):
        reply = text_reply("gh_bank", "oCustomer", text, NOW)
        sealed = OURS.seal(reply, NOW)
        fields = read(sealed)
        opened = THEIRS.decrypt_message(sealed, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
        assert opened == reply
        assert parse_message(opened.replace("</xml>", "<MsgId>1</MsgId></xml>")).content == text


def test_we_open_what_they_seal() -> None:
    for number, text in enumerate(random_texts(seed=2)):
        sent = message(MsgType="text", Content=text, MsgId=str(number))
        sealed = THEIRS.encrypt_message(sent, f"nonce-{number}", STAMP)
        fields = read(sealed.encode())
        query = {"timestamp": STAMP, "nonce": f"nonce-{number}", "msg_signature": fields["MsgSignature"]}
        opened = OURS.open(query, sealed.encode(), NOW)
        assert opened.decode() == sent
        assert (parse(opened).text, parse(opened).key) == (text, f"m:oCustomer:{number}")


def test_both_refuse_a_stranger_in_either_direction() -> None:
    other_token, other_account = Crypto.of("other", KEY, APPID), Crypto.of(TOKEN, KEY, "wx-other")
    for stranger, theirs, ours in (
        (other_token, InvalidSignatureException, "signature"),
        (other_account, InvalidAppIdException, "appid"),
    ):
        sealed = stranger.seal("<xml/>", NOW)
        fields = read(sealed)
        with pytest.raises(theirs):
            THEIRS.decrypt_message(sealed, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
        query = {"timestamp": STAMP, "nonce": fields["Nonce"], "msg_signature": fields["MsgSignature"]}
        with pytest.raises(WechatRefused, match=ours):
            OURS.open(query, sealed, NOW)


# ---- messages


def both(**fields: str) -> tuple[BaseMessage, dict[str, object]]:
    """What they make of it, and what ours makes of it, after the fields that all have were compared."""
    xml = message(**fields)
    theirs, ours = parse_message(xml), parse(xml.encode())
    assert (theirs.source, theirs.target, theirs.time) == (ours.openid, ours.account, ours.created)
    if ours.kind != "event":
        assert ours.key == f"m:{theirs.source}:{theirs.id}"
        assert theirs.type == ours.kind
    return theirs, vars(ours)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"MsgType": "text", "Content": "我要]]>挂失😀"}, {"content": "text"}),
        (
            {"MsgType": "image", "MediaId": "m-1", "PicUrl": "http://x.example/1"},
            {"media_id": "media_id", "image": "url"},
        ),
        (
            {"MsgType": "voice", "MediaId": "m-2", "Format": "amr", "Recognition": "转人工"},
            {"media_id": "media_id", "format": "media_format", "recognition": "text"},
        ),
        ({"MsgType": "video", "MediaId": "m-3", "ThumbMediaId": "t"}, {"media_id": "media_id"}),
        ({"MsgType": "shortvideo", "MediaId": "m-4", "ThumbMediaId": "t"}, {"media_id": "media_id"}),
        ({"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Label": "广州"}, {"label": "label"}),
        (
            {"MsgType": "link", "Title": "标题", "Description": "说明", "Url": "https://x.example/?a=1&b=2"},
            {"title": "title", "description": "description", "url": "url"},
        ),
    ],
    ids=lambda value: value.get("MsgType"),
)
def test_the_same_fields_of_every_kind_of_message(fields: dict[str, str], names: dict[str, str]) -> None:
    theirs, ours = both(MsgId="6054768590064713728", **fields)
    assert {name: getattr(theirs, name) for name in names} == {name: ours[own] for name, own in names.items()}


def test_the_same_point_of_a_place() -> None:
    theirs, ours = both(MsgType="location", Location_X="23.134521", Location_Y="113.358803", MsgId="1")
    assert tuple(map(float, theirs.location)) == (ours["latitude"], ours["longitude"])


@pytest.mark.parametrize(
    ("event", "key", "theirs_event", "theirs_key"),
    [
        ("subscribe", "", "subscribe", "key"),
        ("subscribe", "qrscene_branch-12", "subscribe_scan", "scene_id"),
        ("unsubscribe", "", "unsubscribe", None),
        ("SCAN", "branch-12", "scan", "scene_id"),
        ("CLICK", "human", "click", "key"),
        ("VIEW", "https://bank.example/a?b=1&c=2", "view", "url"),
        ("scancode_push", "k1", "scancode_push", "key"),
        ("scancode_waitmsg", "k2", "scancode_waitmsg", "key"),
        ("pic_sysphoto", "k3", "pic_sysphoto", "key"),
        ("pic_photo_or_album", "k4", "pic_photo_or_album", "key"),
        ("pic_weixin", "k5", "pic_weixin", "key"),
        ("location_select", "k6", "location_select", "key"),
        ("TEMPLATESENDJOBFINISH", "", "templatesendjobfinish", None),
        ("MASSSENDJOBFINISH", "", "masssendjobfinish", None),
    ],
)
def test_the_same_fields_of_every_event(event: str, key: str, theirs_event: str, theirs_key: str | None) -> None:
    theirs, ours = both(MsgType="event", Event=event, EventKey=key)
    assert theirs.event == theirs_event
    assert ours["event"] == theirs_event.removesuffix("_scan")
    if theirs_key:
        assert (getattr(theirs, theirs_key) or "") == ours["event_key"]


def test_the_same_point_of_a_reported_position() -> None:
    fields = {"Latitude": "23.137466", "Longitude": "113.352425", "Precision": "119.385040"}
    theirs, ours = both(MsgType="event", Event="LOCATION", **fields)
    assert theirs.event == ours["event"] == "location"
    assert (theirs.latitude, theirs.longitude) == (ours["latitude"], ours["longitude"])


def test_a_thousand_texts_read_the_same() -> None:
    for number, text in enumerate(random_texts(seed=3)):
        theirs, ours = both(MsgType="text", Content=text, MsgId=str(number))
        assert theirs.content == ours["text"] == text


# ---- replies


def test_our_reply_says_what_theirs_says() -> None:
    their_message = parse_message(message(MsgType="text", Content="问", MsgId="1"))
    for text in random_texts(seed=4):
        if "]]>" in text:  # theirs would not be well-formed
            continue
        theirs = TextReply(content=text, message=their_message, time=int(STAMP)).render()
        assert read(text_reply("gh_bank", "oCustomer", text, NOW).encode()) == read(theirs.encode())
