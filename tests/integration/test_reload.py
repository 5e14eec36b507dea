"""`qiantai knowledge reload`: a running server exchanges all that it says at once, or keeps the last good state."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copyfile, copytree
from threading import Event
from types import FunctionType, ModuleType
from typing import Any

import pytest
import pytest_asyncio
from desk import at_desk
from sanic import Sanic
from server import Server, served
from support import Chat, settings
from wechat.account import TEST_ACCOUNT

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Answer, TurnInput, TurnOutput
from bot.db import Database
from bot.knowledge import Knowledge, archive, load
from bot.knowledge.reload_command import reload
from bot.knowledge.reloading import Reloads, ask
from bot.settings import WechatSettings
from bot.wakeups import DESK
from bot.wiring import House, build

ROOT = Path(__file__).resolve().parents[2]
MARK = "\ue123"  # a private character: stands in every text of the old state
ODD = 6_061_301  # and this number in its rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(ROOT / "knowledge", tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.fixture
def house(tmp_path: Path, folder: Path, said: Knowledge, clock: FrozenClock, migrated: Path) -> Iterator[House]:
    """A house that reads its own copy of knowledge/."""
    copyfile(migrated, tmp_path / "qiantai.db")
    made = build(settings(tmp_path, QIANTAI_KNOWLEDGE=str(folder)), clock, said)
    yield made
    made.db.dispose()


@pytest_asyncio.fixture
async def server(house: House, assistant: FakeAssistant, tmp_path: Path) -> AsyncIterator[Server]:
    async with served(house, assistant, tmp_path) as running:
        yield running


def rewrite(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def renamed(folder: Path) -> None:
    rewrite(folder, "bank.yml", "name: 示范银行", "name: 改名银行")


def waking(house: House) -> Callable[[float], object]:
    """The command's pause; the server looks at once instead of within a second."""
    never = Event()

    def pause(_: float) -> None:
        house.wakeups.notify(DESK)
        never.wait(0.05)

    return pause


async def command(server: Server) -> int:
    elsewhere = Database(server.house.db.url)
    try:
        return await asyncio.to_thread(reload, elsewhere, server.house.clock, "li", waking(server.house))
    finally:
        elsewhere.dispose()


async def alive(server: Server) -> None:
    """The server has shown its first sign of life."""
    await asyncio.to_thread(server.house.reloads.tick)


async def ready(server: Server) -> dict[str, Any]:
    async with server.client() as client:
        got = await client.get("/readyz")
    assert got.status_code == 200
    return got.json()


