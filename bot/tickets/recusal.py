"""Who must have nothing to do with a case: the person complained about never gets, sees or closes it (L1). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import Enum

from bot.conversation.model import Event
from bot.errors import Conflict, InvalidInput
from bot.knowledge.complaints import MeantWords
from bot.text.normalise import normalise
from bot.tickets.model import Case, Kind

HEADS = frozenset({"supervisor", "quality", "head"})  # roles that see every case which is not about them
HANDLER = "complaints"  # 投诉处理组: takes cases that nobody has yet
_YOU = r"[你您](?!们|家|行|好|银行)"
_THEM = r"[他她](?!们|行)"
_BADGE = re.compile(
    r"工号(?:是|为)?[\s:#(\"']*([a-z0-9]+)|(?<![a-z0-9])([a-z0-9]+)号(?:客服|坐席|座席|柜员|接线员|工作人员)"
)


@dataclass(frozen=True)
class Officer:
    """A member of the bank's staff who looks at cases or works on them."""

    username: str
    name: str
    roles: tuple[str, ...] = ()

    @property
    def heads(self) -> bool:
        return bool(HEADS.intersection(self.roles))

    @property
    def leads(self) -> bool:
        """Stands above those who work on cases, and may do what they may."""
        return self.has("supervisor", "head")

    def has(self, *roles: str) -> bool:
        return bool(set(roles).intersection(self.roles))


class Meant(Enum):
    """Is a complaint about somebody who talked with the customer?"""

    HERE = "here"
    UNSURE = "unsure"
    OTHERS = "others"


def meant(facts: str, manner: bool, words: MeantWords) -> Meant:
    """`manner`: it is about how somebody behaved; then less is needed to mean one who is here. Of a third person is
    said what stands after his name: 柜员骂我，我要投诉他 is about the counter, 他骂我 about the voice on the phone.
    What follows means one who is here only where it says what he did: 柜员让我等，客服骂我."""
    text = normalise(facts)
    away = min((place for word in words.elsewhere if (place := text.find(normalise(word))) >= 0), default=len(text))
    before, after = (re.sub(_any(words.nobody), "", part) for part in (text[:away], text[away:]))
    here, met = _any(words.here), _any(words.met)
    did = f"{_done_by(_YOU, words)}|{_done_by(here, words)}"
    if re.search(here, before) or re.search(did, before) or re.search(did, after):
        return Meant.HERE
    pointed = re.search(f"{met}|{_any(words.pointing)}|{_done_by(_THEM, words)}", before)
    if away == len(text):
        return Meant.HERE if pointed else Meant.UNSURE if manner else Meant.OTHERS
    service = manner and re.search(here, text[:away])  # 打客服热线，对方骂我
    return Meant.UNSURE if pointed or service or re.search(f"{here}|{met}", after) else Meant.OTHERS


def _done_by(whom: str, words: MeantWords) -> str:
    """我要投诉你, 他刚才骂我; not 您好，柜员态度差, nor 跟你说柜员骂我."""
    return rf"(?:投诉|举报){whom}|{whom}(?:(?!{_any(words.elsewhere)})[^\W_]){{0,6}}?{_any(words.deeds)}"


def _any(words: Sequence[str]) -> str:
    """As a pattern, the longest first; of no words one that matches nothing."""
    longest = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(normalise(word)) for word in longest) or '(?!)'})"


def accused(facts: str, officers: Mapping[str, str], spoke: Sequence[str], here: bool) -> tuple[str, ...]:
    """Usernames. `officers`: username -> name as customers see it; `spoke`: who talked with this customer before;
    `here`: somebody of them is meant.

    Whoever is named; and whoever talked with him, where one of those is meant. One too many is set free by a
    supervisor, one too few would judge his own case.
    """
    text = normalise(facts)
    badges = {number for found in _BADGE.findall(text) for number in found if number}
    named = [user for user, name in officers.items() if _named(normalise(user), normalise(name), text, badges)]
    return tuple(dict.fromkeys([*named, *(user for user in spoke if here and user in officers)]))


def _named(user: str, name: str, text: str, badges: Set[str]) -> bool:
    """By his name; by his username, which stands between Chinese characters as it likes; by the work number (工号) that
    is his username, or part of it or of his name. A bare number may be an amount, so it must be called a work number.
    """
    if name in text or not badges.isdisjoint([user, *re.findall(r"\d+", f"{user} {name}")]):
        return True
    return not user.isdecimal() and re.search(f"(?<![a-z0-9]){re.escape(user)}(?![a-z0-9])", text) is not None


def spoke_in(log: Collection[Event]) -> list[str]:
    """The officers who said something in these events. What has no words for the customer (`state`: entered,
    corrected) is not said."""
    said = [e for e in log if e.actor.kind == "agent" and e.kind != "state"]
    found = [(e.payload.get("internal") or {}).get("by") for e in said]
    return list(dict.fromkeys(str(user) for user in found if user))


def check_given(case: Case, to: str, staff: Collection[str], kept: Collection[str]) -> None:
    """Whom work on a case is given to; empty: to nobody yet. `kept`: from him. Raises InvalidInput, Conflict (the
    customer complains about him)."""
    if to and to not in staff:
        raise InvalidInput("no such officer", field="to")
    if case.conversation_id in kept:
        raise Conflict(phrase="problem_case_recused")


def may_see(
    officer: Officer, case: Case, kept: Collection[str], holder: str | None, helps: Collection[str] = ()
) -> bool:
    """`kept`: conversations that are kept from him, see `recused`; `holder`: who talks with that customer now;
    `helps`: who has a task in it."""
    if case.conversation_id in kept:
        return False
    if case.kind is Kind.CALLBACK or officer.heads or officer.username in (case.owner_user, holder, *helps):
        return True
    return case.owner_user is None and officer.has(HANDLER)


def may_work(officer: Officer, case: Case, holder: str | None) -> bool:
    """Do something to a case that he may see: its owner, who talks with that customer, those above them (000-58)."""
    if case.kind is Kind.CALLBACK or officer.leads:
        return True
    return officer.username in (case.owner_user, holder) or (case.owner_user is None and officer.has(HANDLER))
