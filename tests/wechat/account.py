"""The made-up Official Account that the tests use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    appid: str
    secret: str
    token: str
    aes_key: str  # EncodingAESKey, 43 characters
    name: str  # the account's own id, as in ToUserName


TEST_ACCOUNT = Account(
    appid="wx00000000000000aa",
    secret="0123456789abcdef0123456789abcdef",
    token="spoken-between-us",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    name="gh_test",
)
