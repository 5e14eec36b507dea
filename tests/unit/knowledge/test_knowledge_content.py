"""The knowledge/ of the demonstration bank itself."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.conversation.model import Reserved
from bot.errors import QiantaiError
from bot.knowledge import Knowledge
from bot.knowledge.vocabulary import CASE_STATES, PHRASES, PROBLEMS, RESERVED_CHOICES, SEVERITIES
from bot.knowledge.warnings import warnings
from bot.tickets.model import CaseState, Severity

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 22)

# The labels that ask for information, as the intents were agreed upon.
# fmt: off
INFORMATIONAL = [
    "branch_hours", "branch_location", "hotline", "account_opening", "account_closure", "personal_info_update",
    "account_status", "balance_transactions", "unknown_charge", "card_loss", "atm_problem", "password", "ebank",
    "sms_alert", "transfer_howto", "transfer_limit", "transfer_fee", "transfer_time", "transfer_failed",
    "account_fee", "deposit_rate", "deposit_product", "loan_rate", "loan_apply", "loan_eligibility",
    "loan_progress", "loan_repayment", "loan_overdue", "credit_card_apply", "credit_card_limit", "credit_card_bill",
    "credit_card_use", "wealth_product", "wealth_redeem", "foreign_exchange", "third_party_binding",
    "corporate_banking", "fraud_emergency", "life_emergency", "promotion", "public_fund_social",
    "suggestion_praise", "privacy_risk_request", "complaint_status",
]
# fmt: on
# fmt: off
OTHERS = [
    "complaint", "human_agent", "dissatisfied", "greet", "goodbye", "thanks", "affirm", "deny", "bot_challenge",
    "chitchat", "out_of_scope",
]
# fmt: on


def test_it_has_nothing_to_warn_of_on_the_day_it_was_written(said: Knowledge) -> None:
    assert list(warnings(said, TODAY)) == []


def test_every_label_is_known(said: Knowledge) -> None:
    assert set(said.intents) == {*INFORMATIONAL, *OTHERS}


@pytest.mark.parametrize("label", INFORMATIONAL)
def test_every_informational_label_has_an_answer(said: Knowledge, label: str) -> None:
    assert said.script_for(label, None, TODAY) is not None


@pytest.mark.parametrize(
    ("label", "product"),
    [
        *(("loan_rate", p) for p in ("mortgage", "consumer_loan", "business_loan", "car_loan", "instalment")),
        *(("wealth_product", p) for p in ("wealth", "fund", "insurance", "trust", "precious_metal")),
        *(("deposit_rate", p) for p in ("demand_deposit", "time_deposit", "large_cd")),
        *(("account_opening", p) for p in ("debit_card", "second_class")),
        ("card_loss", "credit_card"),
        ("deposit_product", "structured_deposit"),
    ],
)
def test_products_with_an_answer_of_their_own(said: Knowledge, label: str, product: str) -> None:
    script = said.script_for(label, product, TODAY)
    assert script is not None and script.product == product


def test_every_answer_can_be_said_in_every_wording(said: Knowledge) -> None:
    for script in said.scripts.values():
        for wording in range(len(script.texts)):
            rendered = said.render(script, wording, TODAY)
            assert not re.search(r"[{}]", rendered.text), script.id
            assert not re.search(r"\n{3}|[ \t]$", rendered.text, re.MULTILINE), script.id
            for id_ in rendered.figures:
                assert said.figures[id_].source in rendered.text
                assert f"以{said.figures[id_].authority}为准" in rendered.text


def test_every_topic_of_an_answer_brings_its_mandatory_text(said: Knowledge) -> None:
    for script in said.scripts.values():
        required = said.render(script, 0, TODAY).disclosures
        for topic in script.topics:
            assert {d.id for d in said.disclosures_for([topic], TODAY)} <= set(required), script.id


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("wealth", "理财非存款、产品有风险、投资须谨慎。本类产品不保本、不保证收益"),
        ("fund", "本行为代销机构，不承担产品的投资、兑付和风险管理责任"),
        ("insurance", "保险不是存款"),
        ("structured_deposit", "结构性存款不同于一般性存款，具有投资风险，投资者应当充分认识投资风险，谨慎投资。"),
        (
            "loan",
            "年化综合融资成本、各项息费以《个人贷款综合融资成本明示表》和合同为准；最终以审批为准。请理性借贷，按时还款，逾期可能影响征信。",
        ),
        ("deposit", "所有被保险存款账户的本金和利息合并计算，最高偿付限额为人民币50万元。"),
        ("metal_fx", "价格有波动，可能发生损失，请谨慎决策。"),
    ],
)
def test_the_mandatory_texts_are_whole(said: Knowledge, topic: str, words: str) -> None:  # requirements 2C
    assert any(words in d.text for d in said.disclosures_for([topic], TODAY))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("account_opening", "请您提供身份证及手机号，可在柜台或手机银行APP办理，全程约5分钟。"),  # 004-18
        ("cash_withdrawal", "如需柜台取现，需本人携带身份证，且账户状态正常，可即时办理"),  # 004-78
        ("credit_card_apply", "办理信用卡需携带身份证、居住证明，可在手机银行预审或到网点办理"),  # 004-57
        ("transfer_failed", "1. 超限"),  # 004-54
        ("transfer_failed", "逾期"),
        ("credit_card_points", "积分明细"),  # 004-81
        ("loan_rate_mortgage", "3.05%至3.60%"),  # 004-12
    ],
)
def test_standard_answers_of_the_sources(said: Knowledge, script: str, words: str) -> None:
    assert words in said.render(said.script(script), 0, TODAY).text


def test_loan_rates_are_annualised_and_say_what_they_depend_on(said: Knowledge) -> None:  # L7, 004-12
    for script in said.scripts.values():
        if script.intent == "loan_rate":
            for wording in range(len(script.texts)):
                text = said.render(script, wording, TODAY).text
                assert text.index("年化") < text.index("%"), script.id
                assert "数据来源" in text, script.id


@pytest.mark.parametrize("script", ["fraud_emergency", "fraud_card_stolen"])
def test_fraud_answers_name_the_lines_that_work_at_night(said: Knowledge, script: str) -> None:  # design, rule 8
    for wording in range(2):
        text = said.render(said.script(script), wording, TODAY).text
        assert said.bank.loss_line in text and "110" in text
    assert said.script(script).urgent


def test_the_first_fraud_answer_names_the_anti_fraud_line(said: Knowledge) -> None:
    assert "96110" in said.render(said.script("fraud_emergency"), 0, TODAY).text


def test_a_threat_to_life_gets_help_first_and_no_product(said: Knowledge) -> None:
    script = said.script("life_emergency")
    for wording in range(len(script.texts)):
        text = said.render(script, wording, TODAY).text
        assert all(number in text for number in ("110", "120", "12356"))
    assert script.urgent and script.topics == ()


def test_urgent_intents_have_urgent_answers(said: Knowledge) -> None:
    for label in said.escalation.urgent_intents:
        script = said.script_for(label, None, TODAY)
        assert script is not None and script.urgent


def test_samples_are_marked(said: Knowledge) -> None:
    assert said.bank.sample
    assert all(figure.sample and "样例" in figure.source for figure in said.figures.values())
    assert all(script.sample for script in said.scripts.values())
    assert all(branch.sample for branch in said.branches.values())


def test_texts_whose_basis_was_not_read_wait_for_compliance(
    said: Knowledge,
) -> None:  # requirements 2A, classes M and V3
    assert {d.id for d in said.disclosures.values() if not d.confirmed} >= {
        "wealth_risk",
        "agency_sale",
        "insurance_not_deposit",
        "structured_deposit_risk",
        "loan_cost",
    }
    assert said.disclosures["deposit_insurance"].confirmed


def test_the_lexicon_is_large_enough_to_help() -> None:
    assert len((ROOT / "knowledge/lexicon.txt").read_text("utf-8").split()) >= 150


def test_clocks_of_complaints_are_those_of_the_standard_profile(said: Knowledge) -> None:  # requirements 1B
    clocks = {
        s.severity: (s.first_response_wd, s.first_response_h, s.resolution_wd, s.resolution_h)
        for s in said.complaints.slas
    }
    assert clocks == {
        "一般": (2, 48, 7, None),
        "重要": (1, None, 5, None),
        "重大": (1, None, 15, None),
        "紧急": (None, 1, None, 24),
    }
    assert said.complaints.cap_calendar_days == 15


def test_names_shared_with_code_are_the_same() -> None:
    assert {choice.value for choice in Reserved} == RESERVED_CHOICES
    assert tuple(severity.value for severity in Severity) == SEVERITIES
    assert {state.value.lower() for state in CaseState} == set(CASE_STATES)


def test_every_failure_of_the_product_has_words() -> None:
    kinds, known = [QiantaiError], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        known.add(kind.type.replace("-", "_"))
    assert known <= set(PROBLEMS)


def test_every_phrase_that_code_names_is_known() -> None:
    named = re.compile(r"""(?:\bphrase|\bLine)\(\s*"([a-z_]+)"[,)]|\bphrase="([a-z_]+)\"""")
    used = {
        match[1] or match[2]
        for folder in ("bot", "actions")
        for path in (ROOT / folder).rglob("*.py")
        for match in named.finditer(path.read_text("utf-8"))
    }
    assert {"welcome", "turn_failed", "no_script"} <= used  # the search finds what is there
    assert used <= set(PHRASES)
