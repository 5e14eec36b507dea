"""The platform's signature and encryption, written from the protocol and not from the bridge's code."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAD_TO = 32  # bytes; the platform pads to the key's length, not to the block's


class SealBroken(ValueError):
    """What came cannot be opened, or is not for this account."""


class Seal:
    """Signs with the account's token, encrypts with its EncodingAESKey (43 characters)."""

    def __init__(self, appid: str, token: str, aes_key: str) -> None:
        self.appid, self.token = appid, token
        self._key = base64.b64decode(aes_key + "=")
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey has 43 characters")

    def signature(self, *parts: str) -> str:
        """Hex SHA-1 of the token and `parts`, sorted: timestamp and nonce, with AES also the ciphertext."""
        return hashlib.sha1("".join(sorted((self.token, *parts))).encode()).hexdigest()

    def encrypt(self, message: bytes, random16: bytes | None = None) -> str:
        """base64 of the encrypted envelope; `random16` is given only to repeat a known vector."""
        start = random16 if random16 is not None else secrets.token_bytes(16)
        plain = start + struct.pack(">I", len(message)) + message + self.appid.encode()
        pad = PAD_TO - len(plain) % PAD_TO
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, sealed: str) -> bytes:
        """The message inside. Raises SealBroken that says which part is wrong."""
        plain = self._unpadded(self._decrypted(sealed))
        if len(plain) < 20:
            raise SealBroken("the envelope is too short")
        (length,) = struct.unpack(">I", plain[16:20])
        message, appid = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length:
            raise SealBroken("the length inside is beyond the envelope")
        if appid != self.appid.encode():
            raise SealBroken("the appid inside is another one")
        return message

    def _decrypted(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise SealBroken("not base64") from None
        if not raw or len(raw) % 16:
            raise SealBroken("not whole blocks")
        decryptor = self._cipher().decryptor()
        return decryptor.update(raw) + decryptor.finalize()

    def _unpadded(self, plain: bytes) -> bytes:
        pad = plain[-1]
        if not 1 <= pad <= PAD_TO or plain[-pad:] != bytes([pad]) * pad:
            raise SealBroken("the padding is wrong")
        return plain[:-pad]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
