"""Which acts there are on a case: in which of its states, and what only some roles may do."""

from __future__ import annotations

from collections.abc import Mapping

from bot.tickets.model import CaseState

S = CaseState
_BEFORE_END = (S.ACCEPTED, S.ASSIGNED, S.INVESTIGATING, S.PROPOSED, S.REOPENED)
LIVING = (S.NEW, *_BEFORE_END)
STATES: Mapping[str, tuple[CaseState, ...]] = {  # in which an act makes sense
    "take": (S.NEW, S.ACCEPTED, S.REOPENED),
    "accept": (S.NEW,),
    "assign": _BEFORE_END,
    "investigate": (S.ASSIGNED,),
    "respond": _BEFORE_END,
    "propose": (S.INVESTIGATING,),
    "agreed": (S.PROPOSED,),
    "resolve": (S.PROPOSED,),
    "told": (*_BEFORE_END, S.RESOLVED, S.CLOSED),
    "report": (S.RESOLVED, S.CLOSED),
    "close": (S.RESOLVED,),
    "withdraw": (*LIVING, S.RESOLVED),
    "appeal": (S.RESOLVED, S.CLOSED),
    "severity": LIVING,
    "classify": (*LIVING, S.RESOLVED, S.CLOSED),
    "correct": (*LIVING, S.RESOLVED, S.CLOSED),
    "repeat": (*LIVING, S.RESOLVED, S.CLOSED),
    "accused": (*LIVING, S.RESOLVED, S.CLOSED),
    "pause": _BEFORE_END,
    "resume": _BEFORE_END,
    "extend": LIVING,
    "quality": (*LIVING, S.RESOLVED, S.CLOSED),
    "note": (*LIVING, S.RESOLVED, S.CLOSED),
    "subtask": _BEFORE_END,
    "promise": (*LIVING, S.RESOLVED, S.CLOSED),
}
ROLES: Mapping[str, tuple[str, ...]] = {  # acts that not every owner may do
    "extend": ("supervisor", "head"),
    "quality": ("quality", "supervisor", "head"),
    "accused": ("supervisor", "head"),
}
QUALITY = ("quality", "note")  # what the quality department does to cases that it does not work on
CALLBACK = ("take", "done", "note")  # a promised call has no investigation and no result; it ends with the call
ASIDE = ("subtask", "improvement")  # tasks in which nobody speaks with the customer
HIS_WORDS: Mapping[str, tuple[str, ...]] = {  # what of an act the customer reads in the officer's own words
    "respond": ("analysis", "solution"),
    "propose": ("text",),
    "resolve": ("basics", "handling", "reasons"),
    "report": ("satisfaction", "improvement"),  # the rest of the result he has read
    "pause": ("reason",),
    "extend": ("reason",),
}
