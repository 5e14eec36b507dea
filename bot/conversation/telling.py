"""Something is said in a conversation that did not ask for it just now: how a case goes on, a survey."""

from __future__ import annotations

from bot.conversation import store
from bot.conversation.model import SYSTEM, Actor, Conversation, Event
from bot.conversation.service import Conversations
from bot.conversation.speech import Passed, Utterance
from bot.db import Tx
from bot.wakeups import DESK


def tell(
    conversations: Conversations,
    tx: Tx,
    conversation: Conversation,
    utterance: Utterance,
    actor: Actor = SYSTEM,
    *,
    override_reason: str | None = None,
    confirmed: bool = False,
) -> Event:
    """In the caller's transaction, who holds the conversation's lock; who watches it is woken at once, and looks again
    within two seconds where he was too early. Raises RefusedByGuard."""
    conversation, event = conversations.speech.say(
        tx,
        conversation,
        conversations.clock.now(),
        utterance,
        actor=actor,
        override_reason=override_reason,
        confirmed=confirmed,
    )
    conversation = conversations.settle(tx, conversation)
    conversations.wakeups.notify(conversation.id, DESK)
    return event


def keep_told(
    conversations: Conversations, tx: Tx, conversation: Conversation, passed: Passed, actor: Actor, way: str
) -> Event:
    """What a person told by another way than this chat stands in its chain all the same, as it was judged. Nobody reads
    it there, but for `qiantai evidence`."""
    shown = conversations.speech.titled(passed.verdict)
    elsewhere = {"text": passed.text, "way": way, "disclosures": shown, "case": passed.utterance.case}
    payload = {"text": "", "internal": {**passed.internal, "elsewhere": elsewhere}}
    at = conversations.clock.now()
    return store.append(tx, conversation, kind="notice", actor=actor, at=at, payload=payload)[1]
