"""Links that bind a web conversation to a customer: signed, for a day, and the token where no server sees it."""

from __future__ import annotations

import re
import string
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from bot.channels.links import HOURS, Links
from bot.channels.web import Visitors
from bot.errors import Unauthorized

SECRET = b"s" * 32
CUSTOMER = "3f03f652b3bd787de914f6a6144eb35b"
PAGE = "https://bank.example/service"
TOKEN = Links(SECRET, PAGE).token(CUSTOMER)
ALPHABET = string.ascii_letters + string.digits + "-_~"
WIDGET = Path(__file__).resolve().parents[3] / "web" / "src" / "widget" / "customer.ts"


def opens(token: str, secret: bytes = SECRET) -> str | None:
    try:
        return Links(secret, PAGE).customer(token)
    except Unauthorized:
        return None


class TestTheToken:
    def test_names_its_customer_also_after_a_restart(self) -> None:
        assert opens(TOKEN) == CUSTOMER

    def test_of_another_bank_names_nobody(self) -> None:
        assert opens(TOKEN, b"t" * 32) is None

    def test_of_a_visitor_is_no_link_and_a_link_is_no_visitors_token(self) -> None:
        """Signed with the same secret, for another purpose."""
        assert opens(Visitors(SECRET).token(CUSTOMER)) is None
        with pytest.raises(Unauthorized):
            Visitors(SECRET).conversation(TOKEN)

    def test_without_a_salt_is_worth_nothing(self) -> None:
        assert opens(str(URLSafeTimedSerializer(SECRET).dumps(CUSTOMER))) is None

    @given(st.text(max_size=120))
    def test_that_was_made_up_names_nobody(self, token: str) -> None:
        assert opens(token) is None

    @pytest.mark.parametrize("token", ["", "\udcff", "\0", "你好", "a~b", "a~b~c", "a.b.c"])
    def test_that_looks_a_little_like_one_names_nobody(self, token: str) -> None:
        assert opens(token) is None

    def test_with_one_part_more_names_nobody(self) -> None:
        """Not among the parameters: a token carries the second it was made in, a test's name must not."""
        assert opens(TOKEN + "~") is None
        assert opens("~" + TOKEN) is None

    @given(st.integers(0, len(TOKEN) - 2), st.sampled_from(ALPHABET))
    def test_with_one_changed_letter_names_nobody(self, place: int, letter: str) -> None:
        """The last letter of the signature carries spare bits and is left out."""
        changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
        assert opens(changed) == (CUSTOMER if changed == TOKEN else None)

    @given(st.integers(0, len(TOKEN) - 1))
    def test_that_was_cut_names_nobody(self, length: int) -> None:
        assert opens(TOKEN[:length]) is None

    def test_says_in_the_error_nothing_of_itself(self) -> None:
        with pytest.raises(Unauthorized) as refused:
            Links(SECRET, PAGE).customer(TOKEN[:-3])
        assert TOKEN[:10] not in str(refused.value)
        assert refused.value.__cause__ is None and refused.value.__suppress_context__


class TestItsAge:
    """The serialiser asks time.time itself: that, and nothing else, stands still here."""

    @pytest.fixture
    def token(self, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setattr(time, "time", lambda: 1_800_000_000.9)
        return Links(SECRET, PAGE).token(CUSTOMER)

    @pytest.mark.parametrize(
        ("age_s", "names"), [(0, True), (60, True), (HOURS * 3600, True), (HOURS * 3600 + 1, False), (10**9, False)]
    )
    def test_is_a_day(self, token: str, monkeypatch: pytest.MonkeyPatch, age_s: int, names: bool) -> None:
        monkeypatch.setattr(time, "time", lambda: 1_800_000_000.9 + age_s)
        assert opens(token) == (CUSTOMER if names else None)

    def test_cannot_lie_in_the_future(self, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(time, "time", lambda: 1_800_000_000.9 - 3600)
        assert opens(token) is None

    def test_a_day_is_a_day(self) -> None:
        assert HOURS == 24


class TestTheAddress:
    def test_carries_the_token_where_browsers_keep_it_to_themselves(self) -> None:
        url = Links(SECRET, PAGE).url(CUSTOMER)
        assert url is not None
        parts = urlsplit(url)
        assert (f"{parts.scheme}://{parts.netloc}{parts.path}", parts.query) == (PAGE, "")
        assert opens(parts.fragment.removeprefix("customer=")) == CUSTOMER

    def test_needs_no_escaping_and_is_no_address_to_the_guard(self) -> None:
        """No dot between letters: the guard would take it for a foreign host."""
        assert set(TOKEN) <= set(ALPHABET)

    @given(st.text(string.hexdigits.lower(), min_size=32, max_size=32))
    def test_is_one_that_the_widget_takes_out_of_it(self, customer: str) -> None:
        """The page knows it by its shape, which both sides must agree on."""
        pattern = re.search(r"^const LINK = /(.+)/;$", WIDGET.read_text(encoding="utf-8"), re.MULTILINE)
        links = Links(SECRET, PAGE)
        token, url = links.token(customer), links.url(customer)
        assert pattern is not None and url is not None
        found = re.search(pattern[1], url.removeprefix(PAGE))
        assert found is not None and opens(found[2]) == customer and len(found[2]) == len(token)

    def test_there_is_none_where_the_bank_has_no_page(self) -> None:
        assert Links(SECRET, None).url(CUSTOMER) is None

    @given(st.text(string.hexdigits.lower(), min_size=32, max_size=32))
    def test_fits_into_what_the_server_takes(self, customer: str) -> None:
        """POST /api/chat/bind takes 500 characters."""
        assert len(Links(SECRET, PAGE).token(customer)) <= 200
