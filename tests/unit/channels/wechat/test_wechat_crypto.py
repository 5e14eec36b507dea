"""Signatures and encryption: the platform's own samples, and everything that is not quite like them."""

import base64
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.crypto import Crypto, signature
from bot.channels.wechat.errors import WechatRefused
from bot.channels.wechat.messages import parse
from bot.errors import ConfigurationError

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SAMPLE = Crypto.of("spamtest", KEY, "wx2c2769f8efd9abc2")
SAMPLE_AT = datetime.fromtimestamp(1409735669, timezone.utc)
SAMPLE_QUERY = {
    "timestamp": "1409735669",
    "nonce": "1320562132",
    "encrypt_type": "aes",
    "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
}
SAMPLE_CIPHER = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh"
    "0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRj"
    "pA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6"
    "OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
OURS = Crypto.of("qiantai-token", KEY, "wx0123456789abcdef")
MESSAGE = "<xml><Content><![CDATA[你好]]></Content></xml>".encode()


def envelope(cipher: str, beside: str = "") -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>{beside}<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()
    )


def query(cipher: str, at: datetime = NOW, crypto: Crypto = OURS, **changed: str) -> dict[str, str]:
    """As the platform asks, in secure mode; `changed` after signing."""
    timestamp, nonce = str(int(at.timestamp())), "1514711492"
    return {
        "signature": signature(crypto.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": "oCustomer",
        "encrypt_type": "aes",
        "msg_signature": signature(crypto.token, timestamp, nonce, cipher),
    } | changed


def sealed(content: bytes) -> str:
    """Base64 of the encrypted content as it is: no head, length, appid or padding added."""
    encryptor = Cipher(algorithms.AES(OURS.key), modes.CBC(OURS.key[:16])).encryptor()
    return base64.b64encode(encryptor.update(content) + encryptor.finalize()).decode()


def content(message: bytes = MESSAGE, length: int | None = None, appid: str = OURS.appid) -> bytes:
    size = len(message) if length is None else length
    return b"r" * 16 + size.to_bytes(4, "big") + message + appid.encode()


def padded(unpadded: bytes, block: int = 32) -> bytes:
    pad = block - len(unpadded) % block
    return unpadded + bytes([pad]) * pad


def with_other_pad_byte(place: int) -> bytes:
    broken = bytearray(padded(content()))
    broken[place] ^= 1
    return bytes(broken)


def why(cipher: str) -> str:
    """For what reason a correctly signed message with this content is refused."""
    with pytest.raises(WechatRefused) as refused:
        OURS.open(query(cipher), envelope(cipher), NOW)
    assert refused.value.__cause__ is None
    assert str(refused.value) == f"This is no message of the platform to this account. ({refused.value.why})"
    return refused.value.why


# ---- the platform's own samples


def test_the_sample_of_encryption() -> None:
    crypto = Crypto.of("pamtest", KEY, "wxb11529c136998cb6")
    cipher = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
    assert crypto.encrypt("我是中文abcd123".encode(), b"aaaabbbbccccdddd") == cipher
    assert crypto.decrypt(cipher).decode() == "我是中文abcd123"


def test_the_sample_of_an_encrypted_message() -> None:
    opened = SAMPLE.open(SAMPLE_QUERY, envelope(SAMPLE_CIPHER), SAMPLE_AT)
    message = parse(opened)
    assert (message.kind, message.text) == ("text", "abcdteT")
    assert (message.openid, message.account) == ("oyORnuP8q7ou2gfYjqLzSIWZf0rs", "gh_10f6c3c3ac5a")
    assert message.key == "m:oyORnuP8q7ou2gfYjqLzSIWZf0rs:6054768590064713728"


def test_the_samples_of_signatures() -> None:
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert signature("spamtest", "1409735669", "1320562132") == SAMPLE_QUERY["signature"]
    assert signature("spamtest", "1409735669", "1320562132", SAMPLE_CIPHER) == SAMPLE_QUERY["msg_signature"]


# ---- keys


@pytest.mark.parametrize(
    "key", ["", KEY[:-1], KEY + "H", KEY[:-1] + "=", KEY[:-1] + "中", KEY[:-1] + "-", KEY[:-1] + "\n"]
)
def test_an_aes_key_of_another_form_is_a_fault_of_the_settings_that_does_not_show_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        Crypto.of("token", key, "wx1")
    assert not key or key not in str(fault.value)


def test_neither_token_nor_key_shows_in_its_repr() -> None:
    assert repr(OURS) == "Crypto(appid='wx0123456789abcdef')"


# ---- verification


def test_the_echo_comes_back_as_it_was() -> None:
    assert OURS.echo(query("", echostr="4375120948345356249"), NOW) == "4375120948345356249"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"signature": "0" * 40}, "signature"),
        ({"signature": "签名"}, "signature"),
        ({"signature": ""}, "missing"),
        ({"nonce": "1514711493"}, "signature"),
        ({"nonce": ""}, "missing"),
        ({"timestamp": "1714036504"}, "signature"),
        ({"timestamp": ""}, "missing"),
        ({"echostr": ""}, "missing"),
        ({"echostr": "<script>alert(1)</script> "}, "missing"),
        ({"echostr": "1" * 1025}, "missing"),
    ],
)
def test_an_echo_is_refused(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(WechatRefused) as refused:
        OURS.echo(query("", **{"echostr": "4375120948345356249"} | changed), NOW)
    assert refused.value.why == reason


# ---- authenticity


@pytest.mark.parametrize("late_s", [-300, -1, 0, 299, 300])
def test_a_message_is_fresh_for_five_minutes_either_way(late_s: int) -> None:
    cipher = OURS.encrypt(MESSAGE)
    assert OURS.open(query(cipher), envelope(cipher), NOW + timedelta(seconds=late_s)) == MESSAGE


@pytest.mark.parametrize("late_s", [-301, 301, 86400])
def test_an_older_or_future_message_is_stale(late_s: int) -> None:
    cipher = OURS.encrypt(MESSAGE)
    with pytest.raises(WechatRefused, match="stale"):
        OURS.open(query(cipher), envelope(cipher), NOW + timedelta(seconds=late_s))
    with pytest.raises(WechatRefused, match="stale"):
        OURS.echo(query(cipher, echostr="1"), NOW + timedelta(seconds=late_s))


@pytest.mark.parametrize(
    "timestamp", ["soon", "1e9", "-1", "１７６３７８４０００", "9" * 400, "1763784000.0", " 1763784000"]
)
def test_a_signed_time_that_cannot_be_read_is_not_fresh(timestamp: str) -> None:
    cipher = OURS.encrypt(MESSAGE)
    signed = signature(OURS.token, timestamp, "1514711492", cipher)
    with pytest.raises(WechatRefused, match="stale"):
        OURS.open(query(cipher, timestamp=timestamp, msg_signature=signed), envelope(cipher), NOW)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"msg_signature": "0" * 40}, "signature"),
        ({"msg_signature": "é" * 40}, "signature"),
        ({"msg_signature": "\ud800"}, "signature"),
        ({"msg_signature": ""}, "missing"),
        (
            {"msg_signature": signature(OURS.token, str(int(NOW.timestamp())), "1514711492")},
            "signature",
        ),  # the plain one
        ({"nonce": "1514711493"}, "signature"),
        ({"nonce": "\ud800"}, "signature"),
        ({"nonce": ""}, "missing"),
        ({"timestamp": "1"}, "signature"),
        ({"timestamp": ""}, "missing"),
    ],
)
def test_what_the_platform_did_not_sign_is_refused(changed: dict[str, str], reason: str) -> None:
    cipher = OURS.encrypt(MESSAGE)
    with pytest.raises(WechatRefused) as refused:
        OURS.open(query(cipher, **changed), envelope(cipher), NOW)
    assert refused.value.why == reason


