"""What the platform sends, read; what it would never send, refused; what we answer, well-formed."""

from datetime import datetime, timezone
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.errors import WechatRefused
from bot.channels.wechat.messages import Inbound, parse, text_reply

AT = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
COMMON = {"ToUserName": "gh_bank", "FromUserName": "oCustomer", "CreateTime": "1763784000"}
TEXT = COMMON | {"MsgType": "text", "Content": "你好", "MsgId": "6054768590064713728"}
EVENT = COMMON | {"MsgType": "event", "Event": "CLICK", "EventKey": "human"}


def xml(fields: dict[str, str], more: str = "") -> bytes:
    written = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{written}{more}</xml>".encode()


def without(fields: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in fields.items() if key != name}


def why(body: bytes) -> str:
    with pytest.raises(WechatRefused) as refused:
        parse(body)
    assert refused.value.__cause__ is None
    return refused.value.why


# ---- what it reads


def test_a_text() -> None:
    assert parse(xml(TEXT)) == Inbound(
        account="gh_bank",
        openid="oCustomer",
        created=1763784000,
        kind="text",
        key="m:oCustomer:6054768590064713728",
        text="你好",
        raw_kind="text",
    )


def test_a_tapped_choice_names_its_menu_item() -> None:
    assert parse(xml(TEXT | {"bizmsgmenuid": "human"})).menu_id == "human"


@pytest.mark.parametrize("said", ["", " ", "  两边的空格 ", "第一行\n第二行", "<b>&amp;</b>", "👨‍👩‍👧", "/intent{}"])
def test_words_stay_as_they_are(said: str) -> None:
    assert parse(xml(TEXT | {"Content": said})).text == said


def test_words_may_come_escaped_instead_of_in_cdata() -> None:
    assert parse(xml(without(TEXT, "Content"), "<Content>1 &lt; 2 &amp;&#x597D;</Content>")).text == "1 < 2 &好"


def test_a_voice_message_with_and_without_what_was_heard() -> None:
    voice = COMMON | {"MsgType": "voice", "MediaId": "media-1", "Format": "amr", "MsgId": "1"}
    message = parse(xml(voice | {"Recognition": "我要挂失"}))
    assert (message.kind, message.text, message.media_id, message.media_format) == (
        "voice",
        "我要挂失",
        "media-1",
        "amr",
    )
    assert parse(xml(voice)).text == ""


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo"])
def test_a_picture_or_a_film(kind: str) -> None:
    fields = COMMON | {"MsgType": kind, "MediaId": "media-2", "PicUrl": "http://x.example/p", "MsgId": "2"}
    message = parse(xml(fields))
    assert (message.kind, message.media_id, message.url) == (kind, "media-2", "http://x.example/p")


def test_a_file() -> None:
    message = parse(xml(COMMON | {"MsgType": "file", "Title": "流水.pdf", "Description": "三个月", "MsgId": "3"}))
    assert (message.kind, message.title, message.description) == ("file", "流水.pdf", "三个月")


def test_a_place() -> None:
    fields = {"MsgType": "location", "Location_X": "23.134521", "Location_Y": "-113.35", "Label": "广州", "MsgId": "4"}
    message = parse(xml(COMMON | fields))
    assert (message.kind, message.latitude, message.longitude, message.label) == (
        "location",
        23.134521,
        -113.35,
        "广州",
    )


@pytest.mark.parametrize("written", ["", "nan", "inf", "1e3", "北纬", "1,5", "1234.5", "--1", "１"])
def test_a_place_that_cannot_be_read_is_a_message_without_a_point(written: str) -> None:
    message = parse(xml(COMMON | {"MsgType": "location", "Location_X": written, "Location_Y": written, "MsgId": "4"}))
    assert (message.kind, message.latitude, message.longitude) == ("location", None, None)


