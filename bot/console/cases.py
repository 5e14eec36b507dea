"""The agents' API for complaints and callbacks: lists, one case with its clocks, every act on it, what is entered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from bot.console import attachment
from bot.console.case_bodies import ACTS, Body, Correct, Entered, Nothing, Spoken, aware, entry_of
from bot.console.case_views import CaseViews
from bot.console.signed_in import SignedIn
from bot.conversation.model import Actor
from bot.conversation.speech import Utterance
from bot.desk.media import Media
from bot.desk.refusals import Refusals, was_asked
from bot.desk.staff import Staff
from bot.errors import Forbidden, InvalidInput, NotFound, RefusedByGuard
from bot.http import idempotency_key, parse, reply
from bot.text.mask import mask
from bot.text.normalise import clean
from bot.tickets.entering import Entering
from bot.tickets.export import as_csv
from bot.tickets.files import MAX_BYTES, Files
from bot.tickets.listing import MOST, Filter, search
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from

UPLOAD = MAX_BYTES + 64 * 1024  # the file, and what a form puts around it
EXPORTED = 10_000  # rows of a CSV


class Cases:
    """What an officer does with cases. Each deed and the check that he may stand in one transaction."""

    def __init__(self, entering: Entering, files: Files, staff: Staff) -> None:
        self.casework = entering.casework
        self.entering = entering
        self.files = files
        self.views = CaseViews(self.casework, staff)
        self._db = self.casework.db
        self._refusals = Refusals(self.casework.conversations)

    def listed(self, officer: Officer, asked: Filter) -> dict[str, Any]:
        with self._db.transaction() as tx:
            found, more = search(tx, officer, asked, self.casework.clock.now())
            return {"tickets": self.views.briefs(tx, officer, found), "next": more}

    def exported(self, officer: Officer, asked: Filter) -> bytes:
        return as_csv(officer, replace(asked, limit=MOST), self.casework, EXPORTED)

    def full(self, officer: Officer, number: str) -> dict[str, Any]:
        with self._db.transaction() as tx:
            case, _ = self.casework.seen(tx, officer, number)
            return self.views.full(tx, officer, case)

    def act(self, officer: Officer, number: str, name: str, body: Body) -> dict[str, Any]:
        values = body.dict()
        version = values.pop("version", None)
        if not isinstance(body, Spoken):
            said = values if isinstance(body, Correct) else _masked(values)  # that one keeps in the vault what it needs
            self.casework.act(officer, number, name, version, said)
            return self.full(officer, number) if name != "done" else {}
        values = _masked(values)
        how = {"override": values.pop("override"), "confirmed": values.pop("confirmed")}
        with self._db.transaction() as tx:
            case, _ = self.casework.seen(tx, officer, number)
        words = values or case.result or {}  # a report is made of the result
        with self.spoken(officer, case.conversation_id, f"{number} {name}", words, how):
            self.casework.act(officer, number, name, version, {**values, **how})
        return self.full(officer, number)

    @contextmanager
    def spoken(
        self, officer: Officer, conversation_id: str, about: str, words: Mapping[str, Any], how: dict[str, Any]
    ) -> Iterator[None]:
        """Around what goes to a customer, as in the chat: only these very words are confirmed that were refused before;
        a refusal is on record, and names the field. Raises Forbidden: an override without the role."""
        if how["override"] is not None and not officer.leads:
            raise Forbidden(phrase="problem_override_role")
        text = "\n".join((about, *(value for value in words.values() if isinstance(value, str))))
        with self._db.transaction() as tx:
            how["confirmed"] = how["confirmed"] and was_asked(tx, officer.username, conversation_id, text)
        try:
            with self._refusals.kept(officer.username, officer.name, conversation_id, text):
                yield
        except RefusedByGuard as refused:
            refused.extra["field"] = self._refused_field(officer, words)
            raise

    def _refused_field(self, officer: Officer, words: Mapping[str, Any]) -> str | None:
        """The message was made of several fields: the one that the guard minds."""
        speech, now, actor = self.casework.telling.speech, self.casework.clock.now(), Actor("agent", officer.name)
        with self._db.transaction() as tx:
            typed = ((name, Utterance(value)) for name, value in words.items() if isinstance(value, str))
            minded = (name for name, said in typed if speech.judge(tx, said, now, actor).action in ("refuse", "doubt"))
            return next(minded, None)

    def contact(self, officer: Officer, number: str) -> str | None:
        return self.casework.reveal_contact(officer, number)

    def enter(self, officer: Officer, key: str, body: Entered) -> dict[str, Any]:
        opened = self.entering.enter(entry_of(body), key, officer)
        why = self.casework.knowledge.phrase(f"case_linked_{opened.why}")[0] if opened.joined else ""
        with self._db.transaction() as tx:
            case = opened.case
            kept = case.conversation_id in kept_from(tx, officer.username)
            ticket = None if kept else self.views.full(tx, officer, case)
        return {"number": case.number, "joined": opened.joined, "why": why, "ticket": ticket}

    def prefill(self, officer: Officer, conversation_id: str) -> dict[str, Any]:
        with self._db.transaction() as tx:
            self.entering.check_talks(tx, officer, conversation_id)
            return self.entering.prefilled(tx, conversation_id)


def hidden(typed: str) -> str:
    """What officers type of a customer's data is not stored in the clear either."""
    return mask(clean(typed), names=True).text