class TestOverHttp:
    async def test_everything_that_is_said_changes_with_the_command_and_not_before(
        self, server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        await alive(server)
        renamed(folder)
        assert server.house.reloads.tick() is False and server.house.knowledge.bank.name == "示范银行"
        before = await ready(server)
        assert await command(server) == 0
        digest = load(folder).digest[:12]
        assert capsys.readouterr().out == f"{server.house.reloads.process}: loaded {digest}\n"
        after = await ready(server)
        assert after["knowledge"]["digest"] == digest != before["knowledge"]["digest"]
        visitor = await server.visitor()
        assert "改名银行" in (await visitor.poll())["events"][0]["text"]
        async with at_desk(server, "mei") as desk:
            assert (await desk.get("/page")).json()["bank"] == "改名银行"

    async def test_a_broken_folder_changes_nothing_and_is_loud_everywhere(
        self, server: Server, folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        await alive(server)
        renamed(folder)
        rewrite(folder, "escalation.yml", "thread_limit_s: 300", "thread_limit_s: 五分钟")
        with caplog.at_level(logging.ERROR):
            assert await command(server) == 1
        out = capsys.readouterr().out
        assert "REFUSED" in out and "escalation.yml 第" in out and "thread_limit_s" in out
        assert "REFUSED" in caplog.text and "escalation.yml" in caplog.text
        found = await ready(server)
        assert any("reload was refused" in w and "escalation.yml" in w for w in found["warnings"])
        assert found["ready"] and server.house.knowledge.bank.name == "示范银行"
        rewrite(folder, "escalation.yml", "thread_limit_s: 五分钟", "thread_limit_s: 300")
        assert await command(server) == 0
        assert not any("refused" in w for w in (await ready(server))["warnings"])
        assert server.house.knowledge.bank.name == "改名银行"

    async def test_what_came_into_force_is_kept_for_ever(self, server: Server, folder: Path) -> None:
        await alive(server)
        rewrite(folder, "phrases.yml", "text: 不客气！", "text: 不用谢！")
        assert await command(server) == 0
        with server.house.db.transaction() as tx:
            (kept,) = [one for one in archive.find(tx, "phrase", "thanks") if "不用谢" in one.content["text"]]
        assert kept.digest == server.house.knowledge.digests["phrase", "thanks"]


class TestProcesses:
    @pytest.fixture
    def others(self, any_house: House) -> Iterator[Callable[[], Reloads]]:
        """Other processes on the same database."""
        made: list[Database] = []

        def another() -> Reloads:
            mine = any_house.reloads
            made.append(Database(any_house.db.url))
            return Reloads(made[-1], mine.clock, mine.current, mine.path, mine.accept)

        yield another
        for db in made:
            db.dispose()

    def test_each_answers_once_and_the_command_names_each(
        self, any_house: House, others: Callable[[], Reloads], capsys: pytest.CaptureFixture[str]
    ) -> None:
        running = [others(), others()]
        for one in running:
            assert one.tick() is False
        answers: list[bool] = []
        told = reload(any_house.db, any_house.clock, "li", lambda _: answers.extend(one.tick() for one in running))
        assert told == 0 and answers.count(True) == 2
        lines = capsys.readouterr().out.splitlines()
        assert sorted(line.split(": ")[0] for line in lines) == sorted(one.process for one in running)

    def test_one_that_does_not_answer_is_named_and_fails_the_command(
        self, any_house: House, others: Callable[[], Reloads], capsys: pytest.CaptureFixture[str]
    ) -> None:
        awake, asleep = others(), others()
        awake.tick(), asleep.tick()
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            awake.tick()

        assert reload(any_house.db, any_house.clock, "li", pause) == 1
        assert sum(pauses) == 30
        assert f"{asleep.process}: no answer after 30 s" in capsys.readouterr().out

    def test_one_that_has_ended_is_not_waited_for(self, any_house: House, others: Callable[[], Reloads]) -> None:
        gone, silent = others(), others()
        gone.tick(), silent.tick()
        gone.leave()
        any_house.clock.advance(21)
        assert reload(any_house.db, any_house.clock, "li", lambda _: None) == 1

    def test_a_wish_from_long_before_the_start_is_not_followed_again(
        self, any_house: House, others: Callable[[], Reloads]
    ) -> None:
        with any_house.db.transaction() as tx:
            ask(tx, "li", any_house.clock.now())
        assert others().tick() is True  # it may have come while this process was reading the folder
        any_house.clock.advance(301)
        assert others().tick() is False

    def test_a_folder_that_production_may_not_serve_is_refused(
        self, house: House, folder: Path, clock: FrozenClock
    ) -> None:
        production = replace(house.settings, mode="production")
        made = build(production, clock, house.reloads.current.now())
        made.reloads.tick()
        with made.db.transaction() as tx:
            ask(tx, "li", clock.now())
        assert made.reloads.tick() is True
        assert "sample figures" in made.reloads.problems[0]
        made.db.dispose()

    def test_a_folder_under_whose_domains_our_links_would_be_refused_is_refused(
        self, house: House, folder: Path, clock: FrozenClock
    ) -> None:
        linked = replace(house.settings, public_url="https://chat.bank.example")
        made = build(linked, clock, house.reloads.current.now())
        made.reloads.tick()
        rewrite(folder, "bank.yml", "domains: [bank.example]", "domains: [bank.test]")
        with made.db.transaction() as tx:
            ask(tx, "li", clock.now())
        assert made.reloads.tick() is True
        assert "QIANTAI_PUBLIC_URL" in made.reloads.problems[0]
        assert made.knowledge.bank.domains == ("bank.example",)
        made.db.dispose()


class TestATurn:
    def test_never_mixes_two_states(self, house: House, folder: Path) -> None:
        """The exchange comes while the assistant is at it: this answer is all old, the next one all new."""
        fresh = self.changed(folder)

        def exchanging(turn: TurnInput) -> TurnOutput:
            house.reloads.current.exchange(fresh)
            seen.append(house.knowledge.bank.name)
            return understood("branch_hours", Answer("branch_hours"))

        seen: list[str] = []
        chat = Chat(house, FakeAssistant(otherwise=exchanging))
        old, new = (k.script("branch_hours").version for k in (house.knowledge, fresh))
        assert chat.says("几点开门").payload["script"] == {"id": "branch_hours", "version": old}
        assert chat.last.payload["internal"]["record"]["knowledge"] != fresh.digest[:32]
        assert chat.says("周末呢").payload["script"] == {"id": "branch_hours", "version": new}
        assert seen == ["示范银行", "改名银行"]

    def test_that_failed_lets_go(self, house: House, folder: Path) -> None:
        chat = Chat(house, FakeAssistant())
        house.reloads.current.exchange(self.changed(folder))
        chat.says("几点开门")
        assert house.knowledge.bank.name == "改名银行"

    def test_a_button_of_the_old_state_is_no_error_inside(self, house: House, folder: Path) -> None:
        fresh = self.changed(folder)
        without = {id_: script for id_, script in fresh.scripts.items() if id_ != "branch_hours"}
        house.reloads.current.exchange(replace(fresh, scripts=without))
        chat = Chat(house, FakeAssistant(otherwise=understood("greet")))
        with pytest.raises(Exception, match="no such choice"):
            chat.sends(choice="branch_hours")

    def changed(self, folder: Path) -> Knowledge:
        renamed(folder)
        path = folder / "scripts" / "branches.yml"
        head, tail = path.read_text("utf-8").split("- id: branch_hours\n", 1)
        number = tail.split("version: ", 1)[1].split("\n", 1)[0]
        path.write_text(f"{head}- id: branch_hours\n" + tail.replace(f"version: {number}", "version: 99", 1), "utf-8")
        return load(folder)


GROUPS = ("queues", "lines", "signals")  # of escalation.yml


def marked(said: Knowledge) -> Knowledge:
    """The same state, but that each of its texts and rules can be told from any other."""
    phrases = {id_: phrase.copy(update={"text": phrase.text + MARK}) for id_, phrase in said.phrases.items()}
    numbers = {name: ODD for name, value in said.escalation if type(value) is int}
    numbers |= {"agent_limit": 3}  # is written down with each agent, as it should be
    reasons = {code: one.copy(update={"text": one.text + MARK}) for code, one in said.escalation.reasons.items()}
    groups = {name: tuple(one.copy() for one in getattr(said.escalation, name)) for name in GROUPS}
    texts = {"name", "hotline", "loss_line", "hours", "banner", "assistant_name"}
    return replace(
        said,
        digest=MARK,
        bank=said.bank.copy(update={name: getattr(said.bank, name) + MARK for name in texts}),
        escalation=said.escalation.copy(update={**numbers, **groups, "reasons": reasons}),
        complaints=said.complaints.copy(deep=True),
        guard=said.guard.copy(deep=True),
        calendar=said.calendar.copy(deep=True),
        phrases=phrases,
        scripts={id_: script.copy(update={"title": script.title + MARK}) for id_, script in said.scripts.items()},
        disclosures={id_: one.copy(update={"title": one.title + MARK}) for id_, one in said.disclosures.items()},
        figures={id_: figure.copy() for id_, figure in said.figures.items()},
        intents={id_: intent.copy(update={"words": intent.words + MARK}) for id_, intent in said.intents.items()},
        branches={id_: branch.copy(update={"name": branch.name + MARK}) for id_, branch in said.branches.items()},
    )


def parts(knowledge: Knowledge) -> dict[int, str]:
    """The snapshot and everything that it is made of and that no other snapshot shares."""
    known = {id(knowledge): "the snapshot"}
    for name in ("bank", "escalation", "calendar", "complaints", "guard"):
        known[id(getattr(knowledge, name))] = name
    for name in ("figures", "disclosures", "scripts", "phrases", "intents", "branches"):
        known[id(getattr(knowledge, name))] = name
        known |= {id(item): f"{name} {id_}" for id_, item in getattr(knowledge, name).items()}
    known |= {id(one): f"reason {code}" for code, one in knowledge.escalation.reasons.items()}
    known |= {id(one): f"{name} {one.id}" for name in GROUPS for one in getattr(knowledge.escalation, name)}
    return known


def kept_of(old: Knowledge, *roots: object) -> set[str]:
    """What can be reached from here of the old state, and what of it was copied: a kept answer is an old answer."""
    known, found = parts(old), set()
    seen = {id(vars(module)) for module in [*sys.modules.values()] if isinstance(module, ModuleType)}
    waiting: list[object] = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, ModuleType | type):
            continue
        seen.add(id(one))
        if id(one) in known:
            found.add(known[id(one)])
            continue
        if isinstance(one, str) and MARK in one:
            found.add(f"text {one[:20]}")
        elif type(one) is int and one == ODD:
            found.add("a number of escalation.yml")
        elif isinstance(one, FunctionType):
            waiting += [one.__closure__, one.__defaults__, one.__kwdefaults__]  # not the module that it stands in
        else:
            waiting += gc.get_referents(one)
    return found


class TestNobodyKeeps:
    """Who keeps a part of the snapshot, or something that was made of it, goes on saying it after the exchange."""

    @pytest.fixture
    def old(self, said: Knowledge) -> Knowledge:
        return marked(said)

    @pytest.fixture
    def marked_house(
        self, tmp_path: Path, folder: Path, old: Knowledge, clock: FrozenClock, migrated: Path
    ) -> Iterator[House]:
        copyfile(migrated, tmp_path / "qiantai.db")
        made = build(settings(tmp_path, QIANTAI_KNOWLEDGE=str(folder)), clock, old)
        account = TEST_ACCOUNT
        wechat = WechatSettings(
            account.appid, account.secret, account.token, account.aes_key, "http://127.0.0.1:9", False
        )
        yield replace(made, settings=replace(made.settings, wechat=wechat))
        made.db.dispose()

    async def test_anything_of_the_state_before(
        self, marked_house: House, old: Knowledge, said: Knowledge, assistant: FakeAssistant, tmp_path: Path
    ) -> None:
        house = marked_house
        async with served(house, assistant, tmp_path) as server:
            (app,) = Sanic._app_registry.values()
            await self.use(server)
            assert "the snapshot" in kept_of(old, app, house), "the search does not see what it is meant to see"
            house.reloads.current.exchange(replace(said, digest="new"))
            await self.use(server)
            gc.collect()
            house.db.engine.clear_compiled_cache()  # the library keeps values of compiled statements
            assert sorted(kept_of(old, app, house, assistant)) == []

    @pytest.mark.parametrize(
        "keep",
        [
            lambda house: house.knowledge.escalation,
            lambda house: house.knowledge.phrases,
            lambda house: house.knowledge.phrase("thanks")[0],
            lambda house: [house.knowledge.escalation.lease_s],
            lambda house: partial(print, house.knowledge.bank),
            lambda house: (lambda bank: lambda: bank)(house.knowledge.bank),
        ],
        ids=["rules", "phrases", "a text", "a number", "a partial", "a closure"],
    )
    def test_and_who_did_would_be_seen(
        self, marked_house: House, old: Knowledge, said: Knowledge, keep: Callable[[House], Any]
    ) -> None:
        marked_house.conversations.careless = keep(marked_house)
        marked_house.reloads.current.exchange(said)
        assert kept_of(old, marked_house)

    async def use(self, server: Server) -> None:
        """Every surface once, so that what is made on first use is made."""
        visitor = await server.visitor()
        await visitor.asks("房贷利率是多少")
        await visitor.post({"choice": "no_such_choice"})
        async with server.client() as client:
            for path in ("/readyz", "/metrics", "/api/chat/nothing"):
                await client.get(path)
        async with at_desk(server, "mei") as desk:
            await visitor.post({"choice": "human"})
            await desk.claims(visitor)
            for path in ("/page", "/scripts?q=贷款", f"/conversations/{visitor.conversation_id}", "/tickets"):
                assert (await desk.get(path)).status_code == 200
            await desk.says(visitor, "这款理财产品您可以看看")
        house = server.house
        for tick in (house.conversations.tick, house.desk.tick, house.casework.tick, house.notices.tick):
            await asyncio.to_thread(tick)
