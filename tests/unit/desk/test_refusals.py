"""What the guard does not let an agent say is no event, but it is written down: who, when, what and why."""

from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.desk.refusals import KIND, subject
from bot.desk.staff import Agent
from bot.errors import RefusedByGuard
from bot.health import readiness
from bot.knowledge import archive
from bot.privacy.audit import Action, Entry, entries
from bot.tickets import alerts
from bot.wiring import House, keep_versions, officer_of

PROMISE = "这款理财保本保收益，您放心买，电话13800138000。"
LACKING = "理财产品可以看看。"  # a mandatory warning is missing


@pytest.fixture
def mei(any_house: House) -> Agent:
    return agent(any_house, "mei")


@pytest.fixture
def chat(any_house: House, mei: Agent) -> Chat:
    """A customer whom mei has taken."""
    chat = Chat(any_house, FakeAssistant())
    chat.sends(choice="human")
    any_house.desk.claim(mei, chat.id, chat.conversation.epoch)
    return chat


def refusals(chat: Chat) -> list[Entry]:
    with chat.house.db.transaction() as tx:
        return [entry for entry in entries(tx, subject(chat.id)) if entry.action == Action.REFUSED]


def test_a_refused_text_stands_in_the_audit_log_masked(chat: Chat, mei: Agent) -> None:
    before = chat.conversation.last_seq
    with pytest.raises(RefusedByGuard) as refused:
        chat.house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", PROMISE)
    (entry,) = refusals(chat)
    assert (entry.actor, entry.detail["after"], entry.detail["rules"]) == ("mei", before, refused.value.extra["rules"])
    assert entry.detail["text"].startswith("这款理财保本保收益") and "13800138000" not in entry.detail["text"]
    assert chat.conversation.last_seq == before


def test_what_was_said_is_no_refusal(chat: Chat, mei: Agent) -> None:
    chat.house.desk.send(mei, chat.id, chat.conversation.epoch, "key-00001", "您好，请稍等。")
    assert refusals(chat) == []


class TestWhoTriesAgainAndAgain:
    """004-64: after three in one conversation his supervisor is told."""

    @pytest.fixture
    def sue(self, any_house: House) -> Agent:
        return agent(any_house, "sue", "busy", "supervisor")

    def told(self, chat: Chat, who: Agent) -> list[str]:
        with chat.house.db.transaction() as tx:
            rows = alerts.page(tx, officer_of(who), chat.house.clock.now())[0]
        return [row.text for row in rows if row.kind == KIND and row.conversation_id == chat.id]

    def tries(self, chat: Chat, who: Agent, *texts: str) -> None:
        for text in texts:
            with pytest.raises(RefusedByGuard):
                chat.house.desk.send(who, chat.id, chat.conversation.epoch, "key-00001", text)

    def test_is_told_of_once(self, chat: Chat, mei: Agent, sue: Agent) -> None:
        self.tries(chat, mei, PROMISE, PROMISE)
        assert self.told(chat, sue) == []
        self.tries(chat, mei, PROMISE)
        [text] = self.told(chat, sue)
        assert mei.name in text and "3" in text
        self.tries(chat, mei, PROMISE, PROMISE)
        assert len(self.told(chat, sue)) == 1

    def test_forgotten_warnings_are_completed_and_not_counted(self, chat: Chat, mei: Agent, sue: Agent) -> None:
        self.tries(chat, mei, *[LACKING] * 4)
        assert len(refusals(chat)) == 4 and self.told(chat, sue) == []

    def test_each_conversation_is_counted_by_itself(self, chat: Chat, mei: Agent, sue: Agent) -> None:
        other = Chat(chat.house, FakeAssistant())
        other.sends(choice="human")
        chat.house.desk.claim(mei, other.id, other.conversation.epoch)
        self.tries(chat, mei, PROMISE, PROMISE)
        self.tries(other, mei, PROMISE, PROMISE)
        assert self.told(chat, sue) == self.told(other, sue) == []


def test_a_change_without_a_new_version_is_told_where_operators_look(any_house: House) -> None:
    keep_versions(any_house)
    assert not [w for w in readiness(any_house, True)["warnings"] if "without a new version" in w]
    script = any_house.knowledge.script("branch_hours")
    with any_house.db.transaction() as tx:
        other = {"digest": "0" * 32, "content": {}, "first_seen_at": any_house.clock.now()}
        tx.execute(archive.versions.insert().values(kind="script", id=script.id, version=script.version, **other))
    told = f"knowledge: script branch_hours version {script.version} was changed without a new version"
    assert told in readiness(any_house, True)["warnings"]
