"""What the guard does not let an agent say is no event, but it is written down: who, when, what and why."""

from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.desk.refusals import REFUSED, subject
from bot.desk.staff import Agent
from bot.errors import RefusedByGuard
from bot.health import readiness
from bot.knowledge import archive
from bot.privacy.audit import Entry, entries
from bot.wiring import House, keep_versions

PROMISE = "这款理财保本保收益，您放心买，电话13800138000。"


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
        return [entry for entry in entries(tx, subject(chat.id)) if entry.action == REFUSED]


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


def test_a_change_without_a_new_version_is_told_where_operators_look(any_house: House) -> None:
    keep_versions(any_house)
    assert not [w for w in readiness(any_house, True)["warnings"] if "without a new version" in w]
    script = any_house.knowledge.script("branch_hours")
    with any_house.db.transaction() as tx:
        other = {"digest": "0" * 32, "content": {}, "first_seen_at": any_house.clock.now()}
        tx.execute(archive.versions.insert().values(kind="script", id=script.id, version=script.version, **other))
    told = f"knowledge: script branch_hours version {script.version} was changed without a new version"
    assert told in readiness(any_house, True)["warnings"]
