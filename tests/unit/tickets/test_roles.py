"""Who sees a case, who works on it, who reads how to reach the customer: one table (000-58, L1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import PHONE, Desk

from bot.conversation import store as log
from bot.conversation.model import State
from bot.errors import Conflict, Forbidden, NotFound
from bot.tickets.model import Case
from bot.tickets.recusal import Officer, may_see, may_work

SEES, WORKS = True, True
#   officer        roles                       owner is       sees     works
TABLE = [
    ("anna",      ("complaints",),            "anna",        SEES,    WORKS),
    ("bert",      ("complaints",),            "anna",        False,   False),
    ("bert",      ("complaints",),            None,          SEES,    WORKS),   # nobody has it yet
    ("bert",      (),                         None,          False,   False),
    ("holder",    (),                         "anna",        SEES,    WORKS),   # talks with that customer
    ("helper",    (),                         "anna",        SEES,    False),   # has a task in it
    ("sofia",     ("supervisor",),            "anna",        SEES,    WORKS),
    ("hana",      ("head",),                  "anna",        SEES,    WORKS),
    ("quentin",   ("quality",),               "anna",        SEES,    False),
    ("accused",   ("supervisor", "head"),     None,          False,   False),
    ("accused",   ("complaints",),            "accused",     False,   False),
]  # fmt: skip
ALL = {
    "take", "accept", "assign", "investigate", "respond", "propose", "resolve", "told", "close", "withdraw", "severity",
    "classify", "pause", "resume", "extend", "subtask", "promise", "accused",
    "correct",
}  # fmt: skip


@pytest.fixture
def owned(desk: Desk, conversation: str) -> str:
    number = desk.complain(conversation)
    desk.act(number, "take", desk.officer("anna", "complaints"))
    return number


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestTheTable:
    @pytest.mark.parametrize(("username", "roles", "owner", "sees", "works"), TABLE)
    def test_who_may(
        self, desk: Desk, owned: str, username: str, roles: tuple[str, ...], owner: str | None, sees: bool, works: bool
    ) -> None:
        case: Case = replace(desk.tickets.case(owned), owner_user=owner)
        officer = Officer(username, "", roles)
        kept = {case.conversation_id} if username == "accused" else set()
        seen = may_see(officer, case, kept, "holder", ["helper"])
        assert (seen, seen and may_work(officer, case, "holder")) == (sees, works)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestQuality:
    def test_acknowledges_and_notes_and_nothing_else(self, desk: Desk, owned: str) -> None:
        quentin = desk.officer("quentin", "quality")
        for act in sorted(ALL):
            with pytest.raises(Forbidden):
                desk.act(owned, act, quentin)
        desk.act(owned, "note", quentin, text="抽查")
        desk.act(owned, "quality", quentin)
        assert desk.clock_of(owned, "quality").done_by == "quentin"

    def test_does_not_read_the_customers_number(self, desk: Desk, owned: str) -> None:
        with pytest.raises(Forbidden):
            desk.casework.reveal_contact(desk.officer("quentin", "quality"), owned)

    def test_has_thirty_minutes(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        assert (desk.clock_of(number, "quality").due_at - desk.clock.now()).total_seconds() == 1800
        assert desk.alerts(desk.officer("quentin", "quality"), "quality")
        desk.clock.advance(1801)
        desk.tick()
        assert desk.clock_of(number, "quality").breached_at is not None
        assert "case_late" not in desk.read(conversation)  # the customer has nothing to do with it

    def test_is_acknowledged_by_the_quality_department_or_above(self, desk: Desk, owned: str) -> None:
        with pytest.raises(Forbidden):
            desk.act(owned, "quality", desk.officer("anna", "complaints"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestOthers:
    def test_a_stranger_hears_that_there_is_no_such_case(self, desk: Desk, owned: str) -> None:
        bert = desk.officer("bert", "complaints")
        for act in ("note", "take", "withdraw"):
            with pytest.raises(NotFound):
                desk.act(owned, act, bert)

    def test_who_talks_with_the_customer_works_on_it(self, desk: Desk, owned: str, conversation: str) -> None:
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, conversation), state=State.HUMAN, holder="bert"))
        assert desk.act(owned, "note", desk.officer("bert"), text="客户又来了").owner_user == "anna"

    def test_who_helps_notes_what_he_found_but_reads_no_number(self, desk: Desk, owned: str) -> None:
        bert = desk.officer("bert")
        due_at = desk.clock.now().replace(day=30)
        values = {"department": "信用卡部", "text": "查记录", "due_at": due_at, "to": "bert"}
        desk.act(owned, "subtask", desk.officer("anna", "complaints"), **values)
        desk.act(owned, "note", bert, text="记录在这里")
        for refused in (lambda: desk.act(owned, "resolve", bert), lambda: desk.casework.reveal_contact(bert, owned)):
            with pytest.raises(Forbidden):
                refused()

    def test_who_has_taken_the_visit_reads_the_number_to_call(self, desk: Desk, owned: str) -> None:
        for act, values in (("investigate", {}), ("propose", {"text": "向您道歉"})):
            desk.act(owned, act, **values)
        desk.act(owned, "resolve", basics="排队", handling="道歉", reasons="属实", no_agreement="联系不上")
        bert = desk.officer("bert")
        with pytest.raises(NotFound):
            desk.casework.reveal_contact(bert, owned)
        (visit,) = desk.tasks(owned, "visit")
        with desk.db.transaction() as tx:
            desk.casework.aftercare.take(tx, visit, bert, desk.clock.now())
        assert desk.casework.reveal_contact(bert, owned) == PHONE

    def test_a_promised_call_is_no_complaint_and_takes_none_of_its_acts(self, desk: Desk, conversation: str) -> None:
        with desk.db.transaction() as tx:
            due_at = desk.clock.now().replace(hour=6)
            number = desk.tickets.open_callback(tx, conversation, 1, "asked", due_at).number
        desk.act(number, "take", desk.officer("anna", "complaints"))
        for act in sorted(ALL - {"take", "withdraw"}):
            with pytest.raises((Conflict, TypeError)) as refused:
                desk.act(number, act)
            assert refused.type is Conflict
        assert desk.act(number, "done", note="已说明").ended

    def test_a_missed_call_is_apologised_for_as_a_call(self, desk: Desk, conversation: str) -> None:
        with desk.db.transaction() as tx:
            due_at = desk.clock.now().replace(hour=6)
            number = desk.tickets.open_callback(tx, conversation, 1, "asked", due_at).number
        desk.tick("2026-11-23T14:00:01")
        assert desk.read(conversation)[-1] == "callback_late"
        assert desk.clock_of(number, "resolution").breached_at == due_at
