"""All scripts, channels, sizes of type, products and figures: what leaves carries what it needs, without exception.

Issue 4's property tests. A customer's words choose none of this: every combination is said through the one door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.showing import messages
from bot.clock import BEIJING
from bot.conversation.model import Actor
from bot.conversation.speech import Speech, Utterance
from bot.knowledge import Knowledge, load
from bot.knowledge.model import Disclosure, Script
from bot.knowledge.render import shown
from bot.knowledge.templates import day_in_words
from bot.knowledge.vocabulary import WECHAT_BYTES
from bot.settings import ROOT
from bot.text.normalise import normalise

CHANNELS = ("web", "wechat")


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), BEIJING)


def days(said: Knowledge, today: date) -> list[date]:
    """Today, and every day within a year on which something begins or has just ended."""
    dated = [one for kind in ("script", "disclosure", "figure") for one in said.every(kind)]
    begins = {one.valid_from for one in dated} | {one.valid_to + timedelta(days=1) for one in dated if one.valid_to}
    return sorted({today, *(day for day in begins if day and today <= day <= today + timedelta(days=365))})


def ways(script: Script) -> Iterator[tuple[str, bool, int]]:
    for channel in CHANNELS:
        for large_type in (False, True):
            for wording in range(len(script.wordings(channel, large_type)[1])):
                yield channel, large_type, wording


def needed(said: Knowledge, script: Script, day: date) -> list[Disclosure]:
    """By the table of disclosures alone, not by what the product computes."""
    product = said.products.get(script.product or "")
    topics = {*script.topics, *(product.topics if product else said.intents[script.intent].topics)}
    return [
        one
        for one in said.disclosures.values()
        if one.valid_from <= day <= (one.valid_to or day) and (topics & set(one.topics) or one.id in script.disclosures)
    ]


def squeezed(text: str) -> str:
    return "".join(normalise(text).split())


@pytest.fixture(scope="module")
def whole() -> Knowledge:
    return load(ROOT / "knowledge")


TODAY = date(2026, 11, 22)


def test_every_script_on_every_channel_in_every_type_on_every_day_carries_its_warnings_and_sources(
    whole: Knowledge,
) -> None:
    said_of = 0
    for day in days(whole, TODAY):
        said = whole.on(day)
        speech = Speech(said)
        for script in said.scripts.values():
            if not script.valid_on(day):
                continue
            for channel, large_type, wording in ways(script):
                utterance = speech.script(script.id, wording, at(day), channel=channel, large_type=large_type)
                verdict = speech.preview(utterance, at(day))
                place = (script.id, channel, large_type, wording, day)
                assert verdict.action != "refuse", (place, verdict.findings)
                warnings = [one.text for one in needed(said, script, day)]
                assert all(verdict.text.count(text) == 1 for text in warnings), place
                for id_ in utterance.internal["figures"]:
                    figure = said.figures[id_]
                    for part in (shown(figure), figure.source, day_in_words(figure.as_of), f"以{figure.authority}为准"):
                        assert part in verdict.text, (place, id_)
                if channel == "wechat":
                    _fits(said, verdict.text, warnings, utterance, place)
                said_of += 1
    assert said_of > 4 * 240


def _fits(said: Knowledge, text: str, warnings: list[str], utterance: Utterance, place: object) -> None:
    """One message, whole, with its choices."""
    sent = messages(said, text, warnings, utterance.choices)
    assert len(sent) == 1 and len(sent[0].encode()) <= WECHAT_BYTES, place
    assert all(squeezed(warning) in squeezed(sent[0]) for warning in warnings), place


def test_every_question_about_every_product_is_answered_with_the_products_warnings(whole: Knowledge) -> None:
    said, speech = whole.on(TODAY), Speech(whole.on(TODAY))
    for intent in (one for one in said.intents.values() if one.kind == "question"):
        for product in (None, *said.products):
            script = said.script_for(intent.id, product, TODAY)
            assert script is not None, intent.id
            own = said.products[product].topics if product and script.product == product else ()
            topics = {*own, *(() if script.product else intent.topics)}
            verdict = speech.preview(speech.script(script.id, 0, at(TODAY)), at(TODAY))
            for one in said.disclosures_for(topics, TODAY):
                assert one.text in verdict.text, (intent.id, product, one.id)


def test_an_agent_who_types_any_approved_answer_without_its_warnings_is_given_them(whole: Knowledge) -> None:
    """The text's own words tell the guard what it is about: an agent has no intent."""
    said, speech = whole.on(TODAY), Speech(whole.on(TODAY))
    lacking = []
    for script in said.scripts.values():
        if not said.products.get(script.product or ""):
            continue
        topics = set(said.products[script.product or ""].topics)
        body = speech.script(script.id, 0, at(TODAY)).text
        typed = Utterance(f"{said.products[script.product or ''].name}：{body}")
        verdict = speech.preview(typed, at(TODAY), Actor("agent", "a"))
        lacking += [(script.id, d.id) for d in said.disclosures_for(topics, TODAY) if d.text not in verdict.text]
    assert lacking == []


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_whatever_value_source_and_date_a_figure_has_the_answer_says_them(
    whole: Knowledge, data: st.DataObject
) -> None:
    said = whole.on(TODAY)
    script = data.draw(st.sampled_from([one for one in said.scripts.values() if one.figures and one.valid_on(TODAY)]))
    id_ = data.draw(st.sampled_from(script.figures))
    value = data.draw(st.decimals(Decimal("0.01"), Decimal("9999"), places=2))
    source = data.draw(st.text("甲乙丙丁公告0123456789", min_size=2, max_size=12))
    day = data.draw(st.dates(date(2020, 1, 1), TODAY))
    figure = said.figures[id_].copy(update={"value": value, "source": f"《{source}》", "as_of": day})
    changed = replace(said, figures=MappingProxyType({**said.figures, id_: figure}), editions={})
    for channel, large_type, wording in ways(script):
        speech = Speech(changed)
        utterance = speech.script(script.id, wording, at(TODAY), channel=channel, large_type=large_type)
        text = speech.preview(utterance, at(TODAY)).text
        if id_ in utterance.internal["figures"]:
            assert f"{value}{figure.unit}" in text and f"《{source}》" in text and day_in_words(day) in text
