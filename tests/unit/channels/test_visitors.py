"""Visitors' tokens: signed, bound to one conversation, and useless once cut, changed or old."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import TOKEN_DAYS, Visitors
from bot.errors import Unauthorized

SECRET = b"s" * 32
CONVERSATION = "0123456789abcdef01234567"
TOKEN = Visitors(SECRET).token(CONVERSATION)
ALPHABET = string.ascii_letters + string.digits + "-_."


def opens(token: str, secret: bytes = SECRET) -> str | None:
    try:
        return Visitors(secret).conversation(token)
    except Unauthorized:
        return None


def test_a_token_opens_its_conversation_also_after_a_restart() -> None:
    assert opens(TOKEN) == CONVERSATION


def test_another_servers_token_opens_nothing() -> None:
    assert opens(TOKEN, b"t" * 32) is None


@given(st.text(max_size=120))
def test_what_was_made_up_opens_nothing(token: str) -> None:
    assert opens(token) is None


@pytest.mark.parametrize("token", ["", "\udcff", "\0", "你好", "a.b", "a.b.c"])
def test_what_looks_a_little_like_one_opens_nothing(token: str) -> None:
    assert opens(token) is None


def test_one_part_more_or_other_letters_open_nothing() -> None:
    """Not among the parameters: a token carries the second it was made in, a test's name must not."""
    assert [opens(token) for token in (TOKEN + ".", "." + TOKEN, TOKEN.upper())] == [None] * 3


@given(st.integers(0, len(TOKEN) - 2), st.sampled_from(ALPHABET))
def test_one_changed_letter_is_enough(place: int, letter: str) -> None:
    """The last letter of the signature carries spare bits and is left out."""
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assert opens(changed) == (CONVERSATION if changed == TOKEN else None)


@given(st.integers(0, len(TOKEN) - 1))
def test_a_part_of_one_opens_nothing(length: int) -> None:
    assert opens(TOKEN[:length]) is None


def test_it_ends_after_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    made = time.time()
    token = Visitors(SECRET).token(CONVERSATION)
    monkeypatch.setattr(time, "time", lambda: made + TOKEN_DAYS * 86400 - 60)
    assert opens(token) == CONVERSATION
    monkeypatch.setattr(time, "time", lambda: made + TOKEN_DAYS * 86400 + 60)
    assert opens(token) is None