def test_a_link() -> None:
    fields = {
        "MsgType": "link",
        "Title": "标题",
        "Description": "说明",
        "Url": "https://x.example/?a=1&b=2",
        "MsgId": "5",
    }
    message = parse(xml(COMMON | fields))
    assert (message.title, message.description, message.url) == ("标题", "说明", "https://x.example/?a=1&b=2")


def test_a_kind_that_nobody_knows_is_told_as_such() -> None:
    message = parse(xml(COMMON | {"MsgType": "MiniProgramPage", "MsgId": "6"}))
    assert (message.kind, message.raw_kind, message.key) == ("unknown", "MiniProgramPage", "m:oCustomer:6")


@pytest.mark.parametrize(
    ("event", "key", "read", "read_key"),
    [
        ("subscribe", "", "subscribe", ""),
        ("subscribe", "qrscene_branch-12", "subscribe", "branch-12"),
        ("unsubscribe", "", "unsubscribe", ""),
        ("SCAN", "branch-12", "scan", "branch-12"),
        ("SCAN", "qrscene_12", "scan", "qrscene_12"),
        ("CLICK", "Human", "click", "Human"),
        ("VIEW", "https://bank.example/a?b=1&c=2", "view", "https://bank.example/a?b=1&c=2"),
        ("TEMPLATESENDJOBFINISH", "", "templatesendjobfinish", ""),
    ],
)
def test_an_event(event: str, key: str, read: str, read_key: str) -> None:
    message = parse(xml(EVENT | {"Event": event, "EventKey": key}))
    assert (message.kind, message.event, message.event_key) == ("event", read, read_key)
    assert message.key == f"e:oCustomer:1763784000:{read}:{read_key}"
    assert parse(xml(without(EVENT, "EventKey") | {"Event": "subscribe"})).event_key == ""


def test_a_reported_position() -> None:
    message = parse(xml(EVENT | {"Event": "LOCATION", "Latitude": "23.137466", "Longitude": "113.352425"}))
    assert (message.event, message.latitude, message.longitude) == ("location", 23.137466, 113.352425)


def test_nested_fields_are_passed_over() -> None:
    photos = "<SendPicsInfo><Count>1</Count><PicList><item><Event>CLICK</Event></item></PicList></SendPicsInfo>"
    assert parse(xml(EVENT | {"Event": "pic_weixin"}, photos)).event == "pic_weixin"


def test_neither_customer_nor_words_show_in_its_repr() -> None:
    shown = repr(parse(xml(TEXT)))
    assert "oCustomer" not in shown
    assert "你好" not in shown


# ---- keys


def test_the_same_number_from_two_customers_is_two_messages() -> None:
    assert parse(xml(TEXT)).key != parse(xml(TEXT | {"FromUserName": "oAnother"})).key


def test_two_menu_taps_in_one_second_are_two_events() -> None:
    assert parse(xml(EVENT)).key != parse(xml(EVENT | {"EventKey": "branches"})).key
    assert parse(xml(EVENT)).key != parse(xml(EVENT | {"Event": "VIEW"})).key
    assert parse(xml(EVENT)).key != parse(xml(EVENT | {"CreateTime": "1763784001"})).key


def test_a_repeated_delivery_has_the_same_key() -> None:
    assert parse(xml(EVENT)).key == parse(xml(EVENT | {"Event": "click"}, "<Extra>1</Extra>")).key
    assert parse(xml(TEXT)).key == parse(xml(TEXT | {"MsgId": " 06054768590064713728 "})).key


@pytest.mark.parametrize("number", ["9223372036854775807", "9223372036854775808", "18446744073709551615"])
def test_a_number_beyond_int64_keeps_every_digit(number: str) -> None:
    assert parse(xml(TEXT | {"MsgId": number})).key == f"m:oCustomer:{number}"


