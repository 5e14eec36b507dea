"""Links to a survey: nobody finds one by trying, none says what it is about, and the guard lets each through."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SUNDAY_NOON

from bot.conversation.speech import Speech, Utterance
from bot.conversation.survey.links import LinkGone, Links, check_host
from bot.errors import ConfigurationError, NotFound
from bot.knowledge import Knowledge

SECRET, PAGE = b"s" * 32, "https://chat.bank.example"
CONVERSATION = "0123456789abcdef01234567"
LINKS = Links(SECRET, PAGE)
TOKEN = LINKS.token(CONVERSATION)


def test_a_link_leads_back_to_its_conversation() -> None:
    assert LINKS.url(CONVERSATION) == f"{PAGE}/survey/{TOKEN}"
    assert LINKS.conversation(TOKEN) == CONVERSATION


def test_without_a_public_address_there_are_no_links() -> None:
    assert Links(SECRET, None).url(CONVERSATION) is None


def test_it_is_of_letters_and_digits_only_and_no_text_cuts_it_short() -> None:
    assert re.fullmatch(r"[a-z0-9]{56}", TOKEN)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        CONVERSATION,
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN.upper(),
        f" {TOKEN}",
        f"{TOKEN}\n",
        CONVERSATION + "0" * 32,
        TOKEN[24:] + TOKEN[:24],
        "\udcff" * 56,
        "٠" * 56,
    ],
)
def test_a_forged_or_cut_one_opens_nothing(token: str) -> None:
    with pytest.raises(LinkGone):
        LINKS.conversation(token)


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_no_character_of_it_can_be_another(place: int) -> None:
    other = "0" if TOKEN[place] != "0" else "1"
    with pytest.raises(LinkGone):
        LINKS.conversation(TOKEN[:place] + other + TOKEN[place + 1 :])


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(LinkGone):
        Links(b"t" * 32, PAGE).conversation(TOKEN)


def test_what_is_gone_is_to_the_outside_not_there() -> None:
    assert (LinkGone.status, issubclass(LinkGone, NotFound)) == (404, True)


@given(st.randoms(use_true_random=False))
def test_the_guard_lets_every_link_to_the_banks_own_page_through(said: Knowledge, random: Random) -> None:
    speech, url = Speech(said), LINKS.url(f"{random.getrandbits(96):024x}")
    line = speech.phrase("case_survey", number="TS20261122-000001", days="14", link=url)
    for read in (Utterance(str(url)), line):
        assert speech.preview(read, SUNDAY_NOON).action == "allow"
    assert url in line.text.splitlines()  # alone on its line: nothing that stands beside it belongs to it


def test_and_none_to_another(said: Knowledge) -> None:
    url = Links(SECRET, "https://bank.example.evil.test").url(CONVERSATION)
    assert Speech(said).preview(Utterance(str(url)), SUNDAY_NOON).action == "refuse"


@pytest.mark.parametrize("url", [None, PAGE, "https://bank.example", "https://chat.bank.example:8443"])
def test_the_banks_own_hosts_are_served(url: str | None) -> None:
    check_host(url, ("bank.example",))


@pytest.mark.parametrize(
    "url", ["https://bank.example.evil.test", "https://notbank.example", "https://10.0.0.1", "https://localhost"]
)
def test_others_are_named_with_what_to_do(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_host(url, ("bank.example",))
    told = refused.value.message
    assert told.startswith("QIANTAI_PUBLIC_URL: ") and url.removeprefix("https://") in told
    assert "bank.example)" in told and "knowledge/bank.yml" in told
