"""What a customer is told of his case: in the chat while it is open, else by SMS, mail or WeChat, else by a person.

Everything passes the guard, whichever way it goes. In the caller's transaction; who watches is woken after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.compliance import Verdict
from bot.conversation import store as log
from bot.conversation.model import SYSTEM, Actor, Conversation, Event, State
from bot.conversation.service import Conversations
from bot.conversation.speech import Utterance
from bot.conversation.telling import keep_told, tell
from bot.db import Tx
from bot.errors import RefusedByGuard
from bot.knowledge.model import Choice
from bot.notices import Notices, Recipient
from bot.privacy.audit import Action, audit
from bot.privacy.vault import Destroyed, Vault
from bot.text.mask import mask
from bot.text.normalise import clean
from bot.tickets import store
from bot.tickets.clockwork import Clockwork
from bot.tickets.model import Case, CaseEvent, Contact
from bot.tickets.overtaken import overtake
from bot.tickets.recusal import Officer

CHAT, PERSON = "chat", "person"
FACTS_SHOWN = 300  # characters of what the customer wrote, where an answer begins with it
OWN_FIGURES = "figures of the case itself"  # what was paid back to one customer stands in no list of the bank's
KINDS = {"phone": "sms", "email": "mail"}
NO_COMPLAINT = frozenset({"complaint_provisional", "callback_late"})  # they name no complaint: no remedies
Reach = Callable[[Tx, Conversation], Recipient | None]


def topics(phrase: str) -> tuple[str, ...]:
    """What a line of the bank's own is about, for the texts that must stand with it."""
    return () if phrase in NO_COMPLAINT else ("complaint",)


