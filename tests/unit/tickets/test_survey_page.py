"""What a customer does on the page of a link, and what becomes of what he raises there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from survey_support import PAGE, answers, closed, events, page, raised, rows, to_the_words, token
from tickets_support import PHONE, Desk

from bot.clock import FrozenClock
from bot.conversation.survey.links import LinkGone
from bot.errors import InvalidInput
from bot.knowledge import Knowledge

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


SETTINGS = {"QIANTAI_PUBLIC_URL": PAGE}


@pytest.fixture
def number(desk: Desk) -> str:
    return closed(desk)


class TestThePage:
    def test_shows_one_question_with_its_buttons_and_nothing_of_the_case(self, desk: Desk, number: str) -> None:
        shown = page(desk)
        assert shown["question"] == {
            "id": "grade",
            "text": "请问这次服务您满意吗？",
            "choices": [
                {"id": "rate_3", "label": "非常满意"},
                {"id": "rate_2", "label": "一般"},
                {"id": "rate_1", "label": "不满意"},
                {"id": "rate_skip_grade", "label": "跳过"},
            ],
            "free": False,
        }
        assert (shown["step"], shown["steps"], shown["said"]) == (1, 5, [])
        assert number not in str(shown) and "柜员" not in str(shown)

    def test_is_only_looked_at(self, desk: Desk, number: str) -> None:
        assert page(desk) == page(desk)
        assert len(rows(desk, number)) == 1

    def test_goes_from_answer_to_answer_to_the_thanks_and_stays_where_it_stood(self, desk: Desk, number: str) -> None:
        shown = to_the_words(desk)
        assert (shown["step"], shown["question"]["id"], shown["question"]["free"]) == (5, "words", True)
        assert page(desk) == shown
        shown = answers(desk, "words", text="坐席很耐心")
        assert (shown["question"], shown["said"]) == (None, ["谢谢您的评价，我们会用它改进服务。"])
        assert page(desk) == shown
        kept = {question: (row.answer, row.points) for question, row in rows(desk, number).items()}
        assert kept == {
            "grade": ("rate_3", 100),
            "solved": ("rate_solved_3", 100),
            "attitude": ("rate_attitude_3", 100),
            "efficiency": ("skip", None),
            "words": ("words", None),
        }

    def test_every_step_can_be_skipped(self, desk: Desk, number: str) -> None:
        for question in ("grade", "solved", "attitude", "efficiency", "words"):
            answers(desk, question, f"rate_skip_{question}")
        assert page(desk)["question"] is None
        assert {row.answer for row in rows(desk, number).values()} == {"skip"}
        assert raised(desk, number) == []

    def test_the_same_answer_again_or_another_one_changes_nothing(self, desk: Desk, number: str) -> None:
        shown = answers(desk, "grade", "rate_3")
        assert answers(desk, "grade", "rate_3") == answers(desk, "grade", "rate_1") == shown
        assert rows(desk, number)["grade"].points == 100
        assert len(events(desk, number, "survey_answered")) == 1

    @pytest.mark.parametrize(
        ("question", "choice", "text"),
        [
            ("grade", "rate_9", None),
            ("grade", "rate_solved_3", None),  # of another question
            ("grade", "rate_skip_solved", None),
            ("grade", "rate_3:TS20261122-000001", None),
            ("grade", "human", None),
            ("grade", None, "很好"),
            ("grade", None, None),
            ("grade", "rate_3", "很好"),
        ],
    )
    def test_what_is_no_answer_to_it_is_refused(
        self, desk: Desk, number: str, question: str, choice: str | None, text: str | None
    ) -> None:
        with pytest.raises(InvalidInput):
            answers(desk, question, choice, text)
        assert rows(desk, number)["grade"].open

    @pytest.mark.parametrize("question", ["solved", "words", "nothing", "", "'; --"])
    def test_a_question_that_is_not_open_takes_nothing(self, desk: Desk, number: str, question: str) -> None:
        shown = page(desk)
        assert answers(desk, question, "rate_3") == shown
        assert list(rows(desk, number)) == ["grade"]

    @pytest.mark.parametrize("words", ["", "   ", "好" * 1001])
    def test_words_have_a_length(self, desk: Desk, number: str, words: str) -> None:
        to_the_words(desk)
        with pytest.raises(InvalidInput):
            answers(desk, "words", text=words)
        assert answers(desk, "words", text="好" * 20)["question"] is None

    def test_it_ends_after_its_days(self, desk: Desk, number: str, clock: FrozenClock) -> None:
        link, days = token(desk), desk.house.knowledge.survey.link_days
        clock.advance(days=days, seconds=-1)
        desk.casework.surveying.page(link)
        clock.advance(seconds=1)
        with pytest.raises(LinkGone):
            desk.casework.surveying.page(link)
        with pytest.raises(LinkGone):
            desk.casework.surveying.answer(link, "grade", "rate_3", None)
        assert rows(desk, number)["grade"].open

    def test_a_signed_name_of_another_conversation_opens_nothing(self, desk: Desk, number: str) -> None:
        links = desk.casework.surveying.links
        for other in (desk.tickets.case(number).conversation_id, "0" * 24):
            with pytest.raises(LinkGone):
                desk.casework.surveying.page(links.token(other))

    def test_a_question_that_the_bank_has_taken_out_is_over(
        self, desk: Desk, number: str, knowledge: Knowledge
    ) -> None:
        survey, current = knowledge.survey, desk.house.reloads.current
        fewer = survey.copy(update={"questions": survey.questions[1:]})
        current.exchange(replace(knowledge, survey=fewer))
        assert page(desk)["question"] is None
        current.exchange(knowledge)
        assert page(desk)["question"]["id"] == "grade"


class TestWhatHeRaises:
    def test_the_lowest_grade_is_answered_in_three_working_days(self, desk: Desk, number: str) -> None:
        answers(desk, "grade", "rate_1")
        (task,) = raised(desk, number)
        assert (task.person, task.text) == ("super", "客户评价：不满意")
        assert task.due_at - desk.clock.now() > timedelta(days=2)
        assert not desk.alerts(desk.officer("super", "supervisor", "head"), "danger")

    @pytest.mark.parametrize("grade", ["rate_2", "rate_3", "rate_skip_grade"])
    def test_no_other_grade_is(self, desk: Desk, number: str, grade: str) -> None:
        answers(desk, "grade", grade)
        assert raised(desk, number) == []

    def test_the_worst_answer_to_another_question_is_an_opinion(self, desk: Desk, number: str) -> None:
        answers(desk, "grade", "rate_3")
        answers(desk, "solved", "rate_solved_1")
        assert raised(desk, number) == []

    def test_a_word_of_thanks_is_no_task(self, desk: Desk, number: str) -> None:
        to_the_words(desk)
        answers(desk, "words", text="坐席很耐心")
        assert raised(desk, number) == []

    @pytest.mark.parametrize("words", ["年费到底怎么收？", "我还要投诉", "让人给我打电话，转人工"])
    def test_what_asks_for_something_is_and_he_reads_until_when(self, desk: Desk, number: str, words: str) -> None:
        to_the_words(desk)
        shown = answers(desk, "words", text=words)
        (task,) = raised(desk, number)
        assert task.text == words
        assert "2026年11月26日" in shown["said"][0] and "已经转给负责的同事" in shown["said"][0]
        assert page(desk)["said"] == shown["said"]

    def test_grade_and_words_are_one_task_even_where_the_words_ask_nothing(self, desk: Desk, number: str) -> None:
        to_the_words(desk, "rate_1")
        answers(desk, "words", text="等得久")
        (task,) = raised(desk, number)
        assert task.text == "客户评价：不满意\n等得久"

    def test_words_after_that_task_is_done_are_a_task_of_their_own(self, desk: Desk, number: str) -> None:
        to_the_words(desk, "rate_1")
        (task,) = raised(desk, number)
        boss = desk.officer("super", "supervisor", "head")
        with desk.db.transaction() as tx:
            desk.casework.aftercare.done(tx, task, boss, desk.clock.now(), "已电话答复")
        answers(desk, "words", text="你们说的和短信里不一样，怎么回事？")
        (again,) = raised(desk, number)
        assert again.text.startswith("你们说的")

    def test_who_writes_of_danger_reads_where_to_call_and_is_called(self, desk: Desk, number: str) -> None:
        to_the_words(desk)
        shown = answers(desk, "words", text="我刚被骗了，钱正在被转走")
        assert "110" in shown["said"][0] and desk.house.knowledge.bank.loss_line in shown["said"][0]
        (task,) = raised(desk, number)
        assert task.due_at == desk.house.conversations.handoff.queueing.callback_due(desk.clock.now())
        (alert,) = desk.alerts(desk.officer("other", "supervisor"), "danger")
        assert number in alert
        assert desk.casework.reveal_contact(desk.officer("super", "supervisor", "head"), number) == PHONE

    def test_whom_his_words_are_about_does_not_get_them(self, desk: Desk, number: str) -> None:
        to_the_words(desk)
        answers(desk, "words", text="小前super推诿，我要投诉他")
        case = desk.tickets.case(number)
        assert (case.accused, case.owner_user) == (("super",), None)
        (task,) = raised(desk, number)
        assert task.person is None
        assert desk.alerts(desk.officer("other", "supervisor"), "recused")

    def test_who_is_praised_stays(self, desk: Desk, number: str) -> None:
        to_the_words(desk)
        answers(desk, "words", text="小前super很好")
        assert desk.tickets.case(number).accused == ()
