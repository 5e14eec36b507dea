"""The only place that wires the parts together. Tests use it with a frozen clock and a fake assistant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import knowledge, notices
from bot.calendar import WorkCalendar
from bot.clock import Clock, SystemClock, rfc3339
from bot.compliance.second import Reader
from bot.conversation.handoff import Handoff
from bot.conversation.service import Conversations
from bot.conversation.speech import Speech
from bot.conversation.survey.links import Links, check_host
from bot.db import Database, Tx
from bot.desk.people import People
from bot.desk.recused import Recusal
from bot.desk.service import Desk
from bot.desk.staff import Agent, Staff
from bot.knowledge import Knowledge, archive
from bot.knowledge.current import Current
from bot.knowledge.reloading import Reloads
from bot.knowledge.samples import refuse_samples
from bot.notices import Notices
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.tickets import Case, Tickets, alerts
from bot.tickets.asking import Asking
from bot.tickets.casework import Casework
from bot.tickets.entering import Entering
from bot.tickets.files import Files
from bot.tickets.recusal import Officer
from bot.tickets.recused import accused_ever, kept_from
from bot.wakeups import Wakeups


@dataclass(frozen=True)
class House:
    """Everything wired. Actions get it as their services."""

    settings: Settings
    clock: Clock
    db: Database
    knowledge: Knowledge  # stands for what is in force now; its parts must not be kept
    calendar: WorkCalendar
    vault: Vault
    wakeups: Wakeups
    staff: Staff
    tickets: Tickets
    entering: Entering
    files: Files
    asking: Asking
    conversations: Conversations
    desk: Desk
    notices: Notices
    reloads: Reloads

    @property
    def people(self) -> People:
        return People(self.desk)

    @property
    def casework(self) -> Casework:
        return self.entering.casework


def build(
    settings: Settings,
    clock: Clock | None = None,
    said: Knowledge | None = None,
    second: Callable[[Path, Knowledge], Reader] | None = None,
) -> House:
    """Everything but the assistant, ready to be used; the database must have been migrated.

    `second` makes the guard's second reader ready; without it the word lists read alone.
    """
    clock = clock or SystemClock()
    current = Current(said or knowledge.load(settings.knowledge), clock)
    said, calendar = current.standing(), current.made(work_calendar)
    db = Database(settings.database_url)
    db.around = current.held  # a transaction sees one state of the database, and one of what the bank says
    vault = Vault(settings.data_key)
    wakeups = Wakeups()
    staff = Staff(db, clock, said)
    tickets = Tickets(db, calendar, said, vault, clock, staff.names_in)

    def open_callback(tx: Tx, conversation_id: str, seq: int, reason: str, due_at: datetime) -> Mapping[str, Any]:
        return case_to_wire(tickets.open_callback(tx, conversation_id, seq, reason, due_at))

    def cases(tx: Tx, conversation_id: str, username: str) -> list[dict[str, Any]]:
        """But for those that are kept from him (L1)."""
        found, kept = tickets.cases_of(tx, conversation_id), kept_from(tx, username)
        return [case_to_wire(case) for case in found if case.conversation_id not in kept]

    def accept(loaded: Knowledge) -> None:
        """Raises what stands against serving it; else it is kept for ever before it is served."""
        Tickets(db, work_calendar(loaded), loaded, vault, clock)  # a complaint must find its dates
        check_host(settings.public_url, loaded.bank.domains)
        if not settings.development:
            refuse_samples(loaded, clock.now())
        with db.transaction() as tx:
            archive.keep(tx, loaded, clock.now())

    reader = second(settings.models, said) if second else None
    handoff = Handoff(Speech(said, current.held, reader), calendar, open_callback, staff)
    conversations = Conversations(db, handoff, vault, clock, wakeups, settings.secret_key, alerts.of_conversation)
    desk = Desk(conversations, staff, cases, Recusal(kept_from, accused_ever))
    desk.views.alerts = lambda tx, agent: alerts.standing(tx, officer_of(agent), clock.now())
    leaving = notices.of(settings, db, clock)
    links = Links(settings.secret_key, settings.public_url)
    entering = Entering(Casework(tickets, conversations, leaving, links, staff.names_in, staff.in_role))
    casework = entering.casework
    desk.on_said.append(lambda tx, agent, id_, seq, text: casework.said(tx, officer_of(agent), id_, seq, text))
    files = Files(entering.casework, settings.home / "evidence")
    return House(
        settings, clock, db, said, calendar, vault, wakeups, staff, tickets, entering, files,
        Asking(entering.casework), conversations, desk,
        leaving, Reloads(db, clock, current, settings.knowledge, accept),
    )  # fmt: skip


def officer_of(agent: Agent) -> Officer:
    """An agent of the desk, as cases know him."""
    return Officer(agent.username, agent.name, agent.roles)


def keep_versions(house: House) -> None:
    """What came into force is kept for ever; to be called whenever knowledge has been loaded for customers."""
    with house.db.transaction() as tx:
        archive.keep(tx, house.knowledge, house.clock.now())


def work_calendar(said: Knowledge) -> WorkCalendar:
    days = said.calendar
    return WorkCalendar(
        days.desk_hours,
        days.office_hours,
        days.desk_open_on_holidays,
        days.holidays,
        days.working_days,
        days.complete_years,
    )


def case_to_wire(case: Case) -> dict[str, Any]:
    """A case as customers and agents see it beside a message."""
    return {
        "number": case.number,
        "severity": case.severity,
        "owner": case.owner_queue,
        "due": rfc3339(case.due_at),
        "state": getattr(case.state, "value", case.state),
    }


def describe(house: House) -> str:
    """One line for the log at start: what is running, without secrets."""
    return json.dumps(
        {
            "mode": house.settings.mode,
            "database": house.db.engine.dialect.name,
            "knowledge": house.knowledge.digest[:12],
            "scripts": len(house.knowledge.scripts),
            "reader": getattr(house.conversations.speech.second, "name", None),
            "sample_data": house.knowledge.bank.sample,
        }
    )
