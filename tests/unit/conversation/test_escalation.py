"""The pure rules of "When the assistant brings a person": what one turn does to a thread, and what its clock counts.

The same rules are tried through a whole house in tests/integration/test_escalation.py.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import BEIJING
from bot.conversation import escalation
from bot.conversation.escalation import (
    ANSWERING,
    SILENT,
    STOPPED,
    Decision,
    Observed,
    Question,
    Thread,
    answered,
    asked,
    ended,
    fires_at,
    observe,
    paused,
    resumed,
    same_topic,
    stay,
)
from bot.knowledge.model import Escalation

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=BEIJING)
RULES = Escalation(similarity=0.65, again=0.6, urgent_intents=(), small_talk_intents=(), queues=(), reasons={})
RATE = "房贷利率是多少"
RATE_AGAIN = "请问房贷利率是多少"
OTHER_ASPECT = "需要准备什么材料"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def turn(text: str = RATE, at: float = 0, kind: str = "question", topic: str | None = "loan_rate", **more) -> Observed:
    return Observed(seq=more.pop("seq", 2), at=after(at), text=text, kind=kind, topic=topic, **more)


def opened(at: float = 0, **more) -> Thread:
    """A thread whose first question has been answered at once."""
    thread, _ = observe(Thread(), turn(at=at, **more), RULES)
    return answered(thread, 3, after(at), RULES)


class TestInOtherWords:
    """What the judge of repeated questions says, beside letters."""

    SURE = RULES.again

    def test_what_it_is_sure_of_is_a_repeat_though_no_letter_is_alike(self) -> None:
        _, decision = observe(opened(), turn(OTHER_ASPECT, at=30, seq=4, again=self.SURE), RULES)
        assert decision == Decision("reword")

    def test_what_it_is_not_sure_of_goes_on(self) -> None:
        _, decision = observe(opened(), turn(OTHER_ASPECT, at=30, seq=4, again=self.SURE - 0.01), RULES)
        assert decision == Decision("answer")

    def test_it_is_believed_over_another_topic_and_the_thread_goes_on(self) -> None:
        before = opened()
        thread, decision = observe(before, turn("几个点", at=30, seq=4, topic="deposit_rate", again=self.SURE), RULES)
        assert decision == Decision("reword") and thread.topic == before.topic and thread.repeats == 1

    def test_it_is_believed_where_the_model_understood_nothing(self) -> None:
        seen = turn("几个点", at=30, seq=4, kind="unclear", topic=None, again=self.SURE)
        thread, decision = observe(opened(), seen, RULES)
        assert decision == Decision("reword") and thread.misunderstandings == 1

    def test_before_an_answer_nothing_is_asked_again(self) -> None:
        thread, _ = observe(Thread(), turn(), RULES)
        _, decision = observe(thread, turn(OTHER_ASPECT, at=5, seq=3, again=self.SURE), RULES)
        assert decision == Decision("answer")


class TestAThread:
    def test_begins_with_the_first_question(self) -> None:
        thread, decision = observe(Thread(), turn(), RULES)
        assert decision == Decision("answer")
        assert (thread.topic, thread.counted_to, thread.clock) == ("loan_rate", NOON, ANSWERING)

    @pytest.mark.parametrize("kind", ["other", "affirm", "deny"])
    def test_is_not_begun_by_small_talk(self, kind: str) -> None:
        thread, decision = observe(Thread(), turn("你好", kind=kind, topic=None), RULES)
        assert not thread.running
        assert decision == Decision("answer")

    def test_goes_on_when_the_customer_names_the_product_later(self) -> None:
        thread, _ = observe(opened(), turn(RATE_AGAIN, topic="loan_rate/mortgage"), RULES)
        assert (thread.topic, thread.repeats) == ("loan_rate/mortgage", 1)

    def test_keeps_the_product_when_the_customer_no_longer_names_it(self) -> None:
        thread, _ = observe(opened(topic="loan_rate/mortgage"), turn(RATE_AGAIN), RULES)
        assert thread.topic == "loan_rate/mortgage"

    def test_ends_with_another_topic_and_its_counters_with_it(self) -> None:
        thread, _ = observe(opened(), turn(RATE_AGAIN, at=60), RULES)
        other, decision = observe(thread, turn("怎么挂失", at=90, topic="card_loss"), RULES)
        assert decision == Decision("answer")
        assert (other.topic, other.repeats, other.counted_s, other.answered_seq) == ("card_loss", 0, 0.0, 0)

    def test_an_ended_one_keeps_only_which_wordings_were_said(self) -> None:
        thread = replace(opened(), wordings={"loan_rate": 2}, repeats=2, stayed=True, misunderstandings=1)
        assert ended(thread) == Thread(wordings={"loan_rate": 2})

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("loan_rate", "loan_rate", True),
            ("loan_rate/mortgage", "loan_rate/mortgage", True),
            ("loan_rate", "loan_rate/mortgage", True),
            ("loan_rate/mortgage", "loan_rate/car_loan", False),
            ("loan_rate", "loan_apply", False),
            ("loan_rate/mortgage", "loan_apply/mortgage", False),
        ],
    )
    def test_topics_are_an_intent_and_perhaps_a_product(self, one: str, other: str, same: bool) -> None:
        assert same_topic(one, other) is same_topic(other, one) is same

    @given(st.integers(1, 40))
    def test_holds_no_more_than_the_last_questions(self, count: int) -> None:
        thread = Thread()
        for seq in range(count):
            thread, _ = observe(thread, turn(f"问题{seq}", seq=seq), RULES)
        assert len(thread.questions) <= 12
        assert thread.questions[-1].seq == count - 1


class TestARepeat:
    def test_is_a_paraphrase_after_a_delivered_answer(self) -> None:
        thread, decision = observe(opened(), turn(RATE_AGAIN), RULES)
        assert (thread.repeats, decision.step) == (1, "reword")

    def test_is_that_the_answer_did_not_help(self) -> None:
        thread, decision = observe(opened(), turn("没用", kind="dissatisfied", topic=None), RULES)
        assert (thread.repeats, decision.step, thread.misunderstandings) == (1, "reword", 0)

    @pytest.mark.parametrize(
        "seen",
        [
            turn(RATE_AGAIN, choice=True),
            turn(RATE_AGAIN, before_answer=True),
            turn(RATE_AGAIN, entities=("term=20年",)),
            turn(OTHER_ASPECT),
        ],
        ids=["a choice", "sent before the answer came", "a new entity", "another aspect"],
    )
    def test_is_not(self, seen: Observed) -> None:
        thread, decision = observe(opened(), seen, RULES)
        assert (thread.repeats, decision) == (0, Decision("answer"))

    def test_needs_an_answer_before_it(self) -> None:
        thread, _ = observe(Thread(), turn(), RULES)
        thread, decision = observe(thread, turn(RATE_AGAIN, at=5), RULES)
        assert (thread.repeats, decision) == (0, Decision("answer"))

    def test_an_entity_that_was_named_before_is_not_new(self) -> None:
        thread = opened(entities=("product=mortgage",))
        assert observe(thread, turn(RATE_AGAIN, entities=("product=mortgage",)), RULES)[0].repeats == 1

    def test_first_reword_second_propose_third_handover(self) -> None:
        thread, steps = opened(), []
        for _ in range(3):
            thread, decision = observe(thread, turn(RATE_AGAIN), RULES)
            steps.append(decision)
            thread = answered(thread, 5, NOON, RULES)
        assert steps == [Decision("reword"), Decision("propose"), Decision("handover", "repeat")]

    @given(st.integers(1, 4), st.integers(0, 3))
    def test_the_numbers_are_data(self, propose_at: int, further: int) -> None:
        rules = RULES.copy(update={"propose_at_repeat": propose_at, "handover_at_repeat": propose_at + 1 + further})
        thread, steps = opened(), []
        while "handover" not in steps:
            thread, decision = observe(thread, turn(RATE_AGAIN), rules)
            thread = answered(thread, 5, NOON, rules)
            steps.append(decision.step)
        assert steps == ["reword"] * (propose_at - 1) + ["propose"] * (further + 1) + ["handover"]


class TestAProposal:
    @pytest.fixture
    def proposed(self) -> Thread:
        return replace(opened(), repeats=2, proposed=True)

    def test_yes_is_a_handover(self, proposed: Thread) -> None:
        assert observe(proposed, turn("好", kind="affirm", topic=None), RULES)[1] == Decision("handover", "repeat")

    def test_no_is_to_stay(self, proposed: Thread) -> None:
        thread, decision = observe(proposed, turn("不用", kind="deny", topic=None), RULES)
        assert decision == Decision("stay")
        assert (thread.stayed, thread.proposed, thread.repeats_at_stay) == (True, False, 2)

    def test_is_gone_once_the_customer_asks_something_else(self, proposed: Thread) -> None:
        thread, _ = observe(proposed, turn(OTHER_ASPECT), RULES)
        assert observe(thread, turn("好", kind="affirm", topic=None), RULES)[1] == Decision("answer")


class TestMisunderstandings:
    def test_two_in_a_row_bring_a_person(self) -> None:
        unclear = turn("那个啥", kind="unclear", topic=None)
        thread, first = observe(Thread(), unclear, RULES)
        _, second = observe(thread, unclear, RULES)
        assert (first, second) == (Decision("answer"), Decision("handover", "misunderstood"))

    @pytest.mark.parametrize("between", [turn(), turn("你好", kind="other", topic=None)])
    def test_one_that_was_understood_between_them_starts_anew(self, between: Observed) -> None:
        unclear = turn("那个啥", kind="unclear", topic=None)
        thread, _ = observe(Thread(), unclear, RULES)
        thread, _ = observe(thread, between, RULES)
        assert observe(thread, unclear, RULES)[1] == Decision("answer")

    def test_are_counted_across_a_change_of_topic(self) -> None:
        thread, _ = observe(opened(), turn("那个啥", kind="unclear", topic="card_loss"), RULES)
        assert (thread.topic, thread.misunderstandings) == ("card_loss", 1)

    @pytest.mark.parametrize(
        "seen", [turn("那个啥", kind="unclear", topic=None), turn(RATE_AGAIN)], ids=["not understood", "asked again"]
    )
    def test_who_needs_large_type_is_brought_a_person_at_the_first(self, seen: Observed) -> None:
        assert observe(opened(), replace(seen, large_type=True), RULES)[1] == Decision("handover", "care")


class TestStay:
    def test_two_more_repeats_bring_a_person_and_nothing_is_proposed_before(self) -> None:
        thread = stay(replace(opened(), repeats=3), NOON, RULES)
        thread, first = observe(thread, turn(RATE_AGAIN), RULES)
        _, second = observe(thread, turn(RATE_AGAIN), RULES)
        assert (first, second) == (Decision("reword"), Decision("handover", "repeat"))

    def test_600_seconds_bring_a_person(self) -> None:
        thread = stay(replace(opened(), counted_s=300.0), NOON, RULES)
        assert observe(thread, turn(OTHER_ASPECT, at=1), RULES)[1] == Decision("answer")
        late = replace(asked(thread, NOON, RULES), counted_s=599.0)
        assert observe(late, turn(OTHER_ASPECT, at=1), RULES)[1] == Decision("handover", "five_minutes")

    def test_sets_a_stopped_clock_going_again(self) -> None:
        queued = paused(opened(), after(10), RULES)
        assert stay(queued, after(100), RULES).clock == SILENT

    def test_without_a_thread_nothing_runs(self) -> None:
        assert fires_at(stay(Thread(), NOON, RULES), RULES) is None


class TestTheClock:
    def test_counts_all_of_the_time_in_which_the_customer_waits(self) -> None:
        thread, _ = observe(Thread(), turn(), RULES)
        assert answered(thread, 3, after(250), RULES).counted_s == 250

    @pytest.mark.parametrize(("silence", "counted"), [(0, 0), (119, 119), (120, 120), (121, 120), (86400, 120)])
    def test_counts_at_most_120_seconds_of_a_silence(self, silence: int, counted: int) -> None:
        assert asked(opened(), after(silence), RULES).counted_s == counted

    def test_stands_while_a_form_is_open(self) -> None:
        form = paused(opened(), after(60), RULES)
        assert asked(form, after(500), RULES) == form
        assert resumed(form, after(900)).counted_s == 60

    def test_a_thread_fires_at_300_seconds_with_its_turn(self) -> None:
        thread, _ = observe(Thread(), turn(), RULES)
        assert fires_at(thread, RULES) == after(300)
        assert observe(thread, turn(OTHER_ASPECT, at=299), RULES)[1] == Decision("answer")
        assert observe(thread, turn(OTHER_ASPECT, at=300), RULES)[1] == Decision("handover", "five_minutes")

    def test_a_clock_that_was_set_back_counts_nothing_and_does_not_run_backwards(self) -> None:
        thread = asked(opened(at=60), after(30), RULES)
        assert (thread.counted_s, thread.counted_to) == (0, after(60))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "again", "small talk", "unclear", "receive", "answer", "pause", "resume", "stay"]),
        st.integers(0, 400_000),  # milliseconds since the step before
    ),
    max_size=25,
)


def play(steps: list[tuple[str, int]]) -> list[tuple[Thread, datetime]]:
    """What one topic's thread goes through, step by step."""
    thread, now = opened(), NOON
    history = [(thread, now)]
    for step, passed in steps:
        now += timedelta(milliseconds=passed)
        if step == "answer":
            thread = answered(thread, 3, now, RULES)
        elif step == "receive":
            thread = asked(thread, now, RULES)
        elif step == "pause":
            thread = paused(thread, now, RULES)
        elif step == "resume":
            thread = resumed(thread, now)
        elif step == "stay":
            thread = stay(thread, now, RULES)
        else:
            kind = {"small talk": "other", "unclear": "unclear"}.get(step, "question")
            text = RATE_AGAIN if step == "again" else OTHER_ASPECT
            seen = Observed(7, now, text, kind, "loan_rate" if kind == "question" else None)
            thread, _ = observe(thread, seen, RULES)
        history.append((thread, now))
    return history


