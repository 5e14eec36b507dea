"""The satisfaction survey over a whole house: one question a step, never twice, and nothing lost that is more than an
answer (004-67, 004-89, 000-48, 000-49, 002-20)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import agent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import SUNDAY_NOON, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock, day_of
from bot.conversation import store as log_store
from bot.conversation.model import Answer, Event, Flow, Handover, Line, State
from bot.conversation.service import ConversationClosed
from bot.conversation.survey import store
from bot.conversation.survey.steps import OWN
from bot.conversation.survey.store import Asked
from bot.errors import InvalidInput
from bot.wiring import House

RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
FIRST, SECOND = "TS20261122-000001", "TS20261122-000002"
BUTTONS = ("rate_3", "rate_solved_2", "rate_attitude_1", "rate_skip_efficiency")


def talking(house: House) -> Chat:
    known = {
        "房贷利率多少": RATE,
        "转人工": understood("human_agent", Handover("asked")),
        "我要投诉": understood("complaint", Line("complaint_facts"), Flow("complaint:facts")),
    }
    return Chat(house, FakeAssistant(known, otherwise=understood("branch_hours", Answer("branch_hours"))))


@pytest.fixture
def chat(any_house: House) -> Chat:
    return talking(any_house)


@pytest.fixture
def idle(chat: Chat) -> Chat:
    """It ended by itself; the customer looks at the first question."""
    chat.waits(1800)
    assert chat.state is State.CLOSED
    return chat


@pytest.fixture
def closed(chat: Chat) -> Chat:
    """A person has ended it."""
    return by_person(chat)


def by_person(chat: Chat) -> Chat:
    anna = agent(chat.house, "anna")
    chat.presses("human")
    epoch = chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
    chat.house.desk.close(anna, chat.id, epoch, "solved", "", "")
    assert chat.state is State.WRAP_UP
    return chat


def to_the_words(chat: Chat) -> Chat:
    for button in BUTTONS:
        chat.presses(button)
    assert chat.last.payload["input"] == "text"
    return chat


def asked(chat: Chat) -> list[tuple[str, str]]:
    """(subject, question) as they stand in the log."""
    named = [(event.payload.get("internal") or {}).get("survey") for event in chat.events]
    return [(one["subject"], one["question"]) for one in named if one is not None]


def rows(chat: Chat) -> dict[tuple[str, str], Asked]:
    with chat.house.db.transaction() as tx:
        found = store.in_conversation(tx, chat.id)
    return {(OWN if one.subject_kind == OWN else one.subject_id, one.question): one for one in found}


def answers(chat: Chat) -> dict[str, str | None]:
    return {question: row.answer for (_, question), row in rows(chat).items()}


def ask_about(chat: Chat, subject: str) -> bool:
    with chat.house.db.transaction() as tx:
        conversation = log_store.get(tx, chat.id, lock=True)
        return chat.house.conversations.handoff.surveys.ask_in(tx, conversation, subject, chat.house.clock.now())[1]


class TestStepByStep:
    def test_one_question_a_step_each_kept_with_its_points_then_thanks(self, idle: Chat, clock: FrozenClock) -> None:
        assert idle.choices(next(e for e in idle.events if e.kind == "survey"))[0] == "rate_3"
        for button in BUTTONS:
            assert idle.presses(button).kind == "survey"
        assert idle.says("服务很好，我的手机13800138000").payload["internal"]["phrase"] == "survey_thanks"
        assert [question for _, question in asked(idle)] == ["grade", "solved", "attitude", "efficiency", "words"]
        kept = rows(idle)
        assert {question: (row.answer, row.points) for (_, question), row in kept.items()} == {
            "grade": ("rate_3", 100),
            "solved": ("rate_solved_2", 60),
            "attitude": ("rate_attitude_1", 0),
            "efficiency": ("skip", None),
            "words": ("words", None),
        }
        assert kept[OWN, "words"].text == "服务很好，我的手机〔手机·尾号8000〕"
        assert kept[OWN, "words"].answered_at == clock.now()
        assert idle.state is State.CLOSED
        with idle.house.db.transaction() as tx:
            assert log_store.broken_at(tx, idle.id) is None

    def test_the_buttons_pressed_stand_in_the_log_in_their_words(self, idle: Chat) -> None:
        to_the_words(idle)
        pressed = [event.payload["text"] for event in idle.events if event.payload.get("choice") in BUTTONS]
        assert pressed == ["非常满意", "部分", "不好", "跳过"]

    def test_every_step_can_be_skipped(self, closed: Chat) -> None:
        for question in ("grade", "solved", "attitude", "efficiency", "words"):
            closed.presses(f"rate_skip_{question}")
        assert closed.phrases()[-1] == "survey_thanks"
        assert set(answers(closed).values()) == {"skip"}

    def test_an_old_button_changes_nothing_and_is_answered_kindly(self, closed: Chat) -> None:
        closed.presses("rate_3")
        closed.presses("rate_1")
        assert closed.phrases()[-1] == "survey_again"
        closed.presses("rate_skip_grade")
        assert closed.phrases()[-1] == "survey_again"
        assert answers(closed) == {"grade": "rate_3", "solved": None}
        closed.presses("rate_solved_3")  # the open one waits all the same
        assert asked(closed)[-1] == (OWN, "attitude")

    def test_a_button_that_was_never_shown_is_kept_nowhere(self, chat: Chat) -> None:
        chat.presses("rate_3")
        assert chat.phrases()[-1] == "survey_thanks" and rows(chat) == {}
        with pytest.raises(InvalidInput):
            chat.presses("rate_9")

    def test_a_number_or_the_label_is_an_answer_too(self, closed: Chat) -> None:
        closed.says("1")
        closed.says("部分")
        assert (answers(closed)["grade"], answers(closed)["solved"]) == ("rate_3", "rate_solved_2")
        assert closed.state is State.WRAP_UP


class TestWhoWritesSomethingElse:
    def test_is_answered_as_always_and_not_asked_again(self, chat: Chat) -> None:
        chat.presses("solved")
        assert asked(chat) == [(OWN, "grade")]
        assert chat.says("房贷利率多少").payload["script"]["id"] == "loan_rate_mortgage"
        chat.waits(1800)
        assert (chat.state, asked(chat)) == (State.CLOSED, [(OWN, "grade")])

    def test_and_may_answer_later_and_is_asked_on(self, chat: Chat) -> None:
        chat.presses("solved")
        chat.says("房贷利率多少")
        chat.presses("rate_2")
        assert asked(chat) == [(OWN, "grade"), (OWN, "solved")]

    def test_while_the_bot_speaks_words_are_a_turn_and_are_asked_for_only_at_the_end(self, chat: Chat) -> None:
        chat.presses("solved")
        for button in BUTTONS:
            chat.presses(button)
        assert chat.phrases()[-1] == "survey_thanks"
        assert chat.says("服务不错").payload["script"]["id"] == "branch_hours"
        chat.waits(1800)
        assert asked(chat)[-1] == (OWN, "words")

    def test_in_the_queue_and_with_a_person_only_the_answer_is_kept(self, closed: Chat) -> None:
        closed.sends("还有一个问题")
        assert closed.state is State.QUEUED
        closed.presses("rate_3")
        assert (closed.phrases()[-1], asked(closed)) == ("survey_thanks", [(OWN, "grade")])
        anna = agent(closed.house, "anna")
        epoch = closed.house.desk.claim(anna, closed.id, closed.conversation.epoch)
        closed.house.desk.close(anna, closed.id, epoch, "solved", "", "")
        assert asked(closed) == [(OWN, "grade"), (OWN, "solved")]  # it goes on where he was

    def test_a_new_conversation_is_asked_for_itself(self, idle: Chat) -> None:
        later = Chat(idle.house, idle.assistant, former=idle.id)
        later.waits(1800)
        assert asked(later) == [(OWN, "grade")]

    def test_an_old_button_in_a_new_conversation_still_answers_for_the_old_one(self, idle: Chat) -> None:
        """As in WeChat, where the old list can still be tapped."""
        later = Chat(idle.house, idle.assistant, former=idle.id)
        later.presses("rate_1")
        assert (answers(idle), rows(later), later.phrases()[-1]) == ({"grade": "rate_1"}, {}, "survey_thanks")


class TestWords:
    @pytest.mark.parametrize("text", ["转人工", "我要投诉", "到现在都没解决", "房贷利率多少", "慢" * 61])
    def test_that_are_more_than_a_remark_are_kept_and_told_where_they_are_dealt_with(
        self, idle: Chat, text: str
    ) -> None:
        to_the_words(idle)
        told = idle.says(text)
        assert (told.kind, idle.choices(told)) == ("survey", ["human", "complaint"])
        assert rows(idle)[OWN, "words"].text == text
        with pytest.raises(ConversationClosed):  # what he writes now begins anew
            idle.says(text)

    def test_that_ask_for_a_person_bring_back_the_one_who_has_just_left(self, closed: Chat) -> None:
        to_the_words(closed)
        closed.says("转人工")
        assert (closed.state, rows(closed)[OWN, "words"].text) == (State.QUEUED, "转人工")

    def test_of_danger_are_no_answer(self, idle: Chat) -> None:
        to_the_words(idle)
        with pytest.raises(ConversationClosed):
            idle.says("我被骗了，钱刚转走")
        assert answers(idle)["words"] is None

    def test_of_danger_go_to_the_person(self, closed: Chat) -> None:
        to_the_words(closed)
        closed.says("我被骗了，钱刚转走")
        assert (closed.state, answers(closed)["words"]) == (State.QUEUED, None)

    def test_are_an_answer_for_ten_minutes_only(self, idle: Chat, clock: FrozenClock) -> None:
        to_the_words(idle)
        clock.advance(601)
        with pytest.raises(ConversationClosed):
            idle.says("服务很好")
        assert answers(idle)["words"] is None

    def test_are_not_listened_for_while_another_question_is_open(self, idle: Chat) -> None:
        idle.presses("rate_3")
        with pytest.raises(ConversationClosed):
            idle.says("服务很好")

    def test_the_same_key_again_is_the_same_answer(self, idle: Chat) -> None:
        to_the_words(idle)
        seq = idle.sends("服务很好", key="the-same-key")
        assert idle.sends("服务很好", key="the-same-key") == seq

    def test_may_be_skipped_in_words(self, idle: Chat) -> None:
        to_the_words(idle)
        idle.says("跳过")
        assert answers(idle)["words"] == "skip"


class TestAboutACase:
    def test_names_it_and_keeps_the_answers_under_it(self, chat: Chat) -> None:
        assert ask_about(chat, FIRST)
        assert FIRST in chat.last.payload["text"] and "请问这次服务您满意吗？" in chat.last.payload["text"]
        assert chat.last.payload["internal"]["record"]["verdict"] == "allow"
        assert chat.choices()[0] == f"rate_3:{FIRST}"
        assert chat.events[-1].kind == "survey"
        chat.presses(f"rate_2:{FIRST}")
        assert asked(chat) == [(FIRST, "grade"), (FIRST, "solved")]
        row = rows(chat)[FIRST, "grade"]
        assert (row.subject_kind, row.subject_id, row.answer, row.points) == ("case", FIRST, "rate_2", 60)

    def test_never_twice_of_the_same_one_in_whichever_conversation(self, chat: Chat) -> None:
        assert ask_about(chat, FIRST)
        assert not ask_about(chat, FIRST)
        assert not ask_about(talking(chat.house), FIRST)

    def test_waits_while_another_survey_has_an_open_question_and_then_may_begin(self, chat: Chat) -> None:
        assert ask_about(chat, FIRST)
        assert not ask_about(chat, SECOND)
        chat.presses("solved")  # the conversation's own waits for the end
        for button in BUTTONS:
            chat.presses(f"{button}:{FIRST}")
        assert {subject for subject, _ in asked(chat)} == {FIRST}
        assert ask_about(chat, SECOND)

    def test_waits_while_a_person_a_form_or_an_answer_is_there(self, chat: Chat) -> None:
        chat.sends("房贷利率多少")
        assert not ask_about(chat, FIRST)
        chat.answer()
        chat.says("我要投诉")
        assert not ask_about(chat, FIRST)
        other = talking(chat.house)
        other.presses("human")
        assert not ask_about(other, FIRST)
        other.presses("cancel")
        assert ask_about(other, FIRST)

    def test_not_in_a_conversation_that_has_ended(self, idle: Chat) -> None:
        assert not ask_about(idle, FIRST) and not ask_about(by_person(talking(idle.house)), FIRST)

    def test_at_the_end_the_conversations_own_goes_first_and_only_that(self, chat: Chat) -> None:
        ask_about(chat, FIRST)
        chat.waits(1800)
        assert asked(chat) == [(FIRST, "grade"), (OWN, "grade")]
        chat.presses(f"rate_3:{FIRST}")  # an old button: kept, and the case's survey does not push in
        assert (chat.phrases()[-1], rows(chat)[FIRST, "grade"].answer) == ("survey_thanks", "rate_3")
        chat.presses("rate_3")
        assert asked(chat)[-1] == (OWN, "solved")

    def test_nobody_elses_can_be_answered(self, chat: Chat) -> None:
        ask_about(chat, FIRST)
        stranger = talking(chat.house)
        stranger.presses(f"rate_1:{FIRST}")
        assert rows(chat)[FIRST, "grade"].answer is None

    @pytest.mark.parametrize("subject", ["", "13800138000", "case"])
    def test_what_is_no_case_is_refused(self, chat: Chat, subject: str) -> None:
        with pytest.raises(InvalidInput):
            ask_about(chat, subject)


def test_a_callback_that_is_done_ends_with_it_too(chat: Chat, clock: FrozenClock) -> None:
    chat.presses("human")
    chat.presses("leave_message")
    assert chat.state is State.MESSAGE_LEFT
    with chat.house.db.transaction() as tx:
        chat.house.conversations.called_back(tx, chat.id)
    assert (chat.state, asked(chat)) == (State.CLOSED, [(OWN, "grade")])


def test_a_question_that_knowledge_no_longer_has_asks_for_nothing(idle: Chat) -> None:
    to_the_words(idle)
    surveys = idle.house.conversations.handoff.surveys
    said = surveys.speech.knowledge
    fewer = said.survey.copy(update={"questions": said.survey.questions[:2]})
    surveys.speech.knowledge = replace(said.on(day_of(SUNDAY_NOON)), survey=fewer)
    with idle.house.db.transaction() as tx:
        conversation = log_store.get(tx, idle.id)
        assert not surveys.takes(tx, conversation, "服务很好", None, idle.house.clock.now())


PRESSES = [
    f"{base}{case}"
    for base in (*BUTTONS, "rate_1", "rate_skip_words", "rate_solved_1", "rate_attitude_3")
    for case in ("", f":{FIRST}")
]
DONE = st.one_of(
    st.sampled_from(PRESSES),
    st.sampled_from(["solved", "human", "cancel", "stay", "not_solved"]),
    st.sampled_from(["=房贷利率多少", "=1", "=服务很好", "=转人工", "=跳过", "=我被骗了"]),
    st.sampled_from(["ask", "wait", "idle", "take", "close"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(DONE, max_size=25))
def test_in_any_order_nothing_is_asked_twice_and_the_first_answer_stands(house: House, done: list[str]) -> None:
    anna = agent(house, "anna")
    chat = talking(house)
    with house.db.transaction() as tx:  # the same house for every example: each has the case to itself
        tx.execute(store.survey_answers.delete())
    given_first: dict[tuple[str, str], str] = {}
    for act in done:
        _do(chat, act, anna)
        for key, row in rows(chat).items():
            if row.answer is not None:
                assert given_first.setdefault(key, row.answer) == row.answer
        steps = asked(chat)
        assert len(steps) == len(set(steps)) and set(steps) == set(rows(chat))
        assert all(len([one for one in steps if one[0] == subject]) <= 5 for subject in (OWN, FIRST))
    with house.db.transaction() as tx:
        assert log_store.broken_at(tx, chat.id) is None


def _do(chat: Chat, act: str, anna: object) -> Event | None:
    desk, conversation = chat.house.desk, chat.conversation
    if act == "ask":
        ask_about(chat, FIRST)
    elif act in ("wait", "idle"):
        chat.waits(60 if act == "wait" else 1800)
    elif act == "take" and conversation.state in (State.QUEUED, State.OFFERED):
        chat.house.staff.seen("anna")
        if conversation.offered_to in (None, "anna"):
            desk.claim(anna, chat.id, conversation.epoch)
    elif act == "close" and conversation.state is State.HUMAN:
        desk.close(anna, chat.id, conversation.epoch, "solved", "", "")
    elif act not in ("take", "close"):
        try:
            return chat.says(act[1:]) if act.startswith("=") else chat.presses(act)
        except ConversationClosed:
            assert conversation.state is State.CLOSED
    return None
