"""An officer puts right what was told wrong, or not at all (000-66, L1a). On both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tickets_support import PHONE, STORY, Desk

from bot.console.case_bodies import ACTS
from bot.console.case_history import CaseHistory
from bot.console.cases import Cases
from bot.conversation import store as log
from bot.errors import Conflict, Forbidden, InvalidInput, NotFound
from bot.tickets.files import Files
from bot.tickets.model import Case

RIGHT = "13900139000"
NAMES = ("王小明", "李大海")


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


def corrected(desk: Desk, number: str, **values: Any) -> Case:
    """As the console sends it: what is left out stays."""
    body = ACTS["correct"](**{"reason": "客户来电更正", **values}).dict(exclude={"version"})
    return desk.casework.act(desk.officer("super", "supervisor", "head"), number, "correct", None, body)


def told(desk: Desk, number: str) -> str:
    return CaseHistory(desk.house.knowledge).line(desk.tickets.history(number)[-1], {})["text"]


class TestTheContact:
    def test_that_was_mistyped_is_replaced_and_every_notice_goes_to_the_right_one(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        case = corrected(desk, number, contact=RIGHT)
        assert case.contact is not None and case.contact.token == "〔手机·尾号9000〕"
        assert desk.casework.reveal_contact(desk.officer("super", "supervisor", "head"), number) == RIGHT
        with desk.db.transaction() as tx:
            to = desk.casework.telling.recipient(tx, case, log.get(tx, conversation), desk.clock.now())
        assert to is not None and (to.kind, to.address) == ("sms", RIGHT)

    def test_what_still_waits_for_the_gateway_goes_to_the_right_one(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        desk.ends(conversation)
        desk.act(number, "take")
        desk.act(number, "investigate")
        corrected(desk, number, contact="wang@example.com")
        assert desk.sent() and {kind for kind, _ in desk.sent()} == {"mail"}
        desk.house.notices.tick()
        lines = (desk.house.settings.home / "notices" / "notices.jsonl").read_text("utf-8").splitlines()
        assert {json.loads(line)["to"] for line in lines} == {"wang@example.com"}

    def test_stands_in_the_history_from_what_to_what_and_nowhere_in_the_clear(self, desk: Desk, number: str) -> None:
        corrected(desk, number, contact=RIGHT, name=NAMES[0], reason=f"{NAMES[0]}来电，原号{PHONE}少一位，改{RIGHT}")
        event = desk.tickets.history(number)[-1]
        assert (event.actor, event.action) == ("super", "corrected")
        assert event.detail["changed"]["contact"] == ["〔手机·尾号8000〕", "〔手机·尾号9000〕"]
        assert "联系方式：〔手机·尾号8000〕→〔手机·尾号9000〕" in told(desk, number)
        assert "姓名：—→〔姓名·王*〕" in told(desk, number)
        assert desk.anywhere(PHONE, RIGHT, NAMES[0]) == []

    def test_the_former_one_serves_the_case_no_more(self, desk: Desk, number: str, conversation: str) -> None:
        corrected(desk, number, contact=RIGHT)
        with desk.db.transaction() as tx:
            used = {ref.tail: number in ref.used_for for ref in desk.vault.values(tx, conversation)}
        assert used == {"8000": False, "9000": True}

    def test_what_is_kept_stands_under_the_chain_and_the_customer_reads_nothing_of_it(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        before = desk.read(conversation)
        corrected(desk, number, contact=RIGHT)
        refs = desk.tickets.history(number)[-1].detail["refs"]
        with desk.db.transaction() as tx:
            event = next(e for e in log.read(tx, conversation) if f"{conversation}:{e.seq}" == refs)
        assert event.payload["internal"]["corrected"] == number
        assert [ref["tail"] for ref in event.payload["internal"]["personal"]] == ["9000"]
        assert desk.read(conversation) == before

    def test_a_repetition_is_found_by_the_right_number(self, desk: Desk, number: str) -> None:
        corrected(desk, number, contact=RIGHT)
        again = desk.complain(desk.conversation(), STORY, RIGHT)
        assert desk.tickets.case(again).repeat_of == number

    def test_that_is_none_is_refused_beside_its_field(self, desk: Desk, number: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            corrected(desk, number, contact="1380013")
        assert refused.value.extra["field"] == "contact"


class TestTheFields:
    def test_are_changed_where_they_are_named_and_stay_where_not(self, desk: Desk, number: str) -> None:
        before = desk.tickets.case(number)
        case = corrected(desk, number, basis="合同第8条", on_behalf="母亲，有授权书", prefers="下午打电话")
        assert (case.fields.basis, case.fields.on_behalf) == ("合同第8条", "母亲，有授权书")
        assert (case.fields.branch, case.contact, case.facts) == (before.fields.branch, before.contact, before.facts)
        assert corrected(desk, number, basis="").fields.basis == ""
        assert told(desk, number).startswith("依据：合同第8条→—")

    def test_representatives_are_names_in_the_vault_and_make_it_a_groups(self, desk: Desk, number: str) -> None:
        case = corrected(desk, number, representatives=list(NAMES))
        assert (case.fields.representatives, case.group) == (("〔姓名·王*〕", "〔姓名·李*〕"), True)
        assert desk.anywhere(*NAMES) == []
        kept = corrected(
            desk, number, representatives=["〔姓名·王*〕", "张伟"]
        )  # as the page shows them, and a new one
        assert kept.fields.representatives == ("〔姓名·王*〕", "〔姓名·张*〕")
        contact = desk.casework.reveal_contact(desk.officer("super", "supervisor", "head"), number)
        assert contact is not None and NAMES[0] in contact and "张伟" in contact and NAMES[1] not in contact

    def test_more_than_five_representatives_are_refused(self, desk: Desk, number: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            corrected(desk, number, representatives=["赵一", "钱二", "孙三", "李四", "周五", "吴六"])
        assert refused.value.extra["field"] == "representatives"

    def test_nothing_new_is_no_act(self, desk: Desk, number: str) -> None:
        corrected(desk, number, contact=RIGHT, name=NAMES[0], basis="合同第8条")
        version, entries = desk.tickets.case(number).version, len(desk.tickets.history(number))
        corrected(desk, number, contact=RIGHT, name=NAMES[0], basis="合同第8条")
        assert (desk.tickets.case(number).version, len(desk.tickets.history(number))) == (version, entries)


class TestWhoMay:
    def test_not_on_a_version_that_somebody_has_changed(self, desk: Desk, number: str) -> None:
        boss = desk.officer("super", "supervisor", "head")
        old = desk.tickets.case(number).version
        corrected(desk, number, basis="合同第8条")
        with pytest.raises(Conflict):
            desk.casework.act(boss, number, "correct", old, {"reason": "更正", "contact": RIGHT})

    def test_nobody_whom_it_is_about_nor_the_quality_department(self, desk: Desk, number: str) -> None:
        boss = desk.officer("boss", "supervisor")
        desk.act(number, "accused", usernames=["boss"], reason="客户点名")
        with pytest.raises(NotFound):
            desk.act(number, "correct", boss, reason="更正", contact=RIGHT)
        with pytest.raises(Forbidden):
            desk.act(number, "correct", desk.officer("qi", "quality"), reason="更正", contact=RIGHT)

    def test_also_when_it_is_closed_for_then_the_visit_calls_him_but_not_withdrawn(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        desk.resolved(number)
        desk.act(number, "close")
        assert corrected(desk, number, contact=RIGHT).contact is not None
        other = desk.complain(desk.conversation(), "信用卡年费说好免的，今天又扣钱了", "13700137000")
        desk.act(other, "withdraw", reason="不投诉了")
        with pytest.raises(Conflict):
            corrected(desk, other, contact=RIGHT)

    def test_over_the_console_the_value_reaches_the_vault_and_is_masked_in_the_answer(
        self, desk: Desk, number: str, tmp_path: Path
    ) -> None:
        boss = desk.officer("super", "supervisor", "head")
        cases = Cases(desk.entering, Files(desk.casework, tmp_path), desk.house.staff)
        body = ACTS["correct"](reason="客户来电更正", contact=RIGHT, version=desk.tickets.case(number).version)
        answer = cases.act(boss, number, "correct", body)
        assert answer["contact"] == "〔手机·尾号9000〕" and "correct" in answer["allowed"]
        assert RIGHT not in str(answer)
        assert cases.contact(boss, number) == RIGHT


def test_who_corrects_it_has_not_talked_with_the_customer(desk: Desk, conversation: str) -> None:
    """Else he might be meant by this complaint, and would be by the next one (L1)."""
    number = desk.complain(conversation, "态度太差了，气死人")
    desk.speaks(conversation, desk.officer("anna", "complaints").username)
    case = corrected(desk, number, contact=RIGHT, name=NAMES[0])
    with desk.db.transaction() as tx:
        opening, chat = desk.tickets.opening, log.get(tx, conversation)
        assert list(opening.doubted(tx, case)) == ["anna"]
        assert opening.accused(tx, chat, "你们的客服骂我", {}) == ("anna",)