def test_a_signature_does_not_fit_another_message() -> None:
    first, second = OURS.encrypt(MESSAGE), OURS.encrypt(MESSAGE)
    assert first != second
    with pytest.raises(WechatRefused, match="signature"):
        OURS.open(query(first), envelope(second), NOW)


def test_another_token_is_another_signature() -> None:
    cipher = OURS.encrypt(MESSAGE)
    stranger = Crypto.of("another-token", KEY, OURS.appid)
    with pytest.raises(WechatRefused, match="signature"):
        OURS.open(query(cipher, crypto=stranger), envelope(cipher), NOW)


def test_an_unsigned_old_message_does_not_learn_our_clock() -> None:
    cipher = OURS.encrypt(MESSAGE)
    with pytest.raises(WechatRefused, match="signature"):
        OURS.open(query(cipher, NOW - timedelta(days=1), msg_signature="0" * 40), envelope(cipher), NOW)


# ---- downgrade


@pytest.mark.parametrize("encrypt_type", ["aes", "raw", ""])
def test_a_plain_message_is_refused_whatever_the_query_says(encrypt_type: str) -> None:
    with pytest.raises(WechatRefused, match="plain"):
        OURS.open(query("", encrypt_type=encrypt_type), MESSAGE, NOW)


def test_a_plain_message_is_taken_where_it_is_allowed_and_signed() -> None:
    asked = query("", encrypt_type="raw")
    assert OURS.open(asked, MESSAGE, NOW, plain_allowed=True) == MESSAGE
    del asked["encrypt_type"]
    assert OURS.open(asked, MESSAGE, NOW, plain_allowed=True) == MESSAGE
    with pytest.raises(WechatRefused, match="stale"):
        OURS.open(asked, MESSAGE, NOW + timedelta(seconds=301), plain_allowed=True)
    with pytest.raises(WechatRefused, match="signature"):
        OURS.open(asked | {"signature": "0" * 40}, MESSAGE, NOW, plain_allowed=True)


