"""One customer message made fit to be kept: checked, masked, its values in the vault, the event in the log."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.conversation import callback, store
from bot.conversation.model import BOT_SPEAKS, CUSTOMER, SYSTEM, Conversation, Event, Heard, Reserved
from bot.conversation.speech import Speech
from bot.conversation.survey.asking import ENDED
from bot.conversation.survey.steps import label, pressed
from bot.db import Tx, dumps
from bot.errors import InvalidInput
from bot.privacy.vault import PersonalRef, Vault
from bot.text.choosing import chosen
from bot.text.mask import Masked, mask
from bot.text.normalise import clean

MAX_CHARS = 1000
NAMED = ("complaint:request", "complaint:contact")  # steps at which a name may stand beside a number


@dataclass(frozen=True)
class Kept:
    """`answered`: the message is dealt with already (a number for the callback needs no turn). `text` as written, but
    for personal data; empty for a choice."""

    conversation: Conversation
    seq: int
    answered: bool
    text: str = ""


class Intake:
    def __init__(self, speech: Speech, vault: Vault, secret: bytes) -> None:
        self.speech = speech
        self.knowledge = speech.knowledge
        self.vault = vault
        self._secret = secret

    def fingerprint(self, body: Mapping[str, Any]) -> str:
        """Tells whether a repeated key carries the same body, without keeping the body."""
        return hmac.new(self._secret, dumps(body).encode(), hashlib.sha256).hexdigest()

    def body(self, text: str | None, choice: str | None) -> dict[str, str]:
        """{"text"} or {"choice"}, cleaned. Raises InvalidInput."""
        if (text is None) == (choice is None):
            raise InvalidInput("a message is either text or choice", field="text")
        if choice is not None:
            self._known(choice)
            return {"choice": choice}
        text = clean(text or "").strip()
        if not text:
            raise InvalidInput("empty text", phrase="empty", field="text")
        if len(text) > MAX_CHARS:
            raise InvalidInput("text too long", phrase="too_long", values={"limit": str(MAX_CHARS)}, field="text")
        return {"text": text}

    def meant(self, tx: Tx, conversation: Conversation, body: dict[str, str]) -> dict[str, str]:
        """A number or the words of a choice that was just shown are that choice; the text stays as it was typed."""
        if "text" not in body or conversation.state not in BOT_SPEAKS | ENDED:
            return body
        last = next((e for e in reversed(store.read(tx, conversation.id)) if e.actor.kind != "customer"), None)
        if conversation.state in ENDED and (last is None or last.kind != "survey"):
            return body
        shown = [(one["id"], one["label"]) for one in (last.payload.get("choices") or () if last else ())]
        choice = chosen(body["text"], shown)
        if choice is None or choice == Reserved.HUMAN.value:  # who asks in words is heard in words, also in a form
            return body
        return {**body, "choice": choice}

    def keep(
        self,
        tx: Tx,
        conversation: Conversation,
        now: datetime,
        key: str,
        fingerprint: str,
        beside: Mapping[str, Any],
        **body: str,
    ) -> Kept:
        """Personal data to tokens, values for a purpose to the vault, the event to the log: one commit.

        `beside` is what only we are to see of it, such as the stop in which it came.
        """
        internal: dict[str, Any] = {"fingerprint": fingerprint, **beside}
        masked = Masked("", (), False)
        refs: tuple[PersonalRef, ...] = ()
        if "text" in body:
            names = conversation.flow in NAMED or callback.listens(conversation)
            masked = mask(body["text"], names=names)
            kept = [found for found in masked.found if found.kind in ("phone", "email", "name")]
            refs = self.vault.keep(tx, conversation.id, conversation.last_seq + 1, kept, now)
            if refs:
                internal["personal"] = [ref.to_json() for ref in refs]
        text = masked.text if "text" in body else self._choice_label(tx, conversation, body["choice"])
        conversation, event = store.append(
            tx,
            conversation,
            kind="message",
            actor=CUSTOMER,
            at=now,
            key=key,
            payload={"text": text, "choice": body.get("choice"), "internal": internal},
        )
        if masked.secrets:  # passwords and codes are never stored, and the customer is told so (L12)
            warning = replace(self.speech.phrase("secret_warning"), kind="notice")
            conversation, _ = self.speech.say(tx, conversation, now, warning, actor=SYSTEM)
        if callback.listens(conversation) and callback.reaches(refs):
            return self._keep_for_callback(tx, conversation, event, refs, now)
        return Kept(conversation, event.seq, False, masked.text)

    def hear(
        self, tx: Tx, conversation: Conversation, now: datetime, key: str, heard: Heard, beside: Mapping[str, Any]
    ) -> tuple[Conversation, int]:
        """What is no text, under the name that the bank gives it."""
        name, _ = self.knowledge.phrase(heard.name, **heard.name_values)
        internal: dict[str, Any] = {"heard": heard.name, **beside}
        if heard.media is not None:
            internal["media_ref"] = heard.media["ref"]
        conversation, event = store.append(
            tx,
            conversation,
            kind="message",
            actor=CUSTOMER,
            at=now,
            key=key,
            payload={
                "text": mask(name).text,
                "media": {"kind": heard.media["kind"]} if heard.media is not None else None,
                "internal": internal,
            },
        )
        return conversation, event.seq

    def _keep_for_callback(
        self, tx: Tx, conversation: Conversation, event: Event, refs: Sequence[PersonalRef], now: datetime
    ) -> Kept:
        """The customer reads which number was noted, so that he can correct it; all else he says gets its turn."""
        for ref in refs:
            self.vault.mark_used(tx, ref.id, callback.PURPOSE)
        shown = "、".join(ref.token for ref in callback.reaches(refs))
        noted = self.speech.phrase("callback_contact", contact=shown)
        if callback.nothing_else(event.payload["text"], [ref.token for ref in refs]):
            noted = replace(noted, internal={**noted.internal, "replying_to": event.seq})
            return Kept(self.speech.say(tx, conversation, now, noted)[0], event.seq, True)
        noted = replace(noted, kind="notice")
        return Kept(
            self.speech.say(tx, conversation, now, noted, actor=SYSTEM)[0], event.seq, False, event.payload["text"]
        )

    def _choice_label(self, tx: Tx, conversation: Conversation, choice: str) -> str:
        """What the button said when it was last shown."""
        for event in reversed(store.read(tx, conversation.id)):
            for shown in event.payload.get("choices") or ():
                if shown["id"] == choice:
                    return str(shown["label"])
        self._known(choice)  # once more: what the bank says may have been exchanged meanwhile
        script = self.knowledge.scripts.get(choice)
        if script is not None:
            return script.title
        return label(self.knowledge.survey, choice) or self.knowledge.phrase("choice_" + choice)[0]

    def _known(self, choice: str) -> None:
        known = choice in {r.value for r in Reserved} or choice in self.knowledge.scripts
        if not known and pressed(self.knowledge.survey, choice) is None:
            raise InvalidInput("no such choice", phrase="problem_no_such_choice", field="choice")
