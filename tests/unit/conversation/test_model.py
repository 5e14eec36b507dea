"""Acts travel as JSON from Rasa's actions to the conversation: nothing is lost or changed on the way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.model import (
    Act,
    Answer,
    Clarify,
    EndThread,
    Flow,
    Handover,
    Line,
    Reserved,
    Understanding,
    act_from_json,
    act_to_json,
)
from bot.knowledge.vocabulary import RESERVED_CHOICES

WORDS = st.text(max_size=30)
LABELS = st.lists(WORDS, max_size=3).map(tuple)
ACTS = st.one_of(
    st.builds(Answer, WORDS),
    st.builds(Clarify, LABELS),
    st.builds(Line, WORDS, st.dictionaries(WORDS, WORDS, max_size=3), LABELS, st.none() | st.just({"number": "TS1"})),
    st.builds(Handover, WORDS),
    st.builds(Flow, WORDS | st.none()),
    st.just(EndThread()),
)


@given(ACTS)
def test_an_act_comes_back_as_it_was(act: Act) -> None:
    assert act_from_json(json.loads(json.dumps(act_to_json(act)))) == act


@pytest.mark.parametrize("data", [{"act": "Delete"}, {"act": "Answer", "scripts": "x"}, {}])
def test_what_is_no_act_is_an_error(data: dict) -> None:
    with pytest.raises((KeyError, TypeError)):
        act_from_json(data)


def test_an_understanding_gives_the_first_value_of_an_entity() -> None:
    entities = ({"entity": "term", "value": "3年"}, {"entity": "product", "value": "mortgage"})
    understanding = Understanding("三年房贷", "loan_rate", 0.9, entities=entities)
    assert (understanding.product, understanding.entity("term"), understanding.entity("amount")) == (
        "mortgage",
        "3年",
        None,
    )


def test_the_reserved_choices_are_those_that_knowledge_may_use() -> None:
    assert {choice.value for choice in Reserved} == RESERVED_CHOICES
