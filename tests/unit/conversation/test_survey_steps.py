"""Which question comes next, and what a button answers: pure, over any survey that the bank may write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.survey.steps import OWN, buttons, is_answer, label, next_question, pressed
from bot.knowledge import Knowledge
from bot.knowledge.survey import Survey

CASE = "TS20261122-000001"


@pytest.fixture
def survey(said: Knowledge) -> Survey:
    return said.survey


def test_the_dimensions_are_those_of_the_requirements(survey: Survey) -> None:
    """004-67, 004-89, 000-48: grade, problem solved, attitude, efficiency, then words."""
    assert [str(question.id) for question in survey.questions] == ["grade", "solved", "attitude", "efficiency", "words"]
    grade = survey.question("grade")
    assert grade is not None
    assert {str(answer.label): answer.points for answer in grade.answers} == {"非常满意": 100, "一般": 60, "不满意": 0}
    assert (survey.mark, survey.score_of, survey.questions[-1].free) == (90, "grade", True)


def test_every_question_comes_once_in_the_order_of_the_file_and_words_at_the_end_only(survey: Survey) -> None:
    asked: list[str] = []
    while (question := next_question(survey, asked, ended=False)) is not None:
        asked.append(str(question.id))
    assert asked == ["grade", "solved", "attitude", "efficiency"]
    words = next_question(survey, asked, ended=True)
    assert words is not None and words.free
    assert next_question(survey, [*asked, "words"], ended=True) is None


@given(
    asked=st.sets(st.sampled_from(["grade", "solved", "attitude", "efficiency", "words", "old"])),
    ended=st.booleans(),
    most=st.integers(1, 6),
)
def test_never_one_that_was_asked_and_never_more_than_the_most(
    said: Knowledge, asked: set[str], ended: bool, most: int
) -> None:
    survey = said.survey.copy(update={"most_steps": most})
    question = next_question(survey, asked, ended)
    if question is not None:
        assert question.id not in asked and len(asked) < most and (ended or not question.free)
    elif len(asked) < most:
        assert {str(q.id) for q in survey.questions if ended or not q.free} <= asked


@pytest.mark.parametrize("subject", [OWN, CASE])
def test_every_button_is_read_as_what_it_says(survey: Survey, subject: str) -> None:
    for question in survey.questions:
        for button in buttons(survey, question, subject):
            meant = pressed(survey, button.id)
            assert meant is not None and is_answer(button.id)
            assert (meant.subject, meant.question) == (subject, question)
            assert label(survey, button.id) == (meant.answer.label if meant.answer else "跳过") == button.label


@pytest.mark.parametrize(
    "choice",
    [
        *("rate_", "rate_9", "rate_skip_", "rate_skip_nothing", "human", "loan_rate"),
        *("rate_3:", "rate_3:13800138000", "rate_3:conversation"),
    ],
)
def test_what_is_no_answer_is_none(survey: Survey, choice: str) -> None:
    assert pressed(survey, choice) is None and label(survey, choice) is None


def test_a_choice_of_something_else_is_no_answer() -> None:
    assert not is_answer("human") and not is_answer(None) and is_answer("rate_3")
