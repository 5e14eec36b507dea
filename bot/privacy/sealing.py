"""The cryptography of the vault, and nothing else: AES-256-GCM, keys from HKDF-SHA256, finding by HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigurationError

KEY_BYTES = 32
_NONCE_BYTES = 12


def derive(master_key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"qiantai/{purpose}".encode()).derive(master_key)


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Nonce and ciphertext. `about` is bound to it: sealed bytes moved to another row do not open."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """Raises ConfigurationError where the key is another one or the bytes were changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise ConfigurationError("personal data does not open: wrong master key, or the row was changed") from None


def fingerprint(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
