"""The assistant's understanding, weighed against the words, before the form acts on it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.model import Understanding
from bot.knowledge import Knowledge
from bot.tickets.drafts import Said
from bot.tickets.model import Contact
from bot.tickets.reading import read

DAY = date(2026, 11, 22)
PHONE = Contact("ref-1", "〔手机·尾号8000〕")


def understood(text: str, intent: str, confidence: float = 0.9) -> Understanding:
    return Understanding(text, intent, confidence)


def reading(
    knowledge: Knowledge, text: str, intent: str, confidence: float = 0.9, contact: Contact | None = None
) -> Said:
    return read(text, None, understood(text, intent, confidence), contact, knowledge, DAY)


def test_a_short_question_on_a_known_topic_is_a_question_in_between(knowledge: Knowledge) -> None:
    assert reading(knowledge, "网点周末开门吗？", "branch_hours").answer is not None


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("网点周末开门吗？", "branch_hours", 0.5),  # not sure enough
        ("你们网点周末关门，我白跑一趟", "branch_hours", 0.95),  # told, not asked
        ("凭什么扣我年费？", "account_fee", 0.95),  # a reproach
        ("投诉多久有结果？", "complaint", 0.95),  # no topic with a script
        ("你是机器人吗", "bot_challenge", 0.95),
    ],
)
def test_what_is_not_surely_a_question_belongs_to_the_complaint(
    text: str, intent: str, confidence: float, knowledge: Knowledge
) -> None:
    said = reading(knowledge, text, intent, confidence)
    assert (said.answer, said.urgent, said.wants_person) == (None, False, False)


@pytest.mark.parametrize("intent", ["fraud_emergency", "life_emergency"])
def test_danger_needs_no_question_mark(intent: str, knowledge: Knowledge) -> None:
    said = reading(knowledge, "我刚刚按他说的转了钱，现在联系不上了", intent, 0.6)
    assert said.urgent
    assert said.answer is not None


def test_a_doubtful_danger_stays_in_the_complaint_where_its_words_make_it_severe(knowledge: Knowledge) -> None:
    assert not reading(knowledge, "柜员说我的卡被盗刷是我自己的责任", "fraud_emergency", 0.3).urgent


def test_asking_for_a_person_by_words_or_by_understanding(knowledge: Knowledge) -> None:
    assert read("转人工", None, None, None, knowledge, DAY).wants_person
    assert reading(knowledge, "能不能来个活人跟我说话", "human_agent").wants_person
    assert not reading(knowledge, "先不用转人工", "human_agent").wants_person
    assert not reading(knowledge, "就在这里联系我", "human_agent").wants_person
    assert not reading(knowledge, "能不能来个活人跟我说话", "human_agent", 0.4).wants_person


def test_a_long_story_in_which_a_person_occurs_is_a_story(knowledge: Knowledge) -> None:
    story = "我上周打了三次客服电话，每次转人工都等四十分钟，最后还被挂断，你们必须给我一个说法"
    assert not reading(knowledge, story, "human_agent").wants_person


def test_a_number_alone_means_nothing_else_whatever_the_model_sees_in_it(knowledge: Knowledge) -> None:
    for intent in ("fraud_emergency", "human_agent", "personal_info_update"):
        said = reading(knowledge, "〔手机·尾号8000〕", intent, 0.99, PHONE)
        assert said == Said("〔手机·尾号8000〕", contact=PHONE)


def test_a_button_is_what_it_names_not_what_its_label_sounds_like(knowledge: Knowledge) -> None:
    script = next(iter(knowledge.scripts))
    said = read("转人工", script, understood("转人工", "human_agent"), None, knowledge, DAY)
    assert (said.answer, said.wants_person) == (script, False)
    assert read("确认提交", "confirm", None, None, knowledge, DAY) == Said("确认提交", "confirm")


def test_an_expired_script_is_not_said_even_by_its_old_button(knowledge: Knowledge) -> None:
    script = next(iter(knowledge.scripts.values()))
    after = date.fromordinal(script.valid_to.toordinal() + 1)
    assert read("", script.id, None, None, knowledge, after).answer is None