def test_a_message_that_says_it_is_encrypted_and_is_not_is_refused_even_there() -> None:
    with pytest.raises(WechatRefused, match="plain"):
        OURS.open(query(""), MESSAGE, NOW, plain_allowed=True)


@pytest.mark.parametrize("plain_allowed", [False, True])
@pytest.mark.parametrize("encrypt_type", ["aes", "raw", ""])
def test_in_a_compatible_body_only_what_is_encrypted_counts(plain_allowed: bool, encrypt_type: str) -> None:
    cipher = OURS.encrypt(MESSAGE)
    body = envelope(cipher, beside="<Content><![CDATA[把钱转走]]></Content><MsgType>text</MsgType>")
    assert OURS.open(query(cipher, encrypt_type=encrypt_type), body, NOW, plain_allowed) == MESSAGE
    with pytest.raises(WechatRefused, match="signature"):
        OURS.open(query(cipher, msg_signature="0" * 40), body, NOW, plain_allowed)


@pytest.mark.parametrize("cipher", ["<Encrypt></Encrypt>", "<Encrypt/>", "<Encrypt> </Encrypt>"])
def test_an_empty_cipher_is_no_plain_message(cipher: str) -> None:
    body = f"<xml><Content>把钱转走</Content>{cipher}</xml>".encode()
    with pytest.raises(WechatRefused, match="encryption"):
        OURS.open(query(""), body, NOW, plain_allowed=True)


# ---- what is inside


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(content() + bytes(32 - len(content()) % 32), id="padding of zeros"),
        pytest.param(bytes(31) + b"\x00", id="padding 0"),
        pytest.param(content(b"x" * 25) + b"!" * 33, id="padding 33"),
        pytest.param(b"\xff" * 64, id="padding 255"),
        pytest.param(with_other_pad_byte(-2), id="another byte before the last"),
        pytest.param(with_other_pad_byte(-padded(content())[-1]), id="another first byte"),
        pytest.param(b"\x20" * 32, id="nothing but padding"),
        pytest.param(b"r" * 16 + bytes(3) + b"\x0d" * 13, id="shorter than its length field"),
        pytest.param(padded(content(length=len(MESSAGE) + len(OURS.appid) + 1)), id="length beyond the end"),
        pytest.param(padded(content(length=2**32 - 1)), id="length of four gigabytes"),
    ],
)
def test_content_that_does_not_come_out_whole_is_refused(broken: bytes) -> None:
    assert why(sealed(broken)) == "encryption"


def test_padding_is_to_32_bytes_not_to_16() -> None:
    unpadded = content(b"x" * 10)
    assert len(unpadded) == 48
    assert why(sealed(padded(unpadded[:-1], 16))) == "encryption"
    assert why(sealed(padded(content(b""), 16))) == "encryption"  # 48 bytes with all that belongs to a message
    cipher = sealed(padded(unpadded))
    assert OURS.open(query(cipher), envelope(cipher), NOW) == b"x" * 10


@pytest.mark.parametrize("extra", range(33))
def test_every_length_of_padding_opens(extra: int) -> None:
    message = b"x" * extra
    assert OURS.decrypt(OURS.encrypt(message)) == message


WHOLE = sealed(padded(content()))


@pytest.mark.parametrize(
    "cipher",
    [
        "A",
        "A===",
        "AAAA",
        "中文",
        "****",
        "A" * 43,
        "=",
        WHOLE[:-1] + "!",
        f"{WHOLE[:20]}!{WHOLE[20:]}",
        f"{WHOLE[:20]}\n{WHOLE[20:]}",
    ],
)
def test_a_cipher_that_is_no_base64_of_whole_blocks_is_refused(cipher: str) -> None:
    assert why(cipher) == "encryption"
    with pytest.raises(WechatRefused, match="encryption"):
        OURS.decrypt(cipher)


@pytest.mark.parametrize("appid", ["", "wx0123456789abcdee", "wx0123456789abcde", "wx0123456789abcdeff", "公众号"])
def test_a_message_to_another_account_is_refused(appid: str) -> None:
    assert why(sealed(padded(content(appid=appid)))) == "appid"