class Telling:
    def __init__(self, conversations: Conversations, notices: Notices, vault: Vault, clockwork: Clockwork) -> None:
        self.conversations = conversations
        self.speech = conversations.speech
        self.notices = notices
        self.vault = vault
        self.clockwork = clockwork
        self.reach: Reach = lambda tx, conversation: None  # how a channel reaches who is not there now

    def phrase(self, tx: Tx, case: Case, phrase: str, at: datetime, *, key: str = "", **values: Any) -> str:
        """A line of the bank's own. Gives the way it went. `key` tells apart what is said more than once of a case."""
        utterance = self.speech.phrase(phrase, topics=topics(phrase), number=case.number, **values)
        return self._tell(tx, case, replace(utterance, case=case.shown()), at, SYSTEM, phrase, key, None, False)

    def by_notice(self, tx: Tx, case: Case, phrase: str, at: datetime, *, key: str, **values: Any) -> str:
        """The same, but never in the chat: only to the contact that the case was opened with."""
        utterance = self.speech.phrase(phrase, topics=("complaint",), number=case.number, **values)
        conversation = log.get(tx, case.conversation_id)
        return self._send(tx, case, conversation, self.speech.passed(tx, utterance, at).text, phrase, key, at)

    def words(
        self,
        tx: Tx,
        case: Case,
        text: str,
        officer: Officer,
        at: datetime,
        *,
        template: str,
        choices: tuple[Choice, ...] = (),
        override: str | None = None,
        confirmed: bool = False,
    ) -> str:
        """What an officer has written, under his name. Raises RefusedByGuard as at the desk."""
        utterance = Utterance(
            text,
            topics=("complaint",),
            choices=choices,
            case=case.shown(),
            quoted=(case.facts, case.facts[:FACTS_SHOWN]),
            internal={"by": officer.username, "case": case.number},
        )
        actor = Actor("agent", officer.name)
        verdict = self.speech.judge(tx, utterance, at, actor)
        if verdict.action == "complete" and verdict.completed_text:  # he typed parts; the warnings are ours
            utterance = replace(utterance, text=verdict.completed_text)
        if override is not None and (verdict.action == "refuse" or (verdict.action == "doubt" and not confirmed)):
            why = {"case": case.number, "reason": mask(clean(override)).text}
            audit(tx, at, officer.username, Action.OVERRIDDEN, f"conversation:{case.conversation_id}", why)
        if verdict.action == "refuse" and _only_figures(verdict):
            if not confirmed and override is None:
                raise RefusedByGuard(
                    rules=[found.rule for found in verdict.findings],
                    reasons=[found.reason for found in verdict.findings],
                    completed_text=verdict.completed_text,
                    confirmable=True,
                )
            override = override or OWN_FIGURES
        return self._tell(tx, case, utterance, at, actor, template, f"v{case.version}", override, confirmed)

    def in_chat(self, tx: Tx, conversation_id: str | None, phrase: str, **values: Any) -> None:
        """A line of the bank's own where no case is, while that chat is open."""
        conversation = log.get(tx, conversation_id, lock=True) if conversation_id else None
        if conversation is not None and conversation.state is not State.CLOSED:
            tell(self.conversations, tx, conversation, replace(self.speech.phrase(phrase, **values), kind="notice"))

    def _tell(
        self,
        tx: Tx,
        case: Case,
        utterance: Utterance,
        at: datetime,
        actor: Actor,
        template: str,
        key: str,
        override: str | None,
        confirmed: bool,
    ) -> str:
        conversation = log.get(tx, case.conversation_id, lock=True)
        overtake(tx, self.speech.knowledge, case, template, at)
        kept: Event | None = None
        if conversation.state is not State.CLOSED:
            said = replace(utterance, kind="notice" if actor is SYSTEM else "message")
            kept = tell(
                self.conversations, tx, conversation, said, actor, override_reason=override, confirmed=confirmed
            )
            way = CHAT
        else:
            passed = self.speech.passed(tx, utterance, at, actor, override_reason=override, confirmed=confirmed)
            way = self._send(tx, case, conversation, passed.text, template, key, at)
            if actor is not SYSTEM:
                kept = keep_told(self.conversations, tx, conversation, passed, actor, way)
        detail = {"what": template, "way": way, **_judged(kept)}
        store.add_event(tx, case.number, CaseEvent(at, actor.name or "system", "told", detail))
        return way

    def _send(
        self, tx: Tx, case: Case, conversation: Conversation, text: str, template: str, key: str, at: datetime
    ) -> str:
        to = self.recipient(tx, case, conversation, at)
        if to is not None and self.notices.available:
            about = {"case": case.number, "round": case.round, "text": text, "template": template}
            if self.notices.put(tx, f"case/{case.number}/{case.round}/{template}/{key}", to, template, text, about):
                return to.kind  # else something went out under this key before, and this has not
        self.person_tells(tx, case, text, template, key, at)
        return PERSON

    def person_tells(self, tx: Tx, case: Case, text: str, template: str, key: str, at: datetime) -> None:
        """No way but a person's: a task for the owner, with the words."""
        self.clockwork.task(
            tx,
            "tell",
            f"{case.number}/{case.round}/tell/{template}/{key}",
            at,
            case=case,
            person=case.owner_user,
            text=text,
            detail={"what": template},
        )

    def readdress(self, tx: Tx, case: Case, at: datetime) -> None:
        """His contact is another than before: what is on its way to the former one goes there."""
        to = self._contact(tx, case.contact, case.number, at)
        if to is not None:
            self.notices.readdress(tx, f"case/{case.number}/", to)

    def recipient(self, tx: Tx, case: Case, conversation: Conversation, at: datetime) -> Recipient | None:
        """How he is reached outside a chat: what he left for this case, else what his channel knows."""
        return self._contact(tx, case.contact, case.number, at) or self.reach(tx, conversation)

    def _contact(self, tx: Tx, contact: Contact | None, number: str, at: datetime) -> Recipient | None:
        """The customer's own number, read for this purpose and on record."""
        if contact is None or contact.ref is None:
            return None
        ref = self.vault.ref(tx, contact.ref)
        if ref is None or ref.kind not in KINDS:
            return None
        try:
            return Recipient(KINDS[ref.kind], self.vault.reveal(tx, ref.id, "system", f"notice of {number}", at))  # type: ignore[arg-type]
        except Destroyed:
            return None


def _judged(kept: Event | None) -> dict[str, Any]:
    """Where it stands in the log, and what a person answered for against the guard: why, and against which rules."""
    if kept is None:
        return {}
    internal = kept.payload.get("internal") or {}
    found: dict[str, Any] = {"message": f"{kept.conversation_id}:{kept.seq}"}
    if "override" in internal:
        found["override"] = internal["override"]["reason"]
    elif "confirmed" in internal:
        found["confirmed"] = True
    else:
        return found
    return {**found, "against": [one for one in internal["findings"] if not _lacking(one["rule"])]}


def _only_figures(verdict: Verdict) -> bool:
    """Nothing is wrong but a figure that the bank has not published; warnings that are missing are put in."""
    return {found.rule for found in verdict.findings if not _lacking(found.rule)} == {"figure"}


def _lacking(rule: str) -> bool:
    """A warning that the house puts in by itself: nobody goes against that."""
    return rule.startswith("missing:")
