"""What staff are shown is what a customer would be told on that day, warnings included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType

import pytest
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.channels.wechat.showing import messages
from bot.channels.wechat.splitting import size
from bot.conversation.model import Answer
from bot.conversation.showing import find, table, told
from bot.errors import NotFound
from bot.knowledge import Knowledge
from bot.knowledge.model import Script
from bot.wiring import House

TODAY = date(2026, 11, 22)


def shown(said: Knowledge, name: str, product: str | None = None, day: date = TODAY, wechat: bool = False) -> str:
    form = partial(messages, said) if wechat else None
    return "\n".join(told(said, find(said, name, product, day), day, form))


def changed(said: Knowledge, id_: str, **values: object) -> Knowledge:
    scripts = {**said.scripts, id_: said.scripts[id_].copy(update=values)}
    return replace(said, scripts=MappingProxyType(scripts))


def mortgage(said: Knowledge) -> Script:
    script = said.script_for("loan_rate", "mortgage", TODAY)
    assert script is not None
    return script


def test_it_is_word_for_word_what_a_customer_gets(house: House) -> None:
    answer = Answer(mortgage(house.knowledge).id)
    chat = Chat(house, FakeAssistant(otherwise=understood("loan_rate", answer, product="mortgage")))
    event = chat.says("房贷利率多少")
    warning = house.knowledge.disclosures["loan_cost"].text
    assert event.payload["script"]["id"] == answer.script and warning in event.payload["text"]
    assert event.payload["text"] in shown(house.knowledge, "loan_rate", "mortgage")


def test_every_wording_with_versions_figures_and_buttons(said: Knowledge) -> None:
    script = mortgage(said)
    text = shown(said, script.id)
    assert f"{script.id}（{script.title}），第{script.version}版" in text and script.approved_by in text
    for wording in range(len(script.texts)):
        assert f"──── 2026-11-22，第{wording + 1}种说法 ────" in text
    assert "第1种说法（large_type） ────" in text
    assert text.count(said.disclosures["loan_cost"].text) == len(list(script.every_text()))
    assert f"必须提示 loan_cost 第{said.disclosures['loan_cost'].version}版" in text
    assert "数字 mortgage_rate_low 3.05%，《示范银行贷款利率公告（样例）》，2026-11-01" in text
    assert f"［{script.choices[0].label}］" in text


def test_in_wechat_choices_are_numbered_and_messages_fit(said: Knowledge) -> None:
    script = mortgage(said)
    text = shown(said, script.id, wechat=True)
    assert f"1 {script.choices[0].label}" in text and "［" not in text
    long = "很长的一句话。" * 300
    parts = messages(said, f"{long}\n{said.disclosures['loan_cost'].text}", [said.disclosures["loan_cost"].text], ())
    assert len(parts) > 1 and all(size(part) <= 2000 for part in parts)
    assert all(said.disclosures["loan_cost"].text in part for part in parts)


def test_messages_are_counted_where_one_is_not_enough(said: Knowledge) -> None:
    id_ = mortgage(said).id
    long = changed(said, id_, texts=("很长的一句话。" * 150, "短。"))
    assert "（第1条消息，共2条）" in shown(long, id_, wechat=True)


def test_what_the_guard_refuses_is_shown_as_the_customer_would_see_it(said: Knowledge) -> None:
    broken = changed(said, mortgage(said).id, disclosures=("no_such_text",), texts=("利率看这里。", "看这里。"))
    text = "\n".join(told(broken, mortgage(broken), TODAY))
    assert "合规检查：不通过" in text and "unavailable:no_such_text" in text
    assert said.phrase("guard_safe")[0] in text and "利率看这里。" not in text


def test_an_intent_is_answered_as_on_that_day(said: Knowledge) -> None:
    id_ = mortgage(said).id
    ended = changed(said, id_, valid_to=date(2026, 11, 30))
    assert find(ended, "loan_rate", "mortgage", date(2026, 11, 30)).id == id_
    assert find(ended, "loan_rate", "mortgage", date(2026, 12, 1)).id == "loan_rate"


@pytest.mark.parametrize(
    ("name", "product", "day", "why"),
    [
        ("loan_rates", None, TODAY, "no intent and no script loan_rates"),
        ("loan_rate", "boat", TODAY, "no product has the id boat"),
        ("greet", None, TODAY, "no script answers greet on 2026-11-22"),
        ("loan_rate_mortgage", None, date(2024, 1, 1), "is not said on 2024-01-01: it is from "),
    ],
)
def test_what_there_is_not_is_told(said: Knowledge, name: str, product: str | None, day: date, why: str) -> None:
    with pytest.raises(NotFound, match=why):
        find(said, name, product, day)


def test_a_draft_is_not_said(said: Knowledge) -> None:
    draft = changed(said, "card_loss_found", approved_by="", approved_on=None)
    with pytest.raises(NotFound, match="it is a draft"):
        find(draft, "card_loss_found", None, TODAY)


def test_the_table_has_every_script_in_force_once_and_every_question(said: Knowledge) -> None:
    lines = list(table(said, TODAY))
    listed = [line.split("　")[0].strip() for line in lines if line.startswith("  ")]
    assert sorted(listed) == sorted(id_ for id_, script in said.scripts.items() if script.valid_on(TODAY))
    assert lines[0] == f"2026-11-22 有效的话术 {len(listed)} 条："


def test_the_table_is_loud_about_questions_without_an_answer(said: Knowledge) -> None:
    lines = list(table(said, date(2024, 1, 1)))
    questions = sum(intent.kind == "question" for intent in said.intents.values())
    assert lines.count("  没有话术，客户会被转给人工") == questions
