"""Cases: what customers send besides text, and what they do without sending anything."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from wechat.bank import Bank, Held, assistant_with, bank_at
from wechat.endpoints import Media
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.assistant.fake import understood
from bot.conversation.model import Line, State
from bot.errors import NotFound
from bot.wiring import House

LIN = "o_lin_whom_nobody_may_name"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


# messages


async def test_a_voice_message_is_what_the_platform_heard(bank: Bank, platform: Platform) -> None:
    outcome = await platform.voice(LIN, "房贷利率是多少")
    assert bank.said_by_customer() == ["房贷利率是多少"]
    (script,) = [event.payload["script"]["id"] for event in bank.events() if event.payload.get("script")]
    assert (outcome.kind, script) == ("reply", "loan_rate_mortgage")


@pytest.mark.parametrize("heard", [None, "", "  "])
async def test_a_voice_message_that_was_not_heard_is_asked_for_again(
    bank: Bank, platform: Platform, heard: str | None
) -> None:
    outcome = await platform.voice(LIN, heard)
    assert outcome.text is not None and bank.phrase("voice_unreadable") in outcome.text
    assert bank.said_by_customer() == [bank.phrase("heard_voice")]
    assert (bank.state(), bank.assistant.turns) == (State.BOT, [])


@pytest.mark.parametrize(
    ("kind", "name"), [("image", "heard_picture"), ("file", "heard_file"), ("video", "heard_video")]
)
async def test_a_picture_a_file_and_a_video_bring_a_person(
    bank: Bank, platform: Platform, kind: str, name: str
) -> None:
    bank.agent()
    outcome = await getattr(platform, kind)(LIN)
    assert outcome.text is not None and bank.phrase("media_received") in outcome.text
    assert bank.said_by_customer() == [bank.phrase(name)]
    assert (bank.state() in (State.QUEUED, State.OFFERED), bank.conversation().reason) == (True, "media")


async def test_the_agent_opens_the_customers_picture_from_the_platform(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    await platform.image(LIN)
    seq = next(event.seq for event in bank.events() if event.payload.get("media"))
    (reference,) = [event.payload["internal"]["media_ref"] for event in bank.events() if event.seq == seq]
    fake_api.media[reference] = Media(b"a picture")
    media = await bank.bridge.media(bank.conversation_ids()[0], seq)
    assert media is not None and (media.content_type, media.body) == ("image/jpeg", b"a picture")
    fake_api.media.clear()  # after three days
    with pytest.raises(NotFound):
        await bank.bridge.media(bank.conversation_ids()[0], seq)


async def test_a_place_is_answered_with_the_nearest_branch_and_stored_nowhere(
    bank: Bank, platform: Platform, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outcome = await platform.location(LIN, 30.661234, 104.118765, "样例路小区三栋")
    assert outcome.text is not None and "示范银行城东支行" in outcome.text
    assert bank.said_by_customer() == [bank.phrase("heard_location")]
    await bank.settles()
    for trace in ("30.66123", "104.1187", "小区三栋"):
        assert not [file for file in kept(tmp_path) if trace.encode() in file.read_bytes()]
        assert trace not in caplog.text


def kept(home: Path) -> list[Path]:
    return [file for file in home.rglob("*") if file.is_file()]


async def test_a_link_is_read_by_its_title_and_never_opened(bank: Bank, platform: Platform) -> None:
    await platform.link(LIN, "存款利率公告", "本行自即日起调整", "http://198.51.100.1/notice")
    assert bank.said_by_customer() == ["存款利率公告\n本行自即日起调整"]
    assert [turn.text for turn in bank.assistant.turns] == bank.said_by_customer()


async def test_an_unknown_kind_is_answered_honestly(bank: Bank, platform: Platform) -> None:
    outcome = await platform.deliver(platform.message(LIN, "sticker_of_next_year", {"Content": "x"}))
    assert outcome.text is not None and bank.phrase("unknown_kind") in outcome.text
    assert bank.said_by_customer() == [bank.phrase("heard_unknown")]


async def test_emoji_alone_and_blank_text_need_no_assistant(bank: Bank, platform: Platform) -> None:
    for text, phrase in (("😀👍🏽", "emoji_only"), ("   ", "empty")):
        outcome = await platform.text(LIN, text)
        assert outcome.text is not None and bank.phrase(phrase) in outcome.text
    assert bank.assistant.turns == []


async def test_a_text_that_is_too_long_is_not_kept_and_told_so(bank: Bank, platform: Platform) -> None:
    outcome = await platform.text(LIN, "长" * 1001)
    assert outcome.text is not None and bank.phrase("too_long", limit="1000") in outcome.text
    assert bank.said_by_customer() == [bank.phrase("heard_too_long")]


async def test_difficult_characters_arrive_whole_in_both_directions(bank: Bank, platform: Platform) -> None:
    said, facts = "a]]>b <b>&amp; é 𠮷", "]]>\u200d👩\u200d👩\u200d👧\u200d👦]]"
    values = {"facts": facts, "contact": "", "severity": "", "read": ""}
    bank.assistant.script[said] = understood("chitchat", Line("complaint_confirm", values, quoted=("facts",)))
    outcome = await platform.text(LIN, said)
    assert bank.said_by_customer() == [said]
    assert outcome.kind == "reply" and outcome.text is not None and facts in outcome.text


# events


async def test_who_subscribes_is_welcomed_once(bank: Bank, platform: Platform) -> None:
    outcome = await platform.event(LIN, "subscribe")
    assert (outcome.kind, bank.phrases()) == ("reply", ["welcome"])
    assert bank.said_by_customer() == [bank.phrase("heard_subscribe")]


async def test_who_subscribes_by_a_branchs_code_reads_of_the_branch(bank: Bank, platform: Platform) -> None:
    outcome = await platform.event(LIN, "subscribe", "qrscene_branch_east")
    assert outcome.text is not None and "示范银行城东支行" in outcome.text
    assert bank.conversation().context == {"branch": "east"}


async def test_who_scans_a_campaigns_or_an_unknown_code_is_answered_and_it_is_remembered(
    bank: Bank, platform: Platform
) -> None:
    for scene, kept_as in (("campaign_spring", "spring"), ("branch_of_the_moon", "branch_of_the_moon")):
        outcome = await platform.event(LIN, "SCAN", scene)
        assert outcome.kind == "reply"
        assert bank.conversation().context["campaign"] == kept_as


async def test_a_menu_key_is_a_script_or_a_reserved_choice(bank: Bank, platform: Platform) -> None:
    outcome = await platform.event(LIN, "CLICK", "branch_hours")
    assert (outcome.kind, bank.assistant.turns[0].choice) == ("reply", "branch_hours")
    bank.agent()
    await platform.event(LIN, "CLICK", "human")
    assert bank.state() in (State.QUEUED, State.OFFERED)


async def test_a_menu_key_that_nobody_knows_is_answered_and_logged(
    bank: Bank, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = await platform.event(LIN, "CLICK", "OLD_MENU_7")
    assert outcome.text is not None and bank.phrase("menu_unknown") in outcome.text
    assert "OLD_MENU_7" in caplog.text


async def test_the_menu_leads_to_the_web_page_where_there_is_one(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi
) -> None:
    page = "https://bank.example/chat"
    async with bank_at(house, assistant_with(), tmp_path, fake_api, web_chat=page) as bank:
        outcome = await platform_at(bank.url).event(LIN, "CLICK", "web")
        assert outcome.text is not None
        found = re.search(rf"{page}#customer=(\S+)", outcome.text)
        assert found is not None and LIN not in found[1]
        assert bank.bridge.reception.links.customer(found[1]) == bank.rows("wechat_customers")[0]["id"]


async def test_without_a_web_page_the_menu_says_so(bank: Bank, platform: Platform) -> None:
    outcome = await platform.event(LIN, "CLICK", "web")
    assert outcome.text is not None and bank.phrase("web_link_off") in outcome.text


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"])
async def test_events_that_need_no_answer_get_none_and_start_nothing(
    bank: Bank, platform: Platform, event: str
) -> None:
    assert (await platform.event(LIN, event)).kind == "success"
    assert bank.conversation_ids() == []


async def test_who_unsubscribes_in_the_middle_of_a_turn_is_sent_nothing_and_it_is_on_record(
    hasty: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, turn = platform_at(hasty.url), Held()
    hasty.assistant.script["网点几点开门"] = turn
    await platform.text(LIN, "网点几点开门")
    assert (await platform.event(LIN, "unsubscribe")).kind == "success"
    turn.go.set()
    await hasty.until(lambda: hasty.outbox())
    await hasty.settles()
    assert (fake_api.sends, hasty.fates()) == (0, {"dropped": 1})
    assert hasty.outbox()[0].detail == "unsubscribed"
    assert [event.actor.kind for event in hasty.events()] == ["bot", "customer", "customer", "bot"]
    # and when he comes back all is as ever
    await platform.event(LIN, "subscribe")
    turns = len(hasty.assistant.turns)
    await platform.text(LIN, "谢谢")
    await hasty.until(lambda: any("不客气" in text for text in platform.customers[LIN].texts))
    assert (len(hasty.assistant.turns), len(hasty.conversation_ids())) == (turns + 1, 1)
