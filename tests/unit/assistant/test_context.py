"""What a message means beside the one before it, and when it holds two matters. The model is a table here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.assistant.context import Meaning, meanings
from bot.conversation.model import Earlier
from bot.knowledge import Knowledge

TABLE = {
    "你好，请问房贷利率": ("greet", 0.8, None),
    "多久": ("loan_progress", 0.4, None),
    "挂失多久": ("card_loss", 0.9, None),
    "要带什么": ("account_opening", 0.4, None),
    "个人住房贷款要带什么": ("loan_apply", 0.8, None),
    "房贷要带什么": ("loan_apply", 0.8, None),
    "那消费贷呢": ("nlu_fallback", 0.2, "consumer_loan"),
    "转账限额多少": ("transfer_limit", 0.9, None),
    "手续费怎么收": ("transfer_fee", 0.8, None),
    "我卡丢了": ("card_loss", 0.9, None),
    "我被骗了": ("fraud_emergency", 0.9, None),
    "手机丢了": ("fraud_emergency", 0.95, None),
    "手机丢了，卡绑在微信上要不要紧": ("third_party_binding", 0.85, None),
    "手机丢了，补了新号，预留号码怎么改": ("personal_info_update", 0.99, None),
    "我要投诉你们": ("complaint", 0.9, None),
    "您好啊": ("greet", 0.9, None),
    "存款利率多少": ("deposit_rate", 0.9, None),
    "房贷利率多少": ("loan_rate", 0.9, "mortgage"),
    "我想存三年": ("deposit_product", 0.9, None),
    "利息是多少": ("loan_rate", 0.9, None),
    "我想存三年，利息是多少": ("deposit_rate", 0.9, None),
}


SUSPECTED = {"手机丢了，卡绑在微信上要不要紧": 0.1, "手机丢了，补了新号，预留号码怎么改": 0.01}  # danger, of the whole


async def parse(text: str) -> dict[str, Any]:
    intent, confidence, product = TABLE.get(text, ("nlu_fallback", 0.1, None))
    entities = [{"entity": "product", "value": product}] if product else []
    ranked = [{"name": intent, "confidence": confidence}]
    if text in SUSPECTED:
        ranked.append({"name": "fraud_emergency", "confidence": SUSPECTED[text]})
    return {"text": text, "intent": ranked[0], "intent_ranking": ranked, "entities": entities}


def meant(text: str, said: Knowledge, earlier: Earlier | None = None) -> list[Meaning]:
    return asyncio.run(meanings(text, earlier, parse, said))


def labels(found: list[Meaning]) -> list[str]:
    return [one.parsed["intent"]["name"] for one in found]


def test_how_long_after_a_lost_card_asks_how_long_that_takes(said: Knowledge) -> None:
    (one,) = meant("多久", said, Earlier("card_loss"))
    assert (labels([one]), one.with_earlier, one.text) == (["card_loss"], "挂失", "多久")


def test_without_anything_before_it_stands_alone(said: Knowledge) -> None:
    assert labels(meant("多久", said)) == ["loan_progress"]


def test_the_product_is_carried_into_the_next_question(said: Knowledge) -> None:
    (one,) = meant("要带什么", said, Earlier("loan_rate", "mortgage"))
    assert labels([one]) == ["loan_apply"] and one.with_earlier == said.products["mortgage"].name


def test_another_product_asks_the_same_of_it(said: Knowledge) -> None:
    (one,) = meant("那消费贷呢", said, Earlier("loan_rate", "mortgage"))
    assert labels([one]) == ["loan_rate"] and one.parsed["entities"][0]["value"] == "consumer_loan"


def test_another_product_that_this_question_has_no_answer_for_stands_alone(said: Knowledge) -> None:
    assert labels(meant("那消费贷呢", said, Earlier("branch_hours"))) == ["nlu_fallback"]


def test_where_the_earlier_matter_makes_no_sense_beside_it_the_message_stands_alone(said: Knowledge) -> None:
    assert labels(meant("多久", said, Earlier("password"))) == ["loan_progress"]


def test_two_matters_are_two_in_their_order(said: Knowledge) -> None:
    found = meant("转账限额多少？另外手续费怎么收", said)
    assert labels(found) == ["transfer_limit", "transfer_fee"]
    assert [one.text for one in found] == ["转账限额多少", "手续费怎么收"]


@pytest.mark.parametrize(
    ("text", "label"), [("我卡丢了，我被骗了", "fraud_emergency"), ("我卡丢了。我要投诉你们", "complaint")]
)
def test_nothing_stands_beside_danger_or_a_complaint(said: Knowledge, text: str, label: str) -> None:
    (one,) = meant(text, said)
    assert labels([one]) == [label] and one.text == text


def test_danger_in_one_part_is_the_matter_where_the_whole_lets_it_be_suspected(said: Knowledge) -> None:
    (one,) = meant("手机丢了，卡绑在微信上要不要紧", said)
    assert labels([one]) == ["fraud_emergency"] and one.text == "手机丢了，卡绑在微信上要不要紧"
    assert labels(meant("手机丢了，补了新号，预留号码怎么改", said)) == ["personal_info_update"]


def test_small_talk_in_front_of_a_question_is_not_the_question(said: Knowledge) -> None:
    (one,) = meant("您好啊，存款利率多少", said)
    assert labels([one]) == ["deposit_rate"]


def test_what_the_parts_do_not_tell_surely_stays_whole(said: Knowledge) -> None:
    assert len(meant("这个东西，那个东西", said)) == 1


def test_what_makes_sense_as_a_whole_is_not_cut_at_a_comma(said: Knowledge) -> None:
    assert labels(meant("我想存三年，利息是多少", said)) == ["deposit_rate"]


def test_a_second_question_that_leans_on_the_first_is_read_with_it(said: Knowledge) -> None:
    found = meant("房贷利率多少？要带什么", said)
    assert labels(found) == ["loan_rate", "loan_apply"] and found[1].with_earlier