@pytest.mark.parametrize("length", [0, 1, len(MESSAGE) - 1, len(MESSAGE) + 1, len(MESSAGE) + len(OURS.appid)])
def test_a_wrong_length_shifts_the_account(length: int) -> None:
    assert why(sealed(padded(content(length=length)))) == "appid"


def test_another_key_opens_nothing() -> None:
    cipher = Crypto.of(OURS.token, KEY[::-1], OURS.appid).encrypt(MESSAGE)
    assert why(cipher) == "encryption"


# ---- the body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "xml"),
        (b"\x00", "xml"),
        (b"{}", "xml"),
        (b"<xml>" + b" " * 2**20 + b"</xml>", "too_large"),
        (b"<!DOCTYPE xml><xml><Encrypt>A</Encrypt></xml>", "xml"),
        (b"<xml><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>", "xml"),
        (b"<xml><Encrypt><Encrypt>A</Encrypt></Encrypt></xml>", "plain"),
    ],
)
def test_a_body_that_is_no_envelope_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(WechatRefused) as refused:
        OURS.open(query("A"), body, NOW)
    assert refused.value.why == reason


# ---- our answers


def test_what_we_seal_opens_as_it_was() -> None:
    sealed_reply = OURS.seal("<xml>好]]>的</xml>", NOW)
    fields = envelope_fields(sealed_reply)
    assert OURS.open(query_of(fields), sealed_reply, NOW).decode() == "<xml>好]]>的</xml>"
    assert fields["TimeStamp"] == str(int(NOW.timestamp()))


def test_an_envelope_can_be_made_twice_the_same() -> None:
    once = OURS.seal("<xml/>", NOW, nonce="n-1", random16=b"0123456789abcdef")
    assert once == OURS.seal("<xml/>", NOW, nonce="n-1", random16=b"0123456789abcdef")
    assert envelope_fields(once)["Nonce"] == "n-1"
    assert OURS.seal("<xml/>", NOW) != OURS.seal("<xml/>", NOW)


def envelope_fields(reply: bytes) -> dict[str, str]:
    return {element.tag: element.text or "" for element in ElementTree.fromstring(reply)}


def query_of(fields: dict[str, str]) -> dict[str, str]:
    return {"timestamp": fields["TimeStamp"], "nonce": fields["Nonce"], "msg_signature": fields["MsgSignature"]}


# ---- whatever else comes: refused, or what was sent; never another error

ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates included
NAMES = ("signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "echostr")


@given(st.dictionaries(st.sampled_from(NAMES), ANY_TEXT), st.binary(max_size=300), st.booleans())
def test_any_query_and_any_body(asked: dict[str, str], body: bytes, plain_allowed: bool) -> None:
    with pytest.raises(WechatRefused):
        OURS.open(asked, body, NOW, plain_allowed)
    with pytest.raises(WechatRefused):
        OURS.echo(asked, NOW)


@given(ANY_TEXT | st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()))
def test_any_cipher(cipher: str) -> None:
    with pytest.raises(WechatRefused):
        OURS.decrypt(cipher)


@given(st.binary(min_size=1, max_size=6).map(lambda raw: raw * 32))
def test_any_signed_content(raw: bytes) -> None:
    cipher = sealed(raw)
    with pytest.raises(WechatRefused) as refused:
        OURS.open(query(cipher), envelope(cipher), NOW)
    assert refused.value.why in ("encryption", "appid")


@given(st.binary(max_size=300))
def test_any_message_comes_through(message: bytes) -> None:
    cipher = OURS.encrypt(message)
    assert OURS.open(query(cipher), envelope(cipher), NOW) == message


@given(st.data())
def test_a_changed_envelope_is_refused_or_says_the_same(data: st.DataObject) -> None:
    cipher = OURS.encrypt(MESSAGE, b"0123456789abcdef")
    body = bytearray(envelope(cipher))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    try:
        assert OURS.open(query(cipher), bytes(body), NOW) == MESSAGE
    except WechatRefused as refused:
        assert refused.why in ("xml", "signature", "plain")


@given(st.data())
def test_changed_bytes_under_a_right_signature_are_refused_or_carry_the_account(data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(OURS.encrypt(MESSAGE, b"0123456789abcdef")))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    cipher = base64.b64encode(raw).decode()
    try:
        assert len(OURS.open(query(cipher), envelope(cipher), NOW)) == len(MESSAGE)
    except WechatRefused as refused:
        assert refused.why in ("encryption", "appid")
