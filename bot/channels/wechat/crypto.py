"""The platform's signatures and encryption ("secure mode"). Pure: time, nonce and random bytes come from the caller.

The plain signature does not cover the body, so only an encrypted message, whose own signature does, is taken for the
platform's. Every failure is WechatRefused with its `why` and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.channels.wechat import markup
from bot.channels.wechat.errors import WechatRefused
from bot.errors import ConfigurationError

FRESH_S = 300
BLOCK = 32  # the platform pads to 32 bytes, not to the 16 of AES
_HEAD = 16  # random bytes in front
_LENGTH = 4
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_ECHO = re.compile(r"[\x21-\x7e]{1,1024}")  # it is sent back and not covered by the signature: nothing but a token


def signature(*parts: str) -> str:
    """Hex SHA-1 of the sorted, joined parts."""
    return hashlib.sha1(_bytes("".join(sorted(parts)))).hexdigest()


@dataclass(frozen=True)
class Crypto:
    token: str = field(repr=False)
    key: bytes = field(repr=False)  # 32 bytes
    appid: str

    @classmethod
    def of(cls, token: str, encoding_aes_key: str, appid: str) -> Crypto:
        if not re.fullmatch(r"[A-Za-z0-9+/]{43}", encoding_aes_key):  # never shown: it is a secret
            raise ConfigurationError("The EncodingAESKey must have 43 characters of base64")
        return cls(token, base64.b64decode(encoding_aes_key + "="), appid)

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """The answer to the platform's GET, by which it checks that this address is ours."""
        self._authenticate(query, "signature", now)
        echostr = _given(query, "echostr")
        if not _ECHO.fullmatch(echostr):
            raise WechatRefused("missing")
        return echostr

    def open(self, query: Mapping[str, str], body: bytes, now: datetime, plain_allowed: bool = False) -> bytes:
        """The XML of the message. Where the body holds Encrypt, whatever stands beside it is ignored."""
        fields = markup.read(body)
        if "Encrypt" in fields:
            cipher = fields["Encrypt"].strip()
            self._authenticate(query, "msg_signature", now, cipher)
            return self.decrypt(cipher)
        if not plain_allowed or query.get("encrypt_type") == "aes":
            raise WechatRefused("plain")
        self._authenticate(query, "signature", now)
        return body

    def seal(self, xml: str, now: datetime, nonce: str | None = None, random16: bytes | None = None) -> bytes:
        """A reply in the envelope that the platform opens."""
        cipher = self.encrypt(xml.encode(), random16)
        timestamp = str(int(now.timestamp()))
        nonce = nonce or secrets.token_hex(8)
        return (
            "<xml>"
            f"<Encrypt>{markup.cdata(cipher)}</Encrypt>"
            f"<MsgSignature>{markup.cdata(signature(self.token, timestamp, nonce, cipher))}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp>"
            f"<Nonce>{markup.cdata(nonce)}</Nonce>"
            "</xml>"
        ).encode()

    def encrypt(self, plain: bytes, random16: bytes | None = None) -> str:
        """Base64 of: 16 random bytes, length, `plain`, appid, padding; AES-256-CBC."""
        head = random16 or secrets.token_bytes(_HEAD)
        content = head + len(plain).to_bytes(_LENGTH, "big") + plain + self.appid.encode()
        pad = BLOCK - len(content) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, cipher: str) -> bytes:
        """Raises WechatRefused: encryption for whatever does not come out whole, appid for another account's."""
        content = _unpadded(self._decrypted(cipher))
        start = _HEAD + _LENGTH
        end = start + int.from_bytes(content[_HEAD:start], "big")
        if len(content) < end:  # also where it ends before its length does
            raise WechatRefused("encryption")
        if not hmac.compare_digest(content[end:], self.appid.encode()):
            raise WechatRefused("appid")
        return content[start:end]

    def _decrypted(self, cipher: str) -> bytes:
        try:
            sealed = base64.b64decode(cipher, validate=True)
        except ValueError:
            raise WechatRefused("encryption") from None
        if not sealed or len(sealed) % BLOCK:
            raise WechatRefused("encryption")
        decryptor = self._cipher().decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self.key), CBC(self.key[:16]))

    def _authenticate(self, query: Mapping[str, str], name: str, now: datetime, *signed: str) -> None:
        """The signature first: what is not the platform's learns nothing of our clock."""
        timestamp, nonce, given = _given(query, "timestamp"), _given(query, "nonce"), _given(query, name)
        if not hmac.compare_digest(_bytes(signature(self.token, timestamp, nonce, *signed)), _bytes(given)):
            raise WechatRefused("signature")
        if not _TIMESTAMP.fullmatch(timestamp) or abs(now.timestamp() - int(timestamp)) > FRESH_S:
            raise WechatRefused("stale")


def _given(query: Mapping[str, str], name: str) -> str:
    value = query.get(name)
    if not value:
        raise WechatRefused("missing")
    return value


def _unpadded(content: bytes) -> bytes:
    pad = content[-1]
    if not 1 <= pad <= BLOCK or content[-pad:] != bytes([pad]) * pad:
        raise WechatRefused("encryption")
    return content[:-pad]


def _bytes(text: str) -> bytes:
    """What a query may hold is any text, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")
