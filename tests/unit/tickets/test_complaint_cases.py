"""What a case is given when it opens, how it is told of, how it moves; callbacks. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tickets_support import MONDAY, PHONE, STORY, Desk, lines, number, receipt

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.conversation.model import Flow, Line
from bot.errors import KnowledgeError
from bot.knowledge import Knowledge
from bot.tickets.model import CaseState, Kind, Severity
from bot.tickets.service import Tickets

# Severity and dates


def test_severe_words_bring_the_urgent_queue_and_hours(desk: Desk, conversation: str, knowledge: Knowledge) -> None:
    case = desk.tickets.case(desk.complain(conversation, "我的卡昨晚被盗刷了两万块，打电话没人管"))
    assert case.severity is Severity.URGENT
    assert case.owner_queue == "值班组"
    assert (case.respond_by, case.due_at) == (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=24))


def test_a_missing_year_opens_the_case_with_a_provisional_date_and_says_so(
    desk: Desk, conversation: str, clock: FrozenClock
) -> None:
    clock.set(datetime(2026, 12, 30, 10, 0, tzinfo=BEIJING))
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, PHONE)
    acts = desk.press(conversation, "confirm")
    assert lines(acts) == ["complaint_opened", "complaint_provisional"]
    assert receipt(acts).values["due"] == "2027年1月14日 23:59"
    assert desk.tickets.case(number(acts)).provisional


def test_a_severity_without_clocks_is_found_out_at_the_start(
    desk: Desk, calendar: WorkCalendar, knowledge: Knowledge
) -> None:
    rules = knowledge.complaints.copy(update={"slas": knowledge.complaints.slas[:3]})
    with pytest.raises(KnowledgeError, match="紧急"):
        Tickets(desk.db, calendar, replace(knowledge, complaints=rules), desk.vault, desk.clock)


# Repetition (000-68, 000-71)


def test_the_same_matter_in_a_later_conversation_of_the_chain_is_a_repetition(desk: Desk, conversation: str) -> None:
    first = desk.complain(conversation)
    acts = desk.complain_again(desk.conversation(former_id=conversation))
    assert lines(acts) == ["complaint_opened", "complaint_repeat"]
    assert acts[1] == Line("complaint_repeat", {"number": first})
    assert desk.tickets.case(number(acts)).repeat_of == first


def test_the_same_number_in_another_conversation_is_the_same_customer(desk: Desk, conversation: str) -> None:
    first = desk.complain(conversation)
    acts = desk.complain_again(desk.conversation(), phone="+86 138 0013 8000")
    assert desk.tickets.case(number(acts)).repeat_of == first


def test_another_customer_with_the_same_matter_repeats_nothing(desk: Desk, conversation: str) -> None:
    desk.complain(conversation)
    assert not desk.tickets.case(number(desk.complain_again(desk.conversation(), phone="13900139000"))).repeat
    assert not desk.tickets.case(number(desk.complain_again(desk.conversation()))).repeat


def test_another_matter_of_the_same_customer_repeats_nothing(desk: Desk, conversation: str) -> None:
    desk.complain(conversation)
    acts = desk.complain_again(desk.conversation(former_id=conversation), "信用卡说好免年费，还是扣了三百元")
    assert not desk.tickets.case(number(acts)).repeat


def test_after_the_window_it_is_a_new_complaint(
    desk: Desk, conversation: str, clock: FrozenClock, knowledge: Knowledge
) -> None:
    clock.set(datetime(2026, 1, 5, 10, 0, tzinfo=BEIJING))
    desk.complain(conversation)
    clock.advance(days=knowledge.complaints.repeat_within_days + 1)
    assert not desk.tickets.case(number(desk.complain_again(desk.conversation(former_id=conversation)))).repeat


def test_naming_somebody_elses_number_links_nothing(desk: Desk, conversation: str) -> None:
    other = desk.complain(desk.conversation())
    acts = desk.complain_again(conversation, f"{other} 单子交上去快三十天了，到底有没有人处理", phone="13900139000")
    assert lines(acts) == ["complaint_opened"]


# How it stands


def test_status_tells_state_owner_and_date(desk: Desk, conversation: str, knowledge: Knowledge) -> None:
    case = desk.tickets.case(desk.complain(conversation))
    (told,) = desk.status(conversation, "我的投诉到哪了")
    assert isinstance(told, Line)
    assert told.phrase == "complaint_status"
    assert told.values == {
        "number": case.number,
        "state": knowledge.phrase("case_state_new")[0],
        "owner": case.owner_queue,
        "due": "2026年12月2日 17:30",
    }
    assert told.case == case.shown()


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_words_for_the_customer(state: CaseState, knowledge: Knowledge) -> None:
    assert knowledge.phrase(f"case_state_{state.value.lower()}")[0]


def test_status_knows_the_former_conversations(desk: Desk, conversation: str) -> None:
    made = desk.complain(conversation)
    (told,) = desk.status(desk.conversation(former_id=conversation), "查投诉进度")
    assert isinstance(told, Line) and told.values["number"] == made


def test_a_strangers_number_is_answered_like_one_that_does_not_exist(desk: Desk, conversation: str) -> None:
    foreign = desk.complain(conversation)
    stranger = desk.conversation()
    for named in (foreign, "TS20261123-999999"):
        asked = [Line("status_proof"), Flow(f"complaint:status:{named}")]
        assert desk.status(stranger, f"查一下{named}") == asked
    assert desk.status(stranger, "我的投诉到哪了") == [Line("complaint_status_none")]


def test_a_strangers_number_beside_ones_own_shows_only_ones_own(desk: Desk, conversation: str) -> None:
    foreign = desk.complain(desk.conversation())
    own = desk.complain(conversation, phone="13900139000")
    told = desk.status(conversation, f"{foreign} 和 {own.lower()}")
    assert [line.values["number"] for line in told if isinstance(line, Line)] == [own]
    assert lines(desk.status(conversation, foreign)) == ["status_proof"]


def test_the_newest_three_are_told(desk: Desk, conversation: str) -> None:
    made = []
    for _ in range(4):
        made.append(number(desk.complain_again(conversation)))
        desk.clock.advance(60)
    told = desk.status(conversation, "我的投诉到哪了")
    assert [line.values["number"] for line in told if isinstance(line, Line)] == made[:0:-1]


# Callbacks (design: rule 8)


def test_a_callback_opens_once_with_its_date_and_contact(desk: Desk, conversation: str, knowledge: Knowledge) -> None:
    seq, _ = desk.hear(conversation, f"转人工，打我{PHONE}")
    due = MONDAY + timedelta(hours=2)
    with desk.db.transaction() as tx:
        case = desk.tickets.open_callback(tx, conversation, seq, "asked", due)
    with desk.db.transaction() as tx:
        assert desk.tickets.open_callback(tx, conversation, seq, "asked", due + timedelta(hours=5)) == case
    assert (case.number, case.kind, case.severity) == ("HF20261123-000001", Kind.CALLBACK, Severity.ORDINARY)
    assert (case.respond_by, case.due_at, case.reason) == (due, due, "asked")
    assert case.owner_queue == knowledge.phrase("callback_owner")[0]
    assert case.contact is not None and case.contact.token == "〔手机·尾号8000〕"
    assert desk.tickets.case(case.number) == case


def test_an_urgent_callback_is_urgent(desk: Desk, conversation: str) -> None:
    with desk.db.transaction() as tx:
        case = desk.tickets.open_callback(tx, conversation, 2, "urgent", MONDAY)
    assert case.severity is Severity.URGENT


def test_who_has_only_a_callback_hears_of_it(desk: Desk, conversation: str) -> None:
    with desk.db.transaction() as tx:
        case = desk.tickets.open_callback(tx, conversation, 2, "asked", MONDAY + timedelta(hours=2))
    (told,) = desk.status(conversation, "我的投诉到哪了")
    assert told == Line("callback_opened", {"number": case.number, "due": "2026年11月23日 12:00"}, case=case.shown())
