"""What one message means for the complaint form: the assistant's understanding, weighed against the words. Pure."""

from __future__ import annotations

from datetime import date

from bot.conversation.model import Understanding
from bot.knowledge import Knowledge
from bot.text.person import asks_for_person, plain, refuses_person
from bot.tickets import words
from bot.tickets.drafts import ENOUGH, Said
from bot.tickets.model import Contact

SURE_OF_DANGER = 0.5  # a person too many does no harm
SURE_OF_WISH = 0.6
SURE_OF_QUESTION = 0.7  # below it the message is part of the complaint
WISH = 30  # characters: longer than this, 人工 occurs in a story


def read(
    text: str,
    choice: str | None,
    understanding: Understanding | None,
    contact: Contact | None,
    knowledge: Knowledge,
    day: date,
) -> Said:
    """`contact`: what the vault took out of this message."""
    if choice is not None:
        script = knowledge.scripts.get(choice)
        return Said(text, choice, answer=choice if script is not None and script.valid_on(day) else None)
    wants_person = asks_for_person(text)
    if understanding is None or (contact is not None and words.substance(text) < ENOUGH):
        return Said(text, contact=contact, wants_person=wants_person)  # a number alone means nothing else
    intent, sure = understanding.intent, understanding.confidence
    urgent = intent in knowledge.escalation.urgent_intents and sure >= SURE_OF_DANGER
    return Said(
        text,
        contact=contact,
        answer=_answer(text, understanding, urgent, knowledge, day),
        urgent=urgent,
        wants_person=wants_person or _wishes(text, intent, sure),
    )


def _wishes(text: str, intent: str, sure: float) -> bool:
    """就在这里联系我 refuses a number; it asks for nobody."""
    short = len(plain(text)) <= WISH and not refuses_person(text) and not words.refuses_contact(text)
    return intent == "human_agent" and sure >= SURE_OF_WISH and short


def _answer(text: str, understanding: Understanding, urgent: bool, knowledge: Knowledge, day: date) -> str | None:
    """The script for an urgent matter, or for a question in between."""
    known = knowledge.intents.get(understanding.intent)
    question = known is not None and known.kind == "question" and understanding.confidence >= SURE_OF_QUESTION
    if not urgent and not (question and words.looks_like_question(text)):
        return None
    script = knowledge.answer_to(understanding.intent, understanding.product, text, day)
    return None if script is None else script.id
