"""What the assistant does with a turn it has understood. Pure but for the complaint form, which keeps its own state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from actions.services import Services
from actions.turn import Turn
from bot.clock import today
from bot.conversation.model import OF_A_CASE, Act, Answer, Clarify, EndThread, Flow, Handover, Line, Reserved
from bot.knowledge import Knowledge
from bot.knowledge.model import Script
from bot.knowledge.places import asked_for, told
from bot.knowledge.vocabulary import FALLBACK, OUT_OF_SCOPE
from bot.text.person import asks_for_person, refuses_person

CONTROLS = ("complaint", "complaint_status", "human_agent")  # labels that need no script to be offered
TALK = {
    "greet": "greet",
    "goodbye": "goodbye",
    "thanks": "thanks",
    "affirm": "affirm_idle",
    "deny": "deny_idle",
    "bot_challenge": "bot_challenge",
    "chitchat": "chitchat",
}
BUTTONS = frozenset(choice.value for choice in OF_A_CASE)
ENDINGS = ("thanks", "goodbye")
ABOUT_BRANCHES = ("branch_location", "branch_hours", "hotline")
SURE_OF_DANGER = 0.22  # below it the emergency is a guess like others, and is offered as one
WORTH_OFFERING = 0.1  # a button that means nothing to the customer is worse than none


def answer(turn: Turn, services: Services) -> list[Act]:
    """The approved script; where there is none we say so and a person answers. In danger a person comes in any case."""
    knowledge, day = services.knowledge, today(services.clock)
    intent = turn.understanding.intent
    script = _asked_for(turn, knowledge, day)
    urgent = intent in knowledge.escalation.urgent_intents or (script is not None and script.urgent)
    if script is None or not script.valid_on(day):
        return [Line("no_script"), Handover("urgent" if urgent else "no_answer")]
    if urgent:
        return [Answer(script.id), Handover("urgent")]
    return _of_branches(turn, script, knowledge) or [Answer(script.id)]


def _of_branches(turn: Turn, script: Script, knowledge: Knowledge) -> list[Act]:
    """Who names a branch or a place is told what is there: in place of the main answer, or before one that he asks for
    in words of its own (城东支行春节开门吗). The hotline is the same everywhere."""
    intent = turn.understanding.intent
    if intent not in ABOUT_BRANCHES:
        return []
    ids, named = _named(turn, "branch"), _named(turn, "place")
    asked = asked_for(knowledge.branches, knowledge.places.values(), ids, named)
    if asked is None or (intent == "hotline" and not asked.branches):
        return []
    phrase, values = told(asked, knowledge)
    if script.follow_up or (intent == "hotline" and asked.places):
        return [Line(phrase, values), Answer(script.id)]
    return [Line(phrase, values, answers=script.id)]


def _asked_for(turn: Turn, knowledge: Knowledge, day: date) -> Script | None:
    if turn.script:
        return knowledge.scripts.get(turn.script)
    return knowledge.answer_to(turn.understanding.intent, turn.product, turn.text, day)


def _named(turn: Turn, kind: str) -> list[str]:
    return [str(entity["value"]) for entity in turn.understanding.entities if entity["entity"] == kind]


def talk(turn: Turn, services: Services) -> list[Act]:
    intent = turn.understanding.intent
    if turn.choice == Reserved.CANCEL.value and services.asking.keeps(turn.conversation_id):
        return [Line("case_kept")]
    line = Line(TALK[intent])
    return [line, EndThread()] if intent in ENDINGS else [line]


def clarify(turn: Turn, services: Services) -> list[Act]:
    """Ask back with what it may have been, as far as there is something to say to it.

    Where danger is the likeliest reading we do not ask back: a person too many does no harm.
    """
    knowledge, day = services.knowledge, today(services.clock)
    likeliest, sure = next(iter(turn.understanding.candidates), ("", 0.0))
    if likeliest in knowledge.escalation.urgent_intents and sure >= SURE_OF_DANGER:
        return answer(replace(turn, understanding=replace(turn.understanding, intent=likeliest)), services)
    labels = [label for label, sure in turn.understanding.candidates if sure >= WORTH_OFFERING]
    offered = tuple(label for label in labels if can_offer(label, turn.product, knowledge, day))
    return [Clarify(offered)] if offered else [Line("not_understood")]


def can_offer(label: str, product: str | None, knowledge: Knowledge, day: date) -> bool:
    return label in CONTROLS or knowledge.script_for(label, product, day) is not None


def out_of_scope(turn: Turn, services: Services) -> list[Act]:
    return [Line("out_of_scope")]


def dissatisfied(turn: Turn, services: Services) -> list[Act]:
    """Another wording, or a person: the escalation rules decide that, they know what was said before."""
    return [Line("dissatisfied")]


def human(turn: Turn, services: Services) -> list[Act]:
    """In one step, unless the words refuse it (先不用转人工，我问个事), which the label cannot tell apart."""
    if turn.choice is None and refuses_person(turn.text):
        return [Line("stay_ok")]
    return [Handover("asked")]


def complaint(turn: Turn, services: Services) -> list[Act]:
    asking = services.asking
    if turn.choice in BUTTONS:  # a case's, whatever form is open
        return complaint_status(turn, services)
    if asking.proofs.open(turn.conversation_id):
        proof = asking.proofs.proof(turn.conversation_id, turn.seq, turn.text, turn.choice)
        return proof if proof is not None else _instead_of_proof(turn, services)
    if turn.choice is None and asking.about(turn.conversation_id, turn.text):
        return complaint_status(turn, services)
    return services.tickets.advance_draft(turn.conversation_id, turn.seq, turn.text, turn.understanding, turn.choice)


def complaint_status(turn: Turn, services: Services) -> list[Act]:
    button = turn.choice if turn.choice in BUTTONS else None
    return services.asking.answer(turn.conversation_id, turn.seq, turn.text, button)


def _instead_of_proof(turn: Turn, services: Services) -> list[Act]:
    """Asked for a proof he says something else: that is answered as always, and a person or danger comes first.
    Who only nods is still asked for it."""
    intent = turn.understanding.intent
    if asks_for_person(turn.text):
        intent = "human_agent"
    if intent == "affirm":
        return [Line("status_proof")]
    if intent == "complaint":
        begun = services.tickets.advance_draft(turn.conversation_id, turn.seq, turn.text, turn.understanding, None)
        return [Flow(None), *begun]
    return [Flow(None), *INSTEAD.get(intent, answer)(turn, services)]


INSTEAD: Mapping[str, Callable[[Turn, Services], list[Act]]] = {
    **dict.fromkeys(TALK, talk),
    "complaint_status": complaint_status,
    "human_agent": human,
    "dissatisfied": dissatisfied,
    OUT_OF_SCOPE: out_of_scope,
    FALLBACK: clarify,
}