@pytest.mark.parametrize("number", ["", "abc", "-1", "1.0", "1e5", "０", "1" * 21, "0x1f", "1 2"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    assert why(xml(TEXT | {"MsgId": number})) == "missing"


# ---- what it refuses


@pytest.mark.parametrize("name", TEXT)
def test_a_text_without_one_of_its_fields_is_refused(name: str) -> None:
    assert why(xml(without(TEXT, name))) == "missing"


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event"])
def test_an_event_without_one_of_its_fields_is_refused(name: str) -> None:
    assert why(xml(without(EVENT, name))) == "missing"


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "MsgType"])
@pytest.mark.parametrize("value", ["", " ", "x" * 65, "客户", "a b", "a\tb", "a\u200b"])
def test_names_are_short_and_printable(name: str, value: str) -> None:
    assert why(xml(TEXT | {name: value})) == "missing"
    assert parse(xml(TEXT | {"FromUserName": "o" * 64})).openid == "o" * 64


@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "1" * 13])
def test_a_time_is_a_number(value: str) -> None:
    assert why(xml(TEXT | {"CreateTime": value})) == "missing"


def test_keys_of_events_are_bounded() -> None:
    assert parse(xml(EVENT | {"EventKey": "k" * 1024})).event_key == "k" * 1024
    assert why(xml(EVENT | {"EventKey": "k" * 1025})) == "missing"
    assert why(xml(EVENT | {"Event": "e" * 65})) == "missing"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(b"{}", id="JSON"),
        pytest.param(b"<xml>", id="open"),
        pytest.param(xml(TEXT) + b"<xml/>", id="two roots"),
        pytest.param(xml(TEXT).replace(b"xml>", b"html>"), id="another root"),
        pytest.param(xml(TEXT).replace(b"<xml>", b'<xml xmlns="urn:x">'), id="another root by namespace"),
        pytest.param(b"<!DOCTYPE xml>" + xml(TEXT), id="DOCTYPE"),
        pytest.param(b'<!DOCTYPE xml [<!ENTITY a "b">]>' + xml(TEXT), id="ENTITY"),
        pytest.param(b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">' + xml(TEXT), id="external"),
        pytest.param(xml(TEXT, "<A>&nbsp;</A>"), id="entity that nobody declared"),
        pytest.param(xml(TEXT, "<A>&#0;</A>"), id="NUL by reference"),
        pytest.param(xml(TEXT, "<A>&#xD800;</A>"), id="surrogate by reference"),
        pytest.param(xml(TEXT | {"Content": "a\0b"}), id="NUL in a field"),
        pytest.param(xml(TEXT | {"Content": "a\x08b"}), id="control character in a field"),
        pytest.param(xml(TEXT).decode().encode("gb18030"), id="not UTF-8"),
        pytest.param(b'<?xml version="1.0" encoding="gb18030"?>' + xml(TEXT).decode().encode("gb18030"), id="GB18030"),
        pytest.param(xml(TEXT).decode().encode("utf-16"), id="UTF-16"),
        pytest.param(xml(TEXT).replace("你好".encode(), b"\xed\xa0\x80"), id="surrogate in UTF-8"),
        pytest.param(xml(TEXT).replace("你好".encode(), b"\xc0\xaf"), id="overlong UTF-8"),
        pytest.param(xml(TEXT, "<FromUserName>oAnother</FromUserName>"), id="two customers"),
        pytest.param(xml(TEXT, "<Content>转账</Content>"), id="two contents"),
        pytest.param(xml(TEXT, "<A>" * 8 + "</A>" * 8), id="nine deep"),
        pytest.param(b"<xml>" + b"<a>" * 15000, id="thousands deep"),
        pytest.param(b"<xml>" * 8 + b"</xml>" * 9, id="one end too many"),
    ],
)
def test_xml_that_the_platform_does_not_write_is_refused(body: bytes) -> None:
    assert why(body) == "xml"


def test_eight_deep_is_read() -> None:
    assert parse(xml(TEXT, "<A>" * 7 + "</A>" * 7)).text == "你好"