class TestWhateverHappens:
    @given(STEPS)
    def test_counted_time_never_decreases_and_never_exceeds_what_has_passed(self, steps: list) -> None:
        history = play(steps)
        for (before, _), (thread, now) in pairwise(history):
            begun_anew = not thread.running  # who stays even after the longer limit
            assert begun_anew or before.counted_s <= thread.counted_s <= (now - NOON).total_seconds() + 1e-6

    @given(STEPS, st.integers(0, 10**8))
    def test_no_single_silence_counts_more_than_its_cap(self, steps: list, silence: int) -> None:
        thread, now = play(steps)[-1]
        if thread.clock == SILENT:
            later = asked(thread, now + timedelta(milliseconds=silence), RULES)
            assert later.counted_s - thread.counted_s <= RULES.silence_counts_s + 1e-6

    @given(STEPS, st.integers(0, 10**8))
    def test_a_stopped_clock_counts_nothing(self, steps: list, passed: int) -> None:
        thread, now = play([*steps, ("pause", 0)])[-1]
        assert fires_at(thread, RULES) is None
        assert answered(thread, 9, now + timedelta(milliseconds=passed), RULES).counted_s == thread.counted_s

    @given(STEPS)
    def test_the_worker_and_the_next_turn_agree_when_five_minutes_are_over(self, steps: list) -> None:
        thread, _ = play(steps)[-1]
        moment = fires_at(thread, RULES)
        if moment is None:
            return
        grain = timedelta(milliseconds=1)
        limit = escalation.time_limit(thread, RULES)
        assert asked(thread, moment + grain, RULES).counted_s >= limit
        if thread.counted_s < limit - 0.01:
            assert asked(thread, moment - grain, RULES).counted_s < limit

    @given(STEPS, st.integers(0, 10**8))
    def test_what_the_worker_leaves_to_the_next_turn_has_not_been_due_in_the_silence(
        self, steps: list, silence: int
    ) -> None:
        thread, now = play(steps)[-1]
        if fires_at(thread, RULES) is None and thread.clock == SILENT:
            later = asked(thread, now + timedelta(milliseconds=silence), RULES)
            assert later.counted_s < escalation.time_limit(thread, RULES)

    @given(STEPS)
    def test_a_thread_is_the_same_after_it_was_stored(self, steps: list) -> None:
        for thread, _ in play(steps):
            assert escalation.from_json(json.loads(json.dumps(escalation.to_json(thread)))) == thread


def test_nothing_stored_is_an_empty_thread() -> None:
    assert escalation.from_json({}) == Thread()


def test_a_stored_thread_keeps_questions_with_their_entities() -> None:
    thread = Thread("loan_rate", (Question(2, RATE, ("product=mortgage", "term=20年")),), clock=STOPPED)
    assert escalation.from_json(json.loads(json.dumps(escalation.to_json(thread)))) == thread
