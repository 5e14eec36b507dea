"""What comes in from WeChat: who it is, which conversation it belongs to, what it means there.

One delivery of the platform is taken once, however often it comes; a retry after a crash finds what was done.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from bot.channels.links import Links
from bot.channels.wechat import outgoing, store
from bot.channels.wechat.delivery import MENU_STEP
from bot.channels.wechat.messages import Inbound
from bot.channels.wechat.outbox import UNSUBSCRIBED, Outbox
from bot.channels.wechat.outgoing import Delivery
from bot.channels.wechat.store import Answer, Customer, Received
from bot.conversation import store as log_store
from bot.conversation.model import Conversation, Heard, Reserved, State
from bot.conversation.service import ConversationClosed, Conversations
from bot.db import Tx
from bot.errors import InvalidInput, KeyReused, TooManyRequests
from bot.knowledge.places import nearest
from bot.ratelimit import Rate, RateLimiter
from bot.text.choosing import chosen
from bot.text.mask import mask

log = logging.getLogger(__name__)

MESSAGES = Rate(burst=12, per_minute=30)  # as in the web channel
WARNINGS = Rate(burst=1, per_minute=1)
WEB_MENU = "web"  # a menu's key: go on in the web page
ACTIONS = ("subscribe", "scan", "click")  # events that open the platform's short window
MEDIA = {  # message type -> what it is called at the desk, and in the log
    "image": ("image", "heard_picture"),
    "voice": ("voice", "heard_voice"),
    "video": ("video", "heard_video"),
    "shortvideo": ("video", "heard_video"),
    "file": ("file", "heard_file"),
}


@dataclass(frozen=True)
class Meant:
    """What a delivery means in a conversation: words, a choice, or something heard. None of them: nothing to do."""

    text: str | None = None
    choice: str | None = None
    heard: Heard | None = None
    context: Mapping[str, str] | None = None
    starts: bool = False  # opens a conversation where there is none


class Reception:
    def __init__(
        self, conversations: Conversations, outbox: Outbox, links: Links, secret: bytes, reply_within: timedelta
    ) -> None:
        self.conversations = conversations
        self.knowledge = conversations.knowledge
        self.db = conversations.db
        self.clock = conversations.clock
        self.outbox = outbox
        self.links = links
        self.reply_within = reply_within
        self.limiter = RateLimiter(self.clock)
        self._secret = hmac.new(secret, b"wechat", hashlib.sha256).digest()

    def take(self, inbound: Inbound) -> Received:
        """Everything up to the message in the log, committed; the assistant's turn runs on its own."""
        received, meant = self._enter(inbound)
        if received.seq is None and received.state in (Answer.OPEN, Answer.API):
            return self._pass_on(received, meant)  # also what a process took and died of
        return received

    def customer_id(self, openid: str) -> str:
        """The name under which a customer is known outside this channel."""
        return hmac.new(self._secret, openid.encode(), hashlib.sha256).hexdigest()[:32]

    # who and where

    def _enter(self, inbound: Inbound) -> tuple[Received, Meant]:
        now = self.clock.now()
        key = hmac.new(self._secret, inbound.key.encode(), hashlib.sha256).hexdigest()
        with self.db.transaction() as tx:
            customer = store.enter(tx, self.customer_id(inbound.openid), inbound.openid, inbound.account)
            if store.is_received(tx, key):
                before = store.received(tx, key, lock=True)
                store.change_received(tx, key, deliveries=before.deliveries + 1)
                return before, self._meant(tx, customer, inbound)
            customer = self._arrived(tx, customer, inbound, now)
            meant = self._within_limits(customer.id, self._meant(tx, customer, inbound))
            conversation_id = self._conversation(tx, customer, meant)
            nothing = conversation_id is None or meant == Meant()
            state = Answer.SILENT if nothing else Answer.OPEN
            answer_by = now + self.reply_within
            received = Received(key, customer.id, conversation_id, None, state, None, now, answer_by, 1, False)
            store.receive(tx, received)
            return received, meant

    def _arrived(self, tx: Tx, customer: Customer, inbound: Inbound, now: datetime) -> Customer:
        """What every arrival changes, whatever it says: windows, subscription, what waited for the customer."""
        at = datetime.fromtimestamp(min(now.timestamp(), inbound.created or now.timestamp()), timezone.utc)
        on_their_way = len(outgoing.waiting(tx, customer.id, [Delivery.SENDING]))
        if inbound.event in ACTIONS or inbound.menu_id:
            quota = customer.quota.after_action(at, on_their_way)
            customer = replace(customer, quota=quota, subscribed=True)
        elif inbound.kind != "event":
            customer = replace(customer, quota=customer.quota.after_message(at, on_their_way), subscribed=True)
        elif inbound.event == "unsubscribe":
            customer = replace(customer, subscribed=False)
            self.outbox.drop(tx, customer.id, now, UNSUBSCRIBED)
        store.save_customer(tx, customer)
        if customer.quota.left(now):
            self.outbox.release(tx, customer.id, now)
        return customer

    def _conversation(self, tx: Tx, customer: Customer, meant: Meant) -> str | None:
        """The customer's open conversation, or a new one that names the former; what the survey asked for goes to the
        one that ended."""
        if customer.conversation_id is not None:
            current = log_store.get(tx, customer.conversation_id)
            surveys = self.conversations.handoff.surveys
            if current.state is not State.CLOSED or surveys.takes(
                tx, current, meant.text, meant.choice, self.clock.now()
            ):
                return current.id
        return self._start(tx, customer, meant).id if meant.starts else None

    def _open(self, tx: Tx, customer: Customer) -> bool:
        current = customer.conversation_id
        return current is not None and log_store.get(tx, current).state is not State.CLOSED

    def _start(self, tx: Tx, customer: Customer, meant: Meant) -> Conversation:
        self.outbox.collect(tx, customer)  # the last words of the former one
        made = self.conversations.start_in(
            tx, "wechat", former_id=customer.conversation_id, customer_id=customer.id, context=meant.context
        )
        customer = store.customer(tx, customer.id)
        store.save_customer(tx, replace(customer, conversation_id=made.id, told_seq=0))
        return made

    # what it means

    def _meant(self, tx: Tx, customer: Customer, inbound: Inbound) -> Meant:
        kind = inbound.kind
        if kind == "text" or (kind == "voice" and inbound.text.strip()):
            choice = self._choice(tx, customer, inbound)
            return Meant(choice=choice, starts=True) if choice else Meant(text=inbound.text, starts=True)
        if kind == "link":
            return Meant(text="\n".join(filter(None, (inbound.title, inbound.description))) or " ", starts=True)
        if kind == "event":
            return self._event(tx, inbound, customer)
        return Meant(heard=self._heard(inbound), starts=True)

    def _choice(self, tx: Tx, customer: Customer, inbound: Inbound) -> str | None:
        """A line of a menu, or the number of a choice in the last message that he got."""
        if inbound.menu_id.isdecimal() and len(inbound.menu_id) <= 18:
            number, place = divmod(int(inbound.menu_id), MENU_STEP)
            out = outgoing.find(tx, number)
            if out is not None and out.customer_id == customer.id and 1 <= place <= len(out.choices):
                return out.choices[place - 1][0]
        return chosen(inbound.text, customer.choices)

    def _event(self, tx: Tx, inbound: Inbound, customer: Customer) -> Meant:
        if inbound.event == "unsubscribe":
            return Meant(heard=Heard("heard_unsubscribe"))
        if inbound.event in ("subscribe", "scan") and inbound.event_key:
            heard = self._scene(inbound.event_key)
            return Meant(heard=heard, context=heard.context, starts=True)
        if inbound.event == "subscribe":
            answer = "welcome" if self._open(tx, customer) else None  # a new one begins with it
            return Meant(heard=Heard("heard_subscribe", answer=answer), starts=True)
        if inbound.event == "click":
            return self._menu(inbound.event_key, customer)
        return Meant()  # VIEW opens a page by itself; LOCATION would tell where he is, which we need not know

    def _menu(self, key: str, customer: Customer) -> Meant:
        """A menu's key is a choice: a script's id, or one of the reserved ones."""
        if key in self.knowledge.scripts or key in {reserved.value for reserved in Reserved}:
            return Meant(choice=key, starts=True)
        if key == WEB_MENU:
            url = self.links.url(customer.id)
            answer, values = ("web_link", {"url": url}) if url else ("web_link_off", {})
            return Meant(heard=Heard("heard_menu", answer=answer, values=values), starts=True)
        log.warning("the menu's key %r is no script and no choice", key[:40])
        return Meant(heard=Heard("heard_menu", answer="menu_unknown"), starts=True)

    def _scene(self, scene: str) -> Heard:
        """The code that was scanned: `branch_ID`, or a campaign by its name."""
        branch = self.knowledge.branches.get(scene.removeprefix("branch_"))
        if branch is not None:
            values = {"name": branch.name, "address": branch.address, "open": branch.hours, "weekend": branch.weekend}
            context = {"branch": branch.id}
            return Heard("heard_scan", {"scene": branch.name}, "scan_branch", values, context=context)
        name = mask(scene.removeprefix("campaign_")[:60]).text
        return Heard("heard_scan", {"scene": name}, "scan_campaign", context={"campaign": name})

    def _heard(self, inbound: Inbound) -> Heard:
        if inbound.kind == "location" and inbound.latitude is not None and inbound.longitude is not None:
            found = nearest(self.knowledge.branches.values(), inbound.latitude, inbound.longitude)
            if found is None:
                return Heard("heard_location", answer="nearest_branch_unknown")
            branch, away = found
            values = {"name": branch.name, "distance": f"{away:.1f}", "address": branch.address}
            values |= {"open": branch.hours, "weekend": branch.weekend, "phone": branch.phone}
            return Heard("heard_location", answer="nearest_branch", values=values)
        if inbound.kind not in MEDIA:
            return Heard("heard_unknown", answer="unknown_kind")
        kind, name = MEDIA[inbound.kind]
        media = {"kind": kind, "ref": inbound.media_id}
        if kind == "voice":
            return Heard(name, answer="voice_unreadable", media=media)
        return Heard(name, answer="media_received", reason="media", media=media)

    # into the conversation

    def _pass_on(self, received: Received, meant: Meant) -> Received:
        """The message into the log, under the delivery's key: again after a crash it finds itself."""
        try:
            seq = self._say(received, meant)
        except ConversationClosed:  # it ended in this moment
            received = self._again(received, meant)
            seq = self._say(received, meant) if received.conversation_id else None
        with self.db.transaction() as tx:
            kept = store.received(tx, received.id, lock=True)
            if kept.seq is None and kept.state in (Answer.OPEN, Answer.API):  # a copy may have been faster
                state = kept.state if seq is not None else Answer.SILENT
                values = {"seq": seq, "conversation_id": received.conversation_id}
                store.change_received(tx, received.id, state=state.value, **values)
            return store.received(tx, received.id)

    def _within_limits(self, customer_id: str, meant: Meant) -> Meant:
        """A flood is not taken, and the customer is told so once a minute."""
        try:
            self.limiter.take("messages", customer_id, MESSAGES)
            return meant
        except TooManyRequests:
            log.warning("a message of %s was not taken: too many", customer_id)
        try:
            self.limiter.take("warnings", customer_id, WARNINGS)
        except TooManyRequests:
            return Meant()
        return Meant(heard=Heard("heard_too_fast", answer="too_fast"), starts=True)

    def _say(self, received: Received, meant: Meant) -> int | None:
        conversation_id, key = str(received.conversation_id), "wx-" + received.id
        if meant.heard is not None:
            return self.conversations.hear(conversation_id, key, meant.heard)
        try:
            return self.conversations.receive(conversation_id, key, text=meant.text, choice=meant.choice)
        except KeyReused:  # passed on before a crash, when its number meant another choice
            with self.db.transaction() as tx:
                earlier = log_store.by_key(tx, conversation_id, key)
            return earlier.seq if earlier is not None else None
        except InvalidInput as error:
            known = error.phrase == "too_long"
            heard = Heard("heard_too_long" if known else "heard_unknown", answer="too_long" if known else "empty")
            return self.conversations.hear(conversation_id, key, replace(heard, values=error.values))

    def _again(self, received: Received, meant: Meant) -> Received:
        with self.db.transaction() as tx:
            customer = store.customer(tx, received.customer_id, lock=True)
            return replace(received, conversation_id=self._conversation(tx, customer, meant))
