"""What `qiantai wechat` tells an operator, against the platform's interface and our own server on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from server import served
from wechat.account import TEST_ACCOUNT
from wechat.endpoints import CALLBACK_IPS, SELF_MENU, STABLE_TOKEN
from wechat.fake_api import FakeApi
from wechat.faults import Fault

from bot import cli
from bot.assistant.fake import FakeAssistant
from bot.channels.links import Links
from bot.channels.wechat import menu, outgoing, store
from bot.channels.wechat.bridge import connect
from bot.channels.wechat.check import REFUSED, Finding, findings
from bot.channels.wechat.tokens import Token, Tokens
from bot.clock import FrozenClock
from bot.db import Database
from bot.knowledge import Knowledge
from bot.settings import WechatSettings
from bot.wiring import House

OPENID = "o_a-customer-of-the-bank"
SECRETS = (TEST_ACCOUNT.secret, TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key)


def with_account(house: House, base: str, **changed: Any) -> House:
    wechat = WechatSettings(
        TEST_ACCOUNT.appid, TEST_ACCOUNT.secret, TEST_ACCOUNT.token, TEST_ACCOUNT.aes_key, base, plain_allowed=False
    )
    return replace(house, settings=replace(house.settings, wechat=replace(wechat, **changed)))


@pytest.fixture
def bank(house: House, fake_api: FakeApi) -> House:
    """A house with an account that the platform knows, and a menu of which every key leads somewhere."""
    fake_api.menu.update({"is_menu_open": 1, "selfmenu_info": shown(menu.sample(house.knowledge))})
    return with_account(house, fake_api.url)


def shown(made: dict[str, Any]) -> dict[str, Any]:
    """The menu as the platform gives it back: entries below a column stand in a list."""
    columns = [
        {**column, "sub_button": {"list": column["sub_button"]}} if "sub_button" in column else column
        for column in made["button"]
    ]
    return {"button": columns}


async def found(house: House, public_url: str | None = None) -> dict[str, list[Finding]]:
    """By what they are about."""
    told: dict[str, list[Finding]] = {}
    async for finding in findings(house, public_url):
        told.setdefault(finding.about, []).append(finding)
    return told


def kinds(told: dict[str, list[Finding]]) -> dict[str, set[str]]:
    return {about: {finding.kind for finding in told[about]} for about in told}


class TestAnAccountThatWorks:
    async def test_has_nothing_bad_and_shows_no_secret(self, bank: House) -> None:
        told = await found(bank)
        assert not any("bad" in kind for kind in kinds(told).values())
        lines = "\n".join(str(finding) for about in told.values() for finding in about)
        assert TEST_ACCOUNT.appid in lines and not any(secret in lines for secret in SECRETS)

    async def test_really_asks_for_a_token_and_leaves_the_stored_one_alone(
        self, bank: House, fake_api: FakeApi
    ) -> None:
        now = bank.clock.now()
        tokens = Tokens(bank.db, bank.settings.data_key, TEST_ACCOUNT.appid, bank.clock)
        tokens.save(Token("kept", now + timedelta(hours=1), now))
        assert kinds(await found(bank))["token"] == {"ok"}
        assert [call.outcome for call in fake_api.calls_to(STABLE_TOKEN)] == ["ok"]
        kept = tokens.load()
        assert kept is not None and kept.value == "kept"

    async def test_sends_no_customer_anything(self, bank: House, fake_api: FakeApi) -> None:
        await found(bank)
        assert {call.path for call in fake_api.calls.items} == {STABLE_TOKEN, CALLBACK_IPS, SELF_MENU}

    async def test_names_where_deliveries_come_from(self, bank: House) -> None:
        (finding,) = (await found(bank))["firewall"]
        assert "127.0.0.1" in finding.said and "let these through" in finding.todo


class TestWhatIsWrong:
    async def test_no_account(self, house: House) -> None:
        told = await found(house)
        assert list(told) == ["settings"] and told["settings"][0].kind == "bad"
        assert "QIANTAI_WECHAT_APPID" in told["settings"][0].todo

    async def test_a_wrong_secret(self, house: House, fake_api: FakeApi) -> None:
        told = await found(with_account(house, fake_api.url, secret="another"))
        (finding,) = told["token"]
        assert finding.kind == "bad" and "40125" in finding.said and "QIANTAI_WECHAT_SECRET" in finding.todo
        assert "firewall" not in told and "menu" not in told

    async def test_an_address_that_the_platform_does_not_allow_is_named(self, bank: House, fake_api: FakeApi) -> None:
        fake_api.inject(STABLE_TOKEN, [Fault(40164)], persistent=True)
        (finding,) = (await found(bank))["token"]
        assert finding.kind == "bad" and "40164" in finding.said and "203.0.113.7" in finding.said
        assert "allow-list" in finding.todo

    @pytest.mark.parametrize("code", [48001, 45009, 99999])
    async def test_every_refusal_says_what_to_do(self, bank: House, fake_api: FakeApi, code: int) -> None:
        fake_api.inject(STABLE_TOKEN, [Fault(code)], persistent=True)
        (finding,) = (await found(bank))["token"]
        assert str(code) in finding.said and finding.todo == REFUSED.get(
            code, "look the code up in the platform's list"
        )

    async def test_an_interface_that_cannot_be_reached(self, house: House) -> None:
        (finding,) = (await found(with_account(house, "http://127.0.0.1:1")))["interface"]
        assert finding.kind == "bad" and "127.0.0.1:1" in finding.said and "QIANTAI_WECHAT_API_BASE" in finding.todo

    async def test_a_database_that_is_not_migrated(self, bank: House, tmp_path: Path) -> None:
        empty = replace(bank, db=Database(f"sqlite:///{tmp_path / 'empty.db'}"))
        (finding,) = (await found(empty))["database"]
        assert finding.kind == "bad" and "qiantai migrate" in finding.todo

    async def test_a_database_that_is_not_there(self, bank: House, tmp_path: Path) -> None:
        gone = replace(bank, db=Database(f"sqlite:///{tmp_path / 'nowhere' / 'gone.db'}"))
        (finding,) = (await found(gone))["database"]
        assert finding.kind == "bad" and "cannot be reached" in finding.said

    async def test_the_addresses_are_not_told(self, bank: House, fake_api: FakeApi) -> None:
        fake_api.inject(CALLBACK_IPS, [Fault(48001)], persistent=True)
        told = await found(bank)
        assert kinds(told)["firewall"] == {"look"} and "48001" in told["firewall"][0].said
        assert kinds(told)["menu"] == {"ok", "look"}


class TestMenu:
    async def test_each_unknown_key_is_named(self, bank: House, fake_api: FakeApi) -> None:
        button = [
            {"type": "click", "name": "好的", "key": "card_loss"},
            {"type": "view", "name": "官网", "url": "https://www.bank.example"},
            {"name": "更多", "sub_button": {"list": [{"type": "click", "name": "旧活动", "key": "V1001_OLD"}]}},
        ]
        fake_api.menu.update({"is_menu_open": 1, "selfmenu_info": {"button": button}})
        told = (await found(bank))["menu"]
        (bad,) = [finding for finding in told if finding.kind == "bad"]
        assert "旧活动" in bad.said and "V1001_OLD" in bad.said
        assert "2 entries" in told[1].said

    @pytest.mark.parametrize("none", [{"is_menu_open": 0}, {"selfmenu_info": {"button": "?"}}, {"selfmenu_info": None}])
    async def test_none_is_no_fault(self, bank: House, fake_api: FakeApi, none: dict[str, Any]) -> None:
        fake_api.menu.clear()
        fake_api.menu.update(none)
        (finding,) = (await found(bank))["menu"]
        assert finding.kind == "look" and "qiantai wechat menu" in finding.todo

    async def test_an_entry_to_the_web_page_needs_a_page(self, bank: House) -> None:
        assert "QIANTAI_WEB_CHAT" in (await found(bank))["menu"][-1].todo
        with_page = replace(bank, settings=replace(bank.settings, web_chat="https://www.bank.example/chat"))
        assert kinds(await found(with_page))["menu"] == {"ok"}

    def test_of_the_sample_is_what_the_platform_takes(self, said: Knowledge) -> None:
        made = menu.sample(said)
        assert len(made["button"]) == 3
        for column in made["button"]:
            assert len(column["name"].encode()) <= 16 and len(column.get("sub_button", [])) <= 5
        clicks = list(menu.click_keys({"selfmenu_info": shown(made)}))
        assert len(clicks) == 11 and all(menu.leads_somewhere(key, said) for _, key in clicks)

    def test_with_a_name_that_is_too_long_is_refused_before_the_platform_does(self, said: Knowledge) -> None:
        phrase = said.phrases["wechat_menu_web"]
        long = replace(said, phrases={**said.phrases, phrase.id: phrase.copy(update={"text": "网上银行客服"})})
        with pytest.raises(menu.KnowledgeError, match="16 bytes"):
            menu.sample(long)


class TestWhatIsStored:
    async def test_the_tokens_end_and_what_was_forced(self, bank: House, clock: FrozenClock) -> None:
        assert "no access token yet" in (await found(bank))["stored"][0].said
        now = clock.now()
        tokens = Tokens(bank.db, bank.settings.data_key, TEST_ACCOUNT.appid, clock)
        tokens.save(Token("kept", now + timedelta(hours=2), now))
        assert tokens.may_force()
        (finding,) = (await found(bank))["stored"]
        assert "good, until 2026-11-22T14:00" in finding.said and "1 forced on 2026-11-22" in finding.said
        clock.advance(7201)
        assert "run out" in (await found(bank))["stored"][0].said

    async def test_a_token_that_another_key_sealed(self, bank: House, clock: FrozenClock) -> None:
        now = clock.now()
        Tokens(bank.db, b"x" * 32, TEST_ACCOUNT.appid, clock).save(Token("kept", now + timedelta(hours=2), now))
        (finding,) = (await found(bank))["stored"]
        assert finding.kind == "look" and "QIANTAI_DATA_KEY" in finding.said

    async def test_messages_that_did_not_go_out_are_counted(self, bank: House) -> None:
        assert "none waits" in (await found(bank))["outbox"][0].said
        for state in ("held", "held", "failed", "ambiguous", "sent"):
            put_message(bank, state)
        (finding,) = (await found(bank))["outbox"]
        assert finding.kind == "look"
        assert [part.split()[:2] for part in finding.said.split("; ")] == [
            ["2", "held"],
            ["1", "failed"],
            ["1", "ambiguous"],
        ]

    async def test_without_a_gateway_what_cannot_be_sent_is_told_of(self, bank: House) -> None:
        assert kinds(await found(bank))["notices"] == {"look"}
        with_gateway = replace(bank, settings=replace(bank.settings, notice_url="https://notices.bank.example"))
        assert kinds(await found(with_gateway))["notices"] == {"ok"}


def put_message(house: House, state: str) -> None:
    """A message of the outbox in this state."""
    now = house.clock.now()
    with house.db.transaction() as tx:
        store.enter(tx, "c" * 32, OPENID, "gh_test")
    conversation_id = house.conversations.start("wechat").id
    values = {
        "customer_id": "c" * 32, "position": 1, "conversation_id": conversation_id, "from_seq": 1, "seq": 1,
        "text": "您好", "mandatory": [], "choices": [], "matters": False, "state": state, "way": "api", "attempts": 0,
        "detail": "", "made_at": now,
    }  # fmt: skip
    with house.db.transaction() as tx:
        tx.execute(outgoing.outbox.insert().values(**values))


class TestOurCallbackAddress:
    @pytest.mark.parametrize("path", ["", "/", "/channels/wechat", "/channels/wechat/"])
    async def test_answers_as_the_platform_wants_it(self, bank: House, tmp_path: Path, path: str) -> None:
        async with served(bank, FakeAssistant(), tmp_path) as server:
            (finding,) = (await found(bank, server.url + path))["callback"]
        assert finding.kind == "ok" and finding.said.startswith(f"{server.url}/channels/wechat")

    async def test_with_another_token_is_refused(self, bank: House, tmp_path: Path) -> None:
        assert bank.settings.wechat is not None
        async with served(bank, FakeAssistant(), tmp_path) as server:
            other = with_account(bank, bank.settings.wechat.api_base, token="another")
            (finding,) = (await found(other, server.url))["callback"]
        assert finding.kind == "bad" and "403" in finding.said and "QIANTAI_WECHAT_TOKEN" in finding.todo

    async def test_of_a_server_without_the_account(self, house: House, bank: House, tmp_path: Path) -> None:
        async with served(house, FakeAssistant(), tmp_path) as server:
            (finding,) = (await found(bank, server.url))["callback"]
        assert finding.kind == "bad" and "404" in finding.said

    async def test_of_another_program(self, bank: House, fake_api: FakeApi) -> None:
        (finding,) = (await found(bank, fake_api.url))["callback"]
        assert finding.kind == "bad" and "HTTP 200" in finding.todo

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1", "chat.bank.example", "https://chat.bank.example?x=1"])
    async def test_that_nobody_answers_or_that_is_none(self, bank: House, url: str) -> None:
        assert kinds(await found(bank, url))["callback"] == {"bad"}

    async def test_not_given_is_told_with_its_path(self, bank: House) -> None:
        (finding,) = (await found(bank))["callback"]
        assert finding.kind == "look" and "/channels/wechat/" in finding.said


@pytest.fixture
def typed(bank: House, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Commands work on this bank."""
    assert bank.settings.wechat is not None
    monkeypatch.setenv("QIANTAI_HOME", str(bank.settings.home))
    monkeypatch.setenv("QIANTAI_WECHAT_API_BASE", bank.settings.wechat.api_base)
    for name in ("APPID", "SECRET", "TOKEN", "AES_KEY"):
        monkeypatch.setenv(f"QIANTAI_WECHAT_{name}", getattr(TEST_ACCOUNT, name.lower()))
    for name in ("QIANTAI_ENV", "QIANTAI_DATABASE_URL", "QIANTAI_KNOWLEDGE", "QIANTAI_WEB_CHAT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


class TestCommands:
    async def test_check_ends_with_0_where_all_works(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert await asyncio.to_thread(cli.main, ["wechat", "check"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) >= 8 and all(line.split()[0] in ("ok", "look") for line in lines)

    async def test_check_ends_with_1_where_something_does_not(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        typed.setenv("QIANTAI_WECHAT_SECRET", "a-secret-that-is-wrong")
        assert await asyncio.to_thread(cli.main, ["wechat", "check"]) == 1
        said = capsys.readouterr()
        assert "40125" in said.out and "a-secret-that-is-wrong" not in said.out + said.err

    def test_link_binds_to_the_customer_whom_the_channel_knows(
        self,
        bank: House,
        typed: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        typed.setenv("QIANTAI_WEB_CHAT", "https://www.bank.example/chat")
        with caplog.at_level(logging.DEBUG):
            assert cli.main(["wechat", "link", OPENID]) == 0
        out = capsys.readouterr().out
        customer, url = (line.split()[1] for line in out.splitlines())
        page, _, token = url.partition("#customer=")
        assert page == "https://www.bank.example/chat"
        assert Links(bank.settings.secret_key, page).customer(token) == customer
        bridge = connect(bank)
        assert bridge is not None and bridge.reception.customer_id(OPENID) == customer
        assert OPENID not in out and OPENID not in caplog.text

    def test_link_reads_the_openid_from_standard_input_too(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        typed.setenv("QIANTAI_WEB_CHAT", "https://www.bank.example/chat")
        assert cli.main(["wechat", "link", OPENID]) == 0
        first = capsys.readouterr().out.splitlines()[0]
        typed.setattr("sys.stdin.readline", lambda: OPENID + "\n", raising=False)
        assert cli.main(["wechat", "link", "-"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == first

    def test_link_without_a_page_says_which_setting_is_missing(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["wechat", "link", OPENID]) == 1
        said = capsys.readouterr()
        assert said.out == "" and "QIANTAI_WEB_CHAT" in said.err and OPENID not in said.err

    def test_link_without_an_account_or_an_openid_says_so(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        typed.setenv("QIANTAI_WEB_CHAT", "https://www.bank.example/chat")
        assert cli.main(["wechat", "link", "no openid"]) == 1
        assert "no openid:" in capsys.readouterr().err
        for name in ("APPID", "SECRET", "TOKEN", "AES_KEY"):
            typed.delenv(f"QIANTAI_WECHAT_{name}")
        assert cli.main(["wechat", "link", OPENID]) == 1
        assert "no WeChat account" in capsys.readouterr().err

    def test_menu_prints_json_for_the_platform(
        self, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: Knowledge
    ) -> None:
        assert cli.main(["wechat", "menu"]) == 0
        assert json.loads(capsys.readouterr().out) == menu.sample(said)