def _masked(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, datetime):
            found[name] = aware(value)
        elif isinstance(value, str) and name not in ("to", "department", "severity", "how", "what"):
            found[name] = hidden(value)
        else:
            found[name] = value
    return found


def asked_for(request: Request) -> Filter:
    """The filter of the query. Raises InvalidInput that names the field."""
    given = {name: request.args.get(name, "") for name in vars(Filter()) if request.args.get(name)}
    choices = {
        "state": ("open", "ended", "all"),
        "kind": ("complaint", "callback"),
        "due": ("overdue", "today", "week"),
    }
    for name, allowed in choices.items():
        if name in given and given[name] not in allowed:
            raise InvalidInput(f"{name} is one of {', '.join(allowed)}", field=name)
    if any(len(value) > 100 or not value.isprintable() for value in given.values()):
        raise InvalidInput("too long, or not to be read", field="q")
    limit = given.pop("limit", "50")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit) <= MOST):
        raise InvalidInput(f"limit is 1 to {MOST}", field="limit")
    return Filter(**given, limit=int(limit))


def blueprint(cases: Cases, staff: Staff) -> Blueprint:
    api = Blueprint("desk-cases", url_prefix="/api/desk/tickets")
    officer = SignedIn(staff).officer

    @api.get("/")
    async def listed(request: Request) -> HTTPResponse:
        who = await officer(request)
        return reply(await asyncio.to_thread(cases.listed, who, asked_for(request)))

    @api.get("/export")
    async def export(request: Request) -> HTTPResponse:
        who = await officer(request)
        body = await asyncio.to_thread(cases.exported, who, asked_for(request))
        headers = {"Content-Disposition": 'attachment; filename="tickets.csv"', "Cache-Control": "no-store"}
        return raw(body, 200, headers, "text/csv; charset=utf-8")

    @api.get("/options")
    async def options(request: Request) -> HTTPResponse:
        await officer(request)

        def read() -> dict[str, Any]:
            with cases.casework.db.transaction() as tx:
                return cases.views.options(tx)

        return reply(await asyncio.to_thread(read))

    @api.get("/prefill")
    async def prefill(request: Request) -> HTTPResponse:
        who = await officer(request)
        return reply(await asyncio.to_thread(cases.prefill, who, (request.args.get("conversation_id") or "")[:64]))

    @api.post("/")
    async def enter(request: Request) -> HTTPResponse:
        who = await officer(request)
        key = idempotency_key(request)
        return reply(await asyncio.to_thread(cases.enter, who, key, parse(request, Entered)), 201)

    @api.get("/<number:str>")
    async def full(request: Request, number: str) -> HTTPResponse:
        who = await officer(request)
        return reply(await asyncio.to_thread(cases.full, who, number))

    @api.post("/<number:str>/contact")
    async def contact(request: Request, number: str) -> HTTPResponse:
        who = await officer(request)
        parse(request, Nothing)
        return reply({"contact": await asyncio.to_thread(cases.contact, who, number)})

    @api.post("/<number:str>/files", stream=True)
    async def put(request: Request, number: str) -> HTTPResponse:
        who = await officer(request)
        assert request.stream is not None
        request.stream.request_max_size = UPLOAD  # this one may be larger than other bodies
        await request.receive_body()
        sent = (request.files or {}).get("file")
        if isinstance(sent, list):
            sent = sent[0] if sent else None
        if sent is None:
            raise InvalidInput("a form with the field `file`", field="file")
        row = await asyncio.to_thread(cases.files.add, who, number, sent.name, sent.type, sent.body)
        return reply({"id": row.id, "name": row.name, "type": row.type, "size": row.size}, 201)

    @api.get("/<number:str>/files/<id_:int>")
    async def get(request: Request, number: str, id_: int) -> HTTPResponse:
        who = await officer(request)
        name, body = await asyncio.to_thread(cases.files.open, who, number, id_)
        return attachment.shown(Media(attachment.SAVED, body, name))

    @api.post("/<number:str>/<name:str>")
    async def act(request: Request, number: str, name: str) -> HTTPResponse:
        who = await officer(request)
        if name not in ACTS:
            raise NotFound("no such act")
        body = parse(request, ACTS[name])
        return reply(await asyncio.to_thread(cases.act, who, number, name, body))

    return api