def test_a_declaration_of_utf_8_is_read() -> None:
    assert parse(b'<?xml version="1.0" encoding="UTF-8"?>' + xml(TEXT)).text == "你好"
    assert parse("\ufeff".encode() + xml(TEXT)).text == "你好"


def test_whatever_encoding_it_declares_it_is_utf_8() -> None:
    assert parse(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + xml(TEXT)).text == "你好"


def test_the_size_is_bounded_at_64_kib() -> None:
    rest = 64 * 1024 - len(xml(TEXT | {"Content": ""}))
    assert parse(xml(TEXT | {"Content": "x" * rest})).text == "x" * rest
    assert why(xml(TEXT | {"Content": "x" * (rest + 1)})) == "too_large"
    assert why(xml(TEXT | {"Content": "x" * 2**20})) == "too_large"


def test_a_field_that_holds_elements_is_no_text() -> None:
    assert why(xml(without(TEXT, "Content"), "<Content>把钱<b>转走</b></Content>")) == "missing"


# ---- what it answers


def answered(text: str) -> dict[str, str]:
    return {
        element.tag: element.text or ""
        for element in ElementTree.fromstring(text_reply("gh_bank", "oCustomer", text, AT))
    }


def test_a_reply_goes_the_other_way() -> None:
    assert answered("您好") == {
        "ToUserName": "oCustomer",
        "FromUserName": "gh_bank",
        "CreateTime": str(int(AT.timestamp())),
        "MsgType": "text",
        "Content": "您好",
    }


@pytest.mark.parametrize(
    "text", ["]]>", "a]]>b]]>c", "]]]]>>", "]]", "]]&gt;", "<![CDATA[x]]>", "</Content>", "👨‍👩‍👧]]>🇨🇳"]
)
def test_a_reply_arrives_unchanged(text: str) -> None:
    assert answered(text)["Content"] == text


def test_what_xml_cannot_carry_is_removed() -> None:
    assert answered("好\0的\x08，\ud800再\ufffe见\uffff\r\n下一行\r完")["Content"] == "好的，再见\n下一行\n完"
    assert answered("]]\0>")["Content"] == "]]>"


@given(st.text(st.characters()))
def test_any_reply_is_well_formed(text: str) -> None:
    content = answered(text)["Content"]
    kept = "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
    assert content == kept.replace("\r\n", "\n").replace("\r", "\n")


# ---- whatever else comes: read or refused, never another error

FIELDS = st.dictionaries(
    st.sampled_from([*TEXT, *EVENT, "Location_X", "Latitude", "MediaId", "bizmsgmenuid", "Recognition"]),
    st.sampled_from(["text", "event", "voice", "location", "CLICK", "subscribe", "1", "oA", ""]) | st.text(max_size=30),
)


@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    assert why(body) == "xml"


@given(FIELDS)
def test_any_fields(fields: dict[str, str]) -> None:
    try:
        message = parse(xml(fields))
    except WechatRefused as refused:
        assert refused.why in ("xml", "missing")
    else:
        assert message.key.startswith("e:" if message.kind == "event" else "m:")
        assert len(message.key) <= 1200


@given(st.sampled_from([TEXT, EVENT]), st.data())
def test_changed_bytes(fields: dict[str, str], data: st.DataObject) -> None:
    body = bytearray(xml(fields))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        parse(bytes(body))
    except WechatRefused as refused:
        assert refused.why in ("xml", "missing")


@given(st.tuples(*[st.text("o:1", min_size=1, max_size=4), st.integers(0, 99)] * 2))
def test_keys_of_messages_are_as_different_as_customer_and_number(both: tuple[str, int, str, int]) -> None:
    one, first, other, second = both
    keys = [parse(xml(TEXT | {"FromUserName": o, "MsgId": str(n)})).key for o, n in ((one, first), (other, second))]
    assert (keys[0] == keys[1]) == ((one, first) == (other, second))
