"""What a password must be like, before anybody signs in with it."""

from __future__ import annotations

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import passwords as module
from bot.desk.passwords import LEAST, Passwords, check
from bot.errors import InvalidInput


@pytest.mark.parametrize(
    ("password", "phrase"),
    [
        ("", "short"),
        ("Kx9#mQ2!vL7", "short"),  # eleven
        ("长一点就好记的密码", "short"),
        ("xx-Wang-1988-xx", "name"),
        ("my WANG 88 keys", "name"),
        ("坐席王小明的密码啊啊啊", "short"),
        ("坐席王小明的密码是这个没错", "name"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("121212121212", "common"),
        ("abcabcabcabcabc", "common"),
        ("123456789012", "common"),
        ("qwertyuiopas", "common"),
        ("poiuytrewq", "short"),
        ("Password1234", "common"),
        ("P-a-s-s-w-o-r-d-2026", "common"),
        ("Administrator1!", "common"),
        ("1Q2W3E4R!admin", None),
        ("WoAiNi5201314", "common"),
        ("a long password", None),
        ("紫藤下喝茶的第三只猫咪呀", None),
        ("k8#Vz!q2Lr&w", None),
    ],
)
def test_what_is_refused_and_why(password: str, phrase: str | None) -> None:
    if phrase is None:
        check(password, "wang", "坐席王小明")
        return
    with pytest.raises(InvalidInput) as refused:
        check(password, "wang", "坐席王小明")
    assert (refused.value.phrase, refused.value.extra["field"]) == (f"problem_password_{phrase}", "password")


@given(st.text(max_size=LEAST - 1))
def test_nothing_short_is_let_through(password: str) -> None:
    with pytest.raises(InvalidInput):
        check(password, "wang", "王小明")


def test_a_hash_fits_its_password_and_no_other_and_where_there_is_none_nothing_fits() -> None:
    passwords = Passwords()
    kept = passwords.hashed("a long password")
    assert kept.startswith("$argon2id$") and "a long password" not in kept
    assert passwords.fits(kept, "a long password")
    assert not passwords.fits(kept, "A long password")
    assert not passwords.fits(None, "a long password")
    assert not passwords.fits("no hash at all", "a long password")


def test_what_one_costs_in_the_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """No less than OWASP asks for (46 MiB once, or 19 MiB twice); these tests make the others cheap."""
    monkeypatch.setattr(module, "PasswordHasher", argon2.PasswordHasher)
    costs = argon2.extract_parameters(Passwords().hashed("a long password"))
    assert (costs.type, costs.memory_cost, costs.time_cost, costs.hash_len) == (argon2.Type.ID, 64 * 1024, 3, 32)
