"""Every operation of the API: who may call it, what it takes, what it answers.

The sign-in of each call asks this table for the right that it needs, and the API's description is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sanic import Request

from bot.channels import survey, web
from bot.console import bodies, case_bodies, tool_bodies
from bot.desk.rights import Act
from bot.errors import Forbidden
from bot.http import Body
from bot.tickets.listing import Filter

_IN_PATH = re.compile(r"<(\w+):\w+>")


@dataclass(frozen=True)
class Operation:
    """`act`: the right that a member of staff needs; None where no session of the desk is asked for.

    `query`: names of parameters; `bodies`: the last part of the path -> its body, for one route with many acts.
    """

    method: str
    path: str
    act: Act | None
    summary: str
    body: type[Body] | None = None
    status: int = 200
    query: tuple[str, ...] = ()
    keyed: bool = False  # needs the header Idempotency-Key
    media: str = "application/json"  # of its answer
    takes: str = "application/json"
    open: bool = False  # for everybody, without any token
    bodies: Mapping[str, type[Body]] = field(default_factory=dict)


def _chat(method: str, path: str, summary: str, body: type[Body] | None = None, **more: Any) -> Operation:
    return Operation(method, f"/api/chat{path}", None, summary, body, **more)


def _desk(
    method: str, path: str, act: Act | None, summary: str, body: type[Body] | None = None, **more: Any
) -> Operation:
    return Operation(method, f"/api/desk{path}", act, summary, body, **more)


_TALK = "/conversations/{conversation_id}"
_PERSON = "/people/{username}"
_PAGE = ("after", "limit")
_CASE = "/tickets/{number}"
_VISITS = ("day", "hour", "reason", "mood", "agent", "breached", *_PAGE)
_FILTER = tuple(vars(Filter()))
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/api/openapi.json", None, "This description", open=True),
    _chat("GET", "/page", "What the widget shows in the bank's words", open=True),
    _chat("POST", "/conversations", "Begin one; gives its token", web.NewConversation, status=201, open=True),
    _chat("POST", "/messages", "Say something, or press a choice", web.NewMessage, status=202, keyed=True),
    _chat("POST", "/bind", "Bind the conversation to a customer of another channel", web.Bind),
    _chat("POST", "/typing", "The customer is typing", status=202),
    _chat("GET", "/events", "What was said: a page, a long poll, or a stream", query=("after", "wait")),
    Operation("GET", "/api/survey", None, "The question that a survey's link opens"),
    Operation("POST", "/api/survey/answers", None, "Answer it", survey.NewAnswer),
    _desk("POST", "/session", None, "Sign in", bodies.SignIn, open=True),
    _desk("GET", "/session", Act.DESK, "Who is signed in, and what he may do"),
    _desk("DELETE", "/session", Act.DESK, "Sign out"),
    _desk("POST", "/presence", Act.DESK, "Be ready for customers, or not", bodies.Presence),
    _desk("GET", "/page", Act.DESK, "What the console shows in the bank's words"),
    _desk("GET", "/scripts", Act.DESK, "Approved scripts by a word or for a customer", query=("q", "conversation")),
    _desk("GET", "/replies", Act.DESK, "Quick replies in this agent's name"),
    _desk("GET", "/news", Act.DESK, "What changed today in what the bank says"),
    _desk("POST", "/news/seen", Act.DESK, "The receipt of who has read it", tool_bodies.Seen),
    _desk("GET", "/colleagues", Act.DESK, "Who else is there now"),
    _desk("GET", "/events", Act.DESK, "The desk as it changes", query=("watch",), media="text/event-stream"),
    _desk("GET", "/conversations", Act.DESK, "Who waits, and one's own", query=("state", "queue", *_PAGE)),
    _desk("GET", _TALK, Act.DESK, "One conversation with its handover package"),
    _desk("GET", _TALK + "/history/{other}", Act.DESK, "One of the customer's earlier ones; goes on record"),
    _desk("GET", _TALK + "/media/{seq}", Act.DESK, "What the customer sent there", media="application/octet-stream"),
    _desk("POST", _TALK + "/claim", Act.SERVE, "Take who waits, or accept an offer", bodies.Epoch),
    _desk("POST", _TALK + "/decline", Act.SERVE, "Decline an offer", bodies.Decline),
    _desk("POST", _TALK + "/messages", Act.SERVE, "Say something to him", bodies.Message, status=202, keyed=True),
    _desk("POST", _TALK + "/messages/{seq}/recall", Act.SERVE, "Take a message back", bodies.Epoch),
    _desk("POST", _TALK + "/check", Act.SERVE, "What the guard would say; nothing is sent", tool_bodies.Draft),
    _desk("GET", _TALK + "/marks", Act.DESK, "Notes and tags of colleagues"),
    _desk("POST", _TALK + "/marks", Act.DESK, "Note something, put a tag on, take one off", tool_bodies.Mark),
    _desk("POST", _TALK + "/wrapup", Act.SERVE, "End the conversation, or put its form right", tool_bodies.WrapUp),
    _desk("POST", _TALK + "/return", Act.SERVE, "Back to the assistant", bodies.Epoch),
    _desk("POST", _TALK + "/transfer", Act.SERVE, "Back to the queue for somebody else", bodies.Transfer),
    _desk("POST", _TALK + "/takeover", Act.TAKE_OVER, "Take what a colleague holds", bodies.TakeOver),
    _desk("POST", _TALK + "/close", Act.SERVE, "End the conversation", bodies.Close),
    _desk("POST", "/session/password", Act.DESK, "Change one's own password; other sessions end", bodies.OwnPassword),
    _desk("GET", "/sessions", Act.DESK, "Where one is signed in"),
    _desk("DELETE", "/sessions/{session_id}", Act.DESK, "End one of one's own sessions"),
    _desk("GET", "/wall", Act.WALL, "How the whole desk stands now"),
    _desk("GET", "/wall/day", Act.WALL, "A day in figures, hour by hour", query=("day",)),
    _desk("GET", "/wall/entries", Act.WALL, "The visits behind a figure", query=_VISITS),
    _desk("GET", "/people", Act.SKILLS, "Who works here, with roles, skills and presence"),
    _desk("POST", "/people", Act.PEOPLE, "Make an account", bodies.Account, status=201),
    _desk("GET", _PERSON, Act.SKILLS, "One account"),
    _desk("PATCH", _PERSON, Act.SKILLS, "Skills and limit; name and roles for admins", bodies.AccountChange),
    _desk("POST", _PERSON + "/password", Act.PEOPLE, "A new password; his sessions end", bodies.NewPassword),
    _desk("POST", _PERSON + "/disable", Act.PEOPLE, "His sessions end, his customers wait", case_bodies.Nothing),
    _desk("POST", _PERSON + "/enable", Act.PEOPLE, "He may sign in again", case_bodies.Nothing),
    _desk("POST", _PERSON + "/unlock", Act.PEOPLE, "Forgive wrong passwords", case_bodies.Nothing),
    _desk("GET", _PERSON + "/sessions", Act.PEOPLE, "Where he is signed in"),
    _desk("DELETE", _PERSON + "/sessions/{session_id}", Act.PEOPLE, "End one of his sessions"),
    _desk("GET", "/audit", Act.AUDIT, "Who did what, newest first", query=("actor", "subject", "action", *_PAGE)),
    _desk("GET", "/tickets", Act.DESK, "Cases, by page", query=_FILTER),
    _desk("POST", "/tickets", Act.DESK, "Enter a complaint", case_bodies.Entered, status=201, keyed=True),
    _desk("GET", "/tickets/export", Act.DESK, "Cases as a table", query=_FILTER, media="text/csv"),
    _desk("GET", "/tickets/options", Act.DESK, "What the forms offer"),
    _desk("GET", "/tickets/prefill", Act.DESK, "A form filled from a conversation", query=("conversation_id",)),
    _desk("GET", _CASE, Act.DESK, "One case with its clocks and what may be done"),
    _desk("POST", _CASE + "/contact", Act.DESK, "How to reach the customer; goes on record", case_bodies.Nothing),
    _desk("POST", _CASE + "/files", Act.DESK, "Add a file", status=201, takes="multipart/form-data"),
    _desk("GET", _CASE + "/files/{id_}", Act.DESK, "One file", media="application/octet-stream"),
    _desk("POST", _CASE + "/{name}", Act.DESK, "One act on a case", bodies=case_bodies.ACTS),
    _desk("GET", "/tasks", Act.DESK, "What is to be done by a date", query=("state", "owner", *_PAGE)),
    _desk("POST", "/tasks", Act.DESK, "Promise something to a customer", case_bodies.PromiseMade, status=201),
    _desk("POST", "/tasks/{id_}/take", Act.DESK, "Take a task", case_bodies.Nothing),
    _desk("POST", "/tasks/{id_}/done", Act.DESK, "A task is done", case_bodies.TaskDone),
    _desk("GET", "/alerts", Act.DESK, "What one must know", query=_PAGE),
    _desk("POST", "/alerts/{id_}/seen", Act.DESK, "An alert has been read", case_bodies.Nothing),
    Operation("POST", "/api/tickets", None, "A system's complaint", case_bodies.Entered, status=201, keyed=True),
    Operation("GET", "/api/tickets/{number}", None, "How a complaint stands"),
)  # fmt: skip
_BY_ROUTE = {(one.method, one.path): one for one in OPERATIONS}


@cache
def path_of(route: str) -> str:
    """The router's own form of a path in the description's: `api/x/<id:str>` -> `/api/x/{id}`."""
    return "/" + _IN_PATH.sub(r"{\1}", route.strip("/"))


def needed(request: Request) -> Act:
    """The right that this call needs. Raises Forbidden for what the table does not give to anybody."""
    route = path_of(request.route.path) if request.route else ""
    known = _BY_ROUTE.get((request.method, route))
    if known is None or known.act is None:
        raise Forbidden(f"bot/console/operations.py says nobody may {request.method} {route}")
    return known.act
