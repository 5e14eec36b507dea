"""Passwords: how they are kept, and what one must be like."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import InvalidInput

LEAST = 12
FEWEST_KINDS = 5  # of different characters: 111111111111 and 121212121212 are no passwords
_KEYS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb")
_COMMON = frozenset(  # what is left of the usual ones without their figures and signs
    {
        "password", "passw", "passwd", "passwordpassword", "administrator", "admin", "adminadmin", "root", "welcome",
        "letmein", "iloveyou", "woaini", "woainima", "qianduan", "qiantai", "changeme", "default", "secret", "monkey",
        "dragon", "sunshine", "princess", "football", "login", "master", "test", "testtest", "user", "guest", "bank",
        "kefu", "zhongguo", "mima", "correcthorsebatterystaple",
    }
)  # fmt: skip


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._decoy: str | None = None

    def hashed(self, password: str) -> str:
        return self._hasher.hash(password)

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Without a hash (nobody of that name) no password fits, after as long a time as with one."""
        if self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_hex(16))
        try:
            return self._hasher.verify(password_hash or self._decoy, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, *names: str) -> None:
    """`names`: the username, and the name that customers see. Raises InvalidInput that says what is wrong."""
    plain = password.casefold()
    if len(password) < LEAST:
        why, phrase = f"must have at least {LEAST} characters", "problem_password_short"
    elif any(len(name) > 2 and name.casefold() in plain for name in names):
        why, phrase = "holds the name of the account", "problem_password_name"
    elif _is_common(plain):
        why, phrase = "is one of those that everybody tries first", "problem_password_common"
    else:
        return
    raise InvalidInput(f"the password {why}", phrase=phrase, field="password")


def _is_common(plain: str) -> bool:
    letters = "".join(c for c in plain if c.isalpha())
    runs = any(plain in keys or plain in keys[::-1] for keys in _KEYS)
    return len(set(plain)) < FEWEST_KINDS or runs or letters in _COMMON
