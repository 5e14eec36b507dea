"""What the assistant does with a turn it has understood, with the demonstration bank's knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from actions import decide
from actions.turn import Turn, read, understanding
from bot import knowledge
from bot.clock import BEIJING, FrozenClock
from bot.conversation.model import (
    Act,
    Answer,
    Clarify,
    EndThread,
    Handover,
    Line,
    Understanding,
    act_from_json,
    act_to_json,
)
from bot.settings import ROOT


@dataclass
class Services:
    knowledge: knowledge.Knowledge
    clock: FrozenClock
    tickets: Any = field(default=None)  # no test here takes a complaint down


@pytest.fixture(scope="module")
def bank() -> knowledge.Knowledge:
    return knowledge.load(ROOT / "knowledge")


@pytest.fixture
def services(bank: knowledge.Knowledge) -> Services:
    return Services(bank, FrozenClock(datetime(2026, 11, 23, 10, tzinfo=BEIJING)))


def turn(
    intent: str, product: str | None = None, script: str | None = None, candidates: Sequence[tuple[str, float]] = ()
) -> Turn:
    understood = Understanding("", intent, 0.9, tuple(candidates))
    return Turn("c", 1, "", script, script, understood, product)


def test_a_question_about_a_product_gets_the_products_script(services: Services) -> None:
    (act,) = decide.answer(turn("loan_rate", "mortgage"), services)
    assert isinstance(act, Answer)
    assert services.knowledge.scripts[act.script].product == "mortgage"


def test_a_product_without_a_script_of_its_own_gets_the_general_one(services: Services) -> None:
    (act,) = decide.answer(turn("branch_hours", "mortgage"), services)
    assert isinstance(act, Answer)
    assert services.knowledge.scripts[act.script].intent == "branch_hours"


def test_a_choice_gets_the_script_it_stands_for(services: Services) -> None:
    chosen = next(iter(services.knowledge.scripts.values()))
    acts = decide.answer(turn(chosen.intent, script=chosen.id), services)
    assert acts[0] == Answer(chosen.id)


@pytest.mark.parametrize("intent", ["fraud_emergency", "life_emergency"])
def test_danger_is_answered_and_a_person_comes(services: Services, intent: str) -> None:
    said, person = decide.answer(turn(intent), services)
    assert isinstance(said, Answer)
    assert person == Handover("urgent")


def test_no_script_says_so_and_a_person_comes(services: Services) -> None:
    assert decide.answer(turn("no_such_label"), services) == [Line("no_script"), Handover("no_answer")]


def test_an_expired_choice_is_never_served(services: Services) -> None:
    chosen = next(iter(services.knowledge.scripts.values()))
    services.clock.set(datetime(chosen.valid_to.year + 1, 12, 31, tzinfo=BEIJING))
    assert Answer(chosen.id) not in decide.answer(turn(chosen.intent, script=chosen.id), services)


def test_every_informational_label_of_the_domain_has_an_answer(services: Services) -> None:
    questions = [i.id for i in services.knowledge.intents.values() if i.kind == "question"]
    assert [q for q in questions if not isinstance(decide.answer(turn(q), services)[0], Answer)] == []


@pytest.mark.parametrize(
    "intent, acts",
    [
        ("greet", [Line("greet")]),
        ("affirm", [Line("affirm_idle")]),
        ("bot_challenge", [Line("bot_challenge")]),
        ("thanks", [Line("thanks"), EndThread()]),
        ("goodbye", [Line("goodbye"), EndThread()]),
    ],
)
def test_small_talk(services: Services, intent: str, acts: list[Act]) -> None:
    assert decide.talk(turn(intent), services) == acts


def test_every_line_it_may_say_is_in_the_banks_phrases(services: Services) -> None:
    said = {*decide.TALK.values(), "no_script", "not_understood", "out_of_scope", "dissatisfied"}
    assert said - set(services.knowledge.phrases) == set()


def test_not_sure_asks_back_with_what_it_can_answer(services: Services) -> None:
    candidates = [("loan_rate", 0.2), ("out_of_scope", 0.19), ("human_agent", 0.1)]
    acts = decide.clarify(turn("nlu_fallback", candidates=candidates), services)
    assert acts == [Clarify(("loan_rate", "human_agent"))]


def test_nothing_to_offer_is_said_plainly(services: Services) -> None:
    candidates = [("chitchat", 0.2), ("out_of_scope", 0.19)]
    assert decide.clarify(turn("nlu_fallback", candidates=candidates), services) == [Line("not_understood")]


def test_not_sure_but_likeliest_in_danger_does_not_ask_back(services: Services) -> None:
    candidates = [("life_emergency", 0.25), ("chitchat", 0.2)]
    acts = decide.clarify(turn("nlu_fallback", candidates=candidates), services)
    assert isinstance(acts[0], Answer) and acts[1] == Handover("urgent")


def test_asking_for_a_person_is_one_step(services: Services) -> None:
    assert decide.human(turn("human_agent"), services) == [Handover("asked")]


PARSED = {
    "text": "房贷利率",
    "intent": {"name": "nlu_fallback", "confidence": 0.3},
    "intent_ranking": [
        {"name": "nlu_fallback", "confidence": 0.3},
        {"name": "loan_rate", "confidence": 0.28},
        {"name": "loan_apply", "confidence": 0.27},
        {"name": "deposit_rate", "confidence": 0.1},
        {"name": "greet", "confidence": 0.01},
    ],
    "entities": [{"entity": "product", "value": "mortgage", "start": 0, "end": 2}],
}


def test_the_fallback_is_no_candidate_and_three_are_kept() -> None:
    understood = understanding(PARSED, "房贷利率", "model")
    assert understood.intent == "nlu_fallback"
    assert [label for label, _ in understood.candidates] == ["loan_rate", "loan_apply", "deposit_rate"]
    assert understood.product == "mortgage"


def test_a_product_named_before_counts_until_another_is_named() -> None:
    before = read("c", {**PARSED, "entities": []}, {"product": "car_loan"}, 3)
    now = read("c", PARSED, {"product": "car_loan"}, 3)
    assert (before.product, now.product) == ("car_loan", "mortgage")


def test_sequence_number_and_choice_come_with_the_message() -> None:
    taken = read("c", {**PARSED, "metadata": {"seq": 7, "choice": "confirm", "script": None}}, {}, 1)
    assert (taken.conversation_id, taken.seq, taken.choice, taken.script) == ("c", 7, "confirm", None)
    assert read("c", PARSED, {}, 4).seq == 4  # rasa shell


def test_who_sent_money_to_the_wrong_person_hears_how_to_get_it_back(services: Services) -> None:
    asked = replace(turn("transfer_failed"), text="哎呀转错人了怎么办")
    assert decide.answer(asked, services) == [Answer("transfer_wrong"), Handover("urgent")]


@pytest.mark.parametrize(
    ("text", "act"), [("能不能转人工", Handover("asked")), ("先不用转人工，问个事", Line("stay_ok"))]
)
def test_a_person_comes_in_one_step_unless_the_words_refuse(services: Services, text: str, act: Act) -> None:
    assert decide.human(replace(turn("human_agent"), text=text), services) == [act]


def test_what_hardly_can_be_meant_is_not_offered(services: Services) -> None:
    candidates = [("loan_rate", 0.25), ("promotion", 0.06), ("life_emergency", 0.05)]
    assert decide.clarify(turn("nlu_fallback", candidates=candidates), services) == [Clarify(("loan_rate",))]


def test_danger_that_is_hardly_meant_is_offered_not_announced(services: Services) -> None:
    candidates = [("fraud_emergency", 0.18), ("complaint", 0.16)]
    asked = decide.clarify(turn("nlu_fallback", candidates=candidates), services)
    assert asked == [Clarify(("fraud_emergency", "complaint"))]


def asks(text: str, intent: str, *entities: tuple[str, str]) -> Turn:
    """As the model would hand it on: what was named has been found."""
    named = tuple({"entity": kind, "value": value} for kind, value in entities)
    understood = Understanding(text, intent, 0.9, entities=named)
    return Turn("c", 1, text, None, None, understood, understood.product)


@pytest.mark.parametrize(
    ("product", "script"),
    [
        ("mortgage", "loan_rate_mortgage"),
        ("consumer_loan", "loan_rate_consumer_loan"),
        ("business_loan", "loan_rate_business_loan"),
        ("car_loan", "loan_rate_car_loan"),
        ("housing_fund_loan", "loan_rate"),  # not the bank's own mortgage
        (None, "loan_rate"),
    ],
)
def test_the_kind_of_loan_decides_which_rate_is_told(services: Services, product: str | None, script: str) -> None:
    named = [("product", product)] if product else []
    assert decide.answer(asks("利率多少", "loan_rate", *named), services) == [Answer(script)]


class TestBranches:
    @pytest.mark.parametrize("intent", ["branch_location", "branch_hours", "hotline"])
    def test_who_names_a_branch_is_told_about_it(self, services: Services, intent: str) -> None:
        (said,) = decide.answer(asks("城东支行", intent, ("branch", "east")), services)
        assert isinstance(said, Line) and (said.phrase, said.answers) == ("branch_named", intent)
        branch = services.knowledge.branches["east"]
        for fact in (branch.name, branch.address, branch.hours, branch.weekend, branch.phone):
            assert fact in said.values["branches"]

    @pytest.mark.parametrize("intent", ["branch_location", "branch_hours"])
    def test_who_names_a_place_is_told_what_is_there(self, services: Services, intent: str) -> None:
        (said,) = decide.answer(asks("城东区有网点吗", intent, ("place", "城东区")), services)
        assert isinstance(said, Line) and (said.phrase, said.answers) == ("branches_in", intent)
        assert said.values["place"] == "城东区"
        assert services.knowledge.branches["east"].name in said.values["branches"]

    def test_of_many_three_are_named(self, services: Services) -> None:
        (said,) = decide.answer(asks("样例市有哪些网点", "branch_location", ("place", "样例市")), services)
        assert isinstance(said, Line) and said.phrase == "branches_in_more"
        assert (said.values["count"], said.values["shown"]) == (str(len(services.knowledge.branches)), "3")

    def test_where_none_is_listed_that_is_said(self, services: Services) -> None:
        acts = decide.answer(asks("浦东哪里有网点", "branch_location", ("place", "浦东新区")), services)
        assert acts == [Line("branches_none", {"place": "浦东新区"}, answers="branch_location")]

    def test_an_answer_to_more_than_where_and_when_comes_behind(self, services: Services) -> None:
        line, more = decide.answer(asks("城东支行春节开门吗", "branch_hours", ("branch", "east")), services)
        assert isinstance(line, Line) and (line.phrase, line.answers) == ("branch_named", None)
        assert more == Answer("branch_hours_holiday")

    def test_the_hotline_is_the_same_everywhere(self, services: Services) -> None:
        line, more = decide.answer(asks("城东区网点电话", "hotline", ("place", "城东区")), services)
        assert isinstance(line, Line) and (line.phrase, line.answers, more) == ("branches_in", None, Answer("hotline"))
        acts = decide.answer(asks("浦东客服电话", "hotline", ("place", "浦东新区")), services)
        assert acts == [Answer("hotline")]

    @pytest.mark.parametrize("named", [[], [("branch", "closed_since")]])
    def test_who_names_none_gets_the_general_answer(self, services: Services, named: list[tuple[str, str]]) -> None:
        acts = decide.answer(asks("哪里有网点", "branch_location", *named), services)
        assert acts == [Answer("branch_location")]

    def test_other_questions_are_not_about_the_place(self, services: Services) -> None:
        acts = decide.answer(asks("在城东支行开户", "account_opening", ("branch", "east")), services)
        assert acts == [Answer("account_opening")]

    def test_what_stands_for_a_script_travels_as_one(self) -> None:
        line = Line("branches_none", {"place": "浦东新区"}, answers="branch_location")
        assert act_from_json(act_to_json(line)) == line
