from __future__ import annotations

import base64

import pytest
from wechat.account import TEST_ACCOUNT
from wechat.sealing import Seal, SealBroken
from wechat.wire import NotTheirXml, read, written
from wechatpy.crypto import PrpCrypto, WeChatCrypto

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OFFICIAL = Seal("wx2c2769f8efd9abc2", "spamtest", KEY)
OFFICIAL_CIPHER = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXp"
    "bUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlp"
    "Kn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD"
    "1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def test_official_encryption() -> None:
    sealed = Seal("wxb11529c136998cb6", "pamtest", KEY).encrypt("我是中文abcd123".encode(), b"aaaabbbbccccdddd")
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def test_official_signatures() -> None:
    assert OFFICIAL.signature("1409735669", "1320562132") == "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a"
    assert OFFICIAL.signature("1409735669", "1320562132", OFFICIAL_CIPHER) == "5d197aaffba7e9b25a30732f161a50dee96bd5fa"
    assert Seal("wx", "AAAAA", KEY).signature("1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_official_decryption() -> None:
    message = read(OFFICIAL.decrypt(OFFICIAL_CIPHER))
    assert (message["Content"], message["MsgId"]) == ("abcdteT", "6054768590064713728")
    assert (message["FromUserName"], message["ToUserName"]) == ("oyORnuP8q7ou2gfYjqLzSIWZf0rs", "gh_10f6c3c3ac5a")


@pytest.mark.parametrize("length", [*range(64), 2047])
def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(length: int) -> None:
    seal = Seal(TEST_ACCOUNT.appid, TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key)
    text = "好" * length
    theirs = WeChatCrypto(TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key, TEST_ACCOUNT.appid)
    cipher = seal.encrypt(text.encode())
    assert theirs._decrypt_message(
        written({"Encrypt": cipher}), seal.signature("1", "2", cipher), "1", "2", PrpCrypto
    ) == (text if length else "")
    envelope = read(theirs.encrypt_message(text, "2", "1").encode())
    assert envelope["MsgSignature"] == seal.signature("1", "2", envelope["Encrypt"])
    assert seal.decrypt(envelope["Encrypt"]).decode() == text


def _sealed(plain: bytes) -> str:
    """`plain` encrypted as it stands, so that its inside can be wrong."""
    encryptor = OFFICIAL._cipher().encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


@pytest.mark.parametrize(
    ("sealed", "why"),
    [
        ("%%%", "not base64"),
        ("", "whole blocks"),
        (base64.b64encode(b"0" * 17).decode(), "whole blocks"),
        (_sealed(b"0" * 31 + b"\x00"), "padding"),
        (_sealed(b"0" * 31 + b"\x21"), "padding"),
        (_sealed(b"0" * 29 + b"\x02\x03\x03"), "padding"),
        (_sealed(b"0" * 16 + b"\x10" * 16), "too short"),
        (_sealed(b"0" * 16 + b"\x00\x00\x00\xff" + b"\x0c" * 12), "length"),
        pytest.param(Seal("wx11111111111111bb", "spamtest", KEY).encrypt(b"hello"), "appid", id="anothers"),
    ],
)
def test_what_is_sealed_wrongly_is_not_opened(sealed: str, why: str) -> None:
    with pytest.raises(SealBroken, match=why):
        OFFICIAL.decrypt(sealed)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        Seal("wx", "t", KEY[:-4])


@pytest.mark.parametrize("text", ["", "]]>", "a]]]]>>b", "<x>&amp;", "换\n行", "👨‍👩‍👧", "bell\x07\x00gone", "\ud800"])
def test_any_text_stays_whole_in_xml_but_for_control_characters(text: str) -> None:
    kept = text.replace("\x07\x00", "").replace("\ud800", "")
    assert read(written({"Content": text, "MsgId": 7}).encode()) == {"Content": kept, "MsgId": "7"}


@pytest.mark.parametrize("text", [b"", b"success", b"<html/>", b"<!DOCTYPE xml><xml/>", b"<xml>", b"\xff\xfe"])
def test_other_text_is_not_read_as_the_platforms_xml(text: bytes) -> None:
    with pytest.raises(NotTheirXml):
        read(text)
