"""From a message's number: the exact text, what it was made of, who approved that, and why it might go out.

Whatever has happened to knowledge/ since.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
from desk import agent
from support import Chat

from bot import cli, knowledge
from bot.assistant.fake import FakeAssistant, understood
from bot.channels.wechat.outgoing import outbox
from bot.channels.wechat.store import customers
from bot.clock import FrozenClock
from bot.conversation import store
from bot.conversation.model import Answer, Line
from bot.desk.staff import Agent
from bot.errors import InvalidInput, NotFound, RefusedByGuard
from bot.evidence.command import operator, show
from bot.evidence.gather import gather
from bot.knowledge import Knowledge
from bot.privacy.audit import Action, entries
from bot.tickets import Kind
from bot.tickets.opening import Told
from bot.wiring import House, build, keep_versions

ROOT = Path(__file__).resolve().parents[2]
PROMISE = "这款理财保本保收益，您放心买。"


@pytest.fixture
def assistant() -> FakeAssistant:
    rate = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
    return FakeAssistant({"房贷利率是多少": rate}, otherwise=understood("greet", Line("greet")))


@pytest.fixture
def chat(any_house: House, assistant: FakeAssistant) -> Chat:
    """A customer of a house that has been started as `qiantai serve` does."""
    keep_versions(any_house)
    return Chat(any_house, assistant)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(ROOT / "knowledge", tmp_path / "changed")


def report(chat: Chat, seq: int, house: House | None = None) -> dict[str, Any]:
    with (house or chat.house).db.transaction() as tx:
        found = gather(tx, f"{chat.id}:{seq}")
    assert json.loads(json.dumps(found, ensure_ascii=False)) == json.loads(json.dumps(found))
    return found


def printed(chat: Chat, seq: int, capsys: pytest.CaptureFixture[str]) -> str:
    show(chat.house.db, chat.house.clock, f"{chat.id}:{seq}")
    return capsys.readouterr().out


def restarted(chat: Chat, said: Knowledge) -> House:
    """Another knowledge in force, a day later, on the same database."""
    chat.house.clock.advance(days=1)
    house = build(chat.house.settings, chat.house.clock, said)
    keep_versions(house)
    return house


def altered(said: Knowledge, script_id: str, **values: Any) -> Knowledge:
    script = said.script(script_id).copy(update=values)
    return replace(said, digest="another", scripts={**said.scripts, script_id: script})


class TestAnAnswer:
    def test_is_shown_whole(self, chat: Chat, said: Knowledge) -> None:
        chat.says("房贷利率是多少")
        event = next(e for e in chat.events if e.payload.get("script"))
        found, script = report(chat, event.seq), said.script("loan_rate_mortgage")
        assert found["message"]["text"] == event.payload["text"]
        assert (found["message"]["channel"], found["message"]["by"]["kind"]) == ("web", "bot")
        assert found["asked"]["text"] == "房贷利率是多少"
        assert found["understanding"]["model"] == "fake" and found["understanding"]["candidates"]
        as_said = found["script"]["as_said"]
        assert (as_said["id"], as_said["version"]) == ("loan_rate_mortgage", script.version)
        assert as_said["content"]["texts"] == list(script.texts) and as_said["unaltered"]
        assert as_said["content"]["approved_by"] == script.approved_by
        assert as_said["content"]["approved_on"] == str(script.approved_on)
        assert found["script"]["others"] == []
        assert [one["id"] for one in found["figures"]] == event.payload["internal"]["figures"]
        figure = found["figures"][0]["as_said"]["content"]
        assert figure["value"] == str(said.figures[found["figures"][0]["id"]].value)
        assert figure["source"] and figure["as_of"]
        assert all(one["as_said"]["content"]["legal_basis"] for one in found["disclosures"]) and found["disclosures"]
        assert found["guard"]["verdict"] == "complete" and found["guard"]["words_kept_since"]
        assert found["chain"]["holds"]

    def test_is_found_from_the_question_too(self, chat: Chat) -> None:
        chat.says("房贷利率是多少")
        question = next(e for e in chat.events if e.actor.kind == "customer")
        answers = report(chat, question.seq)["answers"]
        assert answers and answers[0]["text"] == chat.events[answers[0]["seq"] - 1].payload["text"]

    def test_is_told_in_words_with_approval_figures_and_law(
        self, chat: Chat, said: Knowledge, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chat.says("房贷利率是多少")
        event = next(e for e in chat.events if e.payload.get("script"))
        told = printed(chat, event.seq, capsys).splitlines()
        script = said.script("loan_rate_mortgage")
        assert f"话术 {script.id} 第{script.version}版" in told
        assert f"  起草 未写明；审批 {script.approved_by}，{script.approved_on}" in told
        assert f"  有效期 {script.valid_from} 至 {script.valid_to}" in told
        for id_ in event.payload["internal"]["figures"]:
            figure = said.figures[id_]
            assert f"  出处 {figure.source}，数据日期 {figure.as_of}，以{figure.authority}为准" in told
        for shown in event.payload["disclosures"]:
            assert any(said.disclosures[shown["id"]].legal_basis in line for line in told)
        assert f"哈希链 到这一条为止完整，哈希 {event.hash}" in told

    def test_is_shown_as_the_channel_sent_it(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        """WeChat cuts what is too long, and says what became of each part."""
        seq, now = chat.says("你好").seq, chat.house.clock.now()
        customer = {"id": "c1", "openid": "o1", "account": "a1", "subscribed": True, "told_seq": 0, "window_left": 5}
        part = {"customer_id": "c1", "conversation_id": chat.id, "mandatory": [], "choices": [], "matters": True}
        part |= {"attempts": 1, "detail": "", "made_at": now, "way": "api"}
        with chat.house.db.transaction() as tx:
            tx.execute(customers.insert().values(**customer, short_left=0, choices=[]))
            for place, (first, text) in enumerate([(1, "别的话"), (seq, "前一半"), (seq, "后一半")]):
                sent = {"from_seq": first, "seq": first, "position": place, "text": text, "done_at": now}
                tx.execute(outbox.insert().values(**part, **sent, state="sent"))
        delivery = report(chat, seq)["delivery"]
        assert [(one["text"], one["state"], one["way"]) for one in delivery] == [
            ("前一半", "sent", "api"),
            ("后一半", "sent", "api"),
        ]
        assert "后一半" in printed(chat, seq, capsys) and "别的话" not in printed(chat, seq, capsys)

    def test_hides_what_the_customer_told_of_himself(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        event = chat.says("我的手机是13800138000，你好")
        assert "13800138000" not in printed(chat, event.seq, capsys)


class TestTheSurvey:
    def test_a_question_is_shown_as_it_was_asked(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        chat.presses("solved")
        question = next(event for event in chat.events if event.kind == "survey")
        (asked,) = report(chat, question.seq)["phrases"]
        assert (asked["kind"], asked["id"], asked["others"]) == ("survey", "grade", [])
        assert asked["as_said"]["content"]["text"] == question.payload["text"]
        assert "满意度问题 grade" in printed(chat, question.seq, capsys)


class TestAfterTheFactsHaveChanged:
    @pytest.fixture
    def seq(self, chat: Chat) -> int:
        chat.says("房贷利率是多少")
        return next(e.seq for e in chat.events if e.payload.get("script"))

    def test_the_old_text_and_the_old_figure_are_shown(
        self, chat: Chat, seq: int, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before, then = report(chat, seq), printed(chat, seq, capsys)
        figure_id = before["figures"][0]["id"]
        said = knowledge.load(folder)
        figure = said.figures[figure_id].copy(update={"value": "9.99", "source": "《新公告》"})
        script = said.script("loan_rate_mortgage")
        said = altered(said, script.id, version=script.version + 1, texts=("新的说法。", "又一种说法。"))
        said = replace(said, digest="another", figures={**said.figures, figure_id: figure})
        restarted(chat, said)
        assert report(chat, seq) == before
        assert printed(chat, seq, capsys) == then
        assert "新的说法" not in then and script.texts[0].splitlines()[0] in then

    def test_a_script_that_was_deleted_is_shown(self, chat: Chat, seq: int, said: Knowledge) -> None:
        before = report(chat, seq)
        left = {id_: script for id_, script in said.scripts.items() if id_ != "loan_rate_mortgage"}
        restarted(chat, replace(said, digest="another", scripts=left))
        assert report(chat, seq) == before

    def test_a_change_without_a_new_version_is_told_and_both_are_shown(
        self, chat: Chat, seq: int, said: Knowledge, capsys: pytest.CaptureFixture[str]
    ) -> None:
        restarted(chat, altered(said, "loan_rate_mortgage", texts=("偷偷改的说法。", "又一种说法。")))
        script = report(chat, seq)["script"]
        assert script["as_said"]["content"]["texts"] == list(said.script("loan_rate_mortgage").texts)
        assert [other["content"]["texts"][0] for other in script["others"]] == ["偷偷改的说法。"]
        told = printed(chat, seq, capsys)
        assert "同一版本号下的另一种内容" in told and "偷偷改的说法。" in told

    def test_what_was_not_kept_is_said_to_be_unknown(
        self, any_house: House, assistant: FakeAssistant, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chat = Chat(any_house, assistant)  # nobody has filled the archive
        chat.says("房贷利率是多少")
        seq = next(e.seq for e in chat.events if e.payload.get("script"))
        assert report(chat, seq)["script"]["as_said"] is None
        assert "存档里没有" in printed(chat, seq, capsys)


class TestWhatTheGuardStopped:
    @pytest.fixture
    def sue(self, any_house: House) -> Agent:
        return agent(any_house, "sue", "ready", "supervisor")

    @pytest.fixture
    def served(self, chat: Chat, sue: Agent) -> Chat:
        chat.sends("我想找人问问理财")
        chat.sends(choice="human")
        chat.house.desk.claim(sue, chat.id, chat.conversation.epoch)
        return chat

    def send(self, chat: Chat, who: Agent, text: str, key: str, override: str | None = None) -> int:
        return chat.house.desk.send(who, chat.id, chat.conversation.epoch, key, text, override)

    def test_a_refused_text_stands_beside_what_was_said_instead(
        self, served: Chat, sue: Agent, capsys: pytest.CaptureFixture[str]
    ) -> None:
        earlier = self.send(served, sue, "您好。", "key-00000")
        with pytest.raises(RefusedByGuard) as refused:
            self.send(served, sue, PROMISE, "key-00001")
        served.sends("还在吗")
        seq = self.send(served, sue, "您好，请稍等。", "key-00002")
        found = report(served, seq)
        assert found["message"]["by"] == {"kind": "agent", "name": "坐席sue", "username": "sue"}
        assert found["guard"]["verdict"] == "allow" and found["override"] is None
        (attempt,) = found["attempts"]
        assert (attempt["text"], attempt["by"]) == (PROMISE, "sue")
        assert attempt["rules"] == refused.value.extra["rules"]
        told = printed(served, seq, capsys)
        assert PROMISE in told and refused.value.extra["reasons"][0] in told
        later = self.send(served, sue, "您好，让您久等了。", "key-00003")
        assert report(served, earlier)["attempts"] == report(served, later)["attempts"] == []

    def test_an_overridden_text_is_shown_with_its_reason(
        self, served: Chat, sue: Agent, capsys: pytest.CaptureFixture[str]
    ) -> None:
        seq = self.send(served, sue, PROMISE, "key-00001", "引用客户原话")
        found = report(served, seq)
        assert found["guard"]["verdict"] == "refuse" and found["guard"]["findings"]
        assert found["override"] == {"reason": "引用客户原话", "text": PROMISE}
        assert "强制发送 理由：引用客户原话" in printed(served, seq, capsys)

    def test_what_the_assistant_was_not_let_say_is_shown(
        self, any_house: House, said: Knowledge, clock: FrozenClock, capsys: pytest.CaptureFixture[str]
    ) -> None:
        phrase = said.phrases["greet"].copy(update={"text": PROMISE})
        bad = replace(said, digest="another", phrases={**said.phrases, "greet": phrase})
        house = build(any_house.settings, clock, bad)
        keep_versions(house)
        chat = Chat(house, FakeAssistant(otherwise=understood("greet", Line("greet"))))
        chat.says("你好")
        seq = next(e.seq for e in chat.events if "refused" in (e.payload.get("internal") or {}))
        found = report(chat, seq)
        assert found["refused"]["text"] == PROMISE and found["message"]["text"] != PROMISE
        assert [(one["kind"], one["id"]) for one in found["refused"]["made_of"]] == [("phrase", "greet")]
        assert found["guard"]["verdict"] == "refuse" and found["guard"]["findings"]
        assert [one["id"] for one in found["phrases"]] == ["guard_safe"]
        assert PROMISE in printed(chat, seq, capsys)

    def test_a_script_that_was_not_let_out_is_no_script_that_was_said(
        self, any_house: House, assistant: FakeAssistant, clock: FrozenClock, said: Knowledge
    ) -> None:
        promising = (PROMISE + "年化{mortgage_rate_low}。", "另一种说法。")
        house = build(any_house.settings, clock, altered(said, "loan_rate_mortgage", texts=promising))
        keep_versions(house)
        chat = Chat(house, assistant)
        chat.says("房贷利率是多少")
        found = report(chat, next(e.seq for e in chat.events if "refused" in (e.payload.get("internal") or {})))
        assert PROMISE in found["refused"]["text"]
        assert [one["id"] for one in found["refused"]["made_of"]] == ["loan_rate_mortgage", "mortgage_rate_low"]
        assert (found["script"], found["figures"]) == (None, [])


class TestTheChain:
    def test_holds_up_to_the_message_or_not(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        chat.says("房贷利率是多少")
        answered = next(e.seq for e in chat.events if e.payload.get("script"))
        chat.says("你好")
        last = chat.conversation.last_seq
        changed = 'UPDATE conversation_events SET payload = \'{"text":"x"}\' WHERE conversation_id = :id AND seq = :seq'
        with chat.house.db.transaction() as tx:
            tx.execute(sa.text(changed), {"id": chat.id, "seq": answered + 1})
        assert report(chat, answered)["chain"]["holds"]
        assert not report(chat, last)["chain"]["holds"]
        assert f"在第{answered + 1}条断开" in printed(chat, last, capsys)


class TestAskingForIt:
    def test_by_a_complaints_number_finds_the_message_that_opened_it(self, chat: Chat) -> None:
        chat.sends("我要投诉")
        opened = chat.conversation.last_seq
        with chat.house.db.transaction() as tx:
            due = chat.house.clock.now() + timedelta(hours=1)
            case = chat.house.tickets.open_callback(tx, chat.id, opened, "asked", due)
            assert case.kind is Kind.CALLBACK
            found = gather(tx, case.number)
        assert (found["message"]["seq"], found["message"]["text"]) == (opened, "我要投诉")

    @pytest.mark.parametrize(
        ("target", "error", "told"),
        [
            ("{id}:999", NotFound, "has no message 999; its last is"),
            ("nobody:1", NotFound, "there is no conversation nobody"),
            ("no\x00body:1", NotFound, "there is no conversation"),
            ("{id}:one", InvalidInput, "names no message"),
            (":1", InvalidInput, "names no message"),
            ("TS20200101000001", NotFound, "no case TS20200101000001"),
        ],
    )
    def test_for_what_is_not_there_is_told(self, chat: Chat, target: str, error: type[Exception], told: str) -> None:
        with pytest.raises(error, match=told), chat.house.db.transaction() as tx:
            gather(tx, target.format(id=chat.id))

    def test_by_whom_the_customer_complains_about_there_is_nothing(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        house, seq = chat.house, chat.says("你好").seq
        agent(house, "anna")
        with house.db.transaction() as tx:
            call = house.tickets.open_callback(tx, chat.id, seq, "asked", house.clock.now() + timedelta(hours=1))
            told = Told("坐席anna态度恶劣，还骂人", None)
            conversation = store.get(tx, chat.id, lock=True)
            house.tickets.opening.open(tx, conversation, conversation.last_seq, told, house.clock.now())
        monkeypatch.setattr("bot.evidence.command.operator", lambda: "bert")
        assert printed(chat, seq, capsys)
        monkeypatch.setattr("bot.evidence.command.operator", lambda: "anna")
        for target, words in ((f"{chat.id}:{seq}", "there is no conversation"), (call.number, "no case")):
            with pytest.raises(NotFound, match=words):
                show(house.db, house.clock, target)
        assert capsys.readouterr().out == ""

    def test_is_written_down(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        seq = chat.says("你好").seq
        printed(chat, seq, capsys)
        with chat.house.db.transaction() as tx:
            (entry,) = entries(tx, f"message:{chat.id}:{seq}")
        assert (entry.actor, entry.action) == (operator(), Action.EVIDENCE_READ)

    def test_on_the_command_line(
        self,
        house: House,
        assistant: FakeAssistant,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """With no knowledge/ at all: the record speaks for itself."""
        monkeypatch.setenv("QIANTAI_HOME", str(house.settings.home))
        monkeypatch.setenv("QIANTAI_KNOWLEDGE", str(house.settings.home / "gone"))
        keep_versions(house)
        chat = Chat(house, assistant)
        seq = chat.says("房贷利率是多少").seq
        assert cli.main(["evidence", f"{chat.id}:{seq}", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["message"]["seq"] == seq
        assert cli.main(["evidence", f"{chat.id}:{seq}"]) == 0
        assert capsys.readouterr().out.startswith(f"消息 {chat.id}:{seq}\n")
        assert cli.main(["evidence", f"{chat.id}:999"]) == 1
        assert capsys.readouterr().err.startswith(f"qiantai: conversation {chat.id} has no message 999")

    def test_on_a_database_that_is_not_migrated_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("QIANTAI_HOME", str(tmp_path))
        assert cli.main(["evidence", "a:1"]) == 1
        assert "not migrated" in capsys.readouterr().err
