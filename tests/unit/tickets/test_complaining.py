"""From the first word to the case, on both databases: drafts that survive, cases that open once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from tickets_support import MONDAY, PHONE, STORY, Desk, lines, number

from bot.clock import BEIJING, FrozenClock
from bot.conversation.model import Answer, EndThread, Flow, Handover, Line, Understanding
from bot.errors import NotFound
from bot.knowledge import Knowledge
from bot.tickets.model import CaseState, Contact, DraftState, Kind, Severity, Step
from bot.tickets.tables import case_events, cases, drafts

# From the first word to the case


def test_the_whole_way(desk: Desk, conversation: str, knowledge: Knowledge) -> None:
    assert desk.say(conversation, "我要投诉") == [Line("complaint_facts"), Flow("complaint:facts")]
    assert desk.say(conversation, STORY) == [Line("complaint_request"), Flow("complaint:request")]
    assert desk.press(conversation, "skip") == [Line("complaint_contact"), Flow("complaint:contact")]
    asked, moved = desk.say(conversation, f"我叫张伟，{PHONE}")
    assert moved == Flow("complaint:confirm")
    assert asked == Line(
        "complaint_confirm",
        {"facts": STORY, "contact": "〔姓名·张*〕〔手机·尾号8000〕", "severity": "一般", "read": ""},
        quoted=("facts", "read"),
    )
    told, closed, ended = desk.press(conversation, "confirm")
    assert told == Line(
        "complaint_opened",
        {
            "number": "TS20261123-000001",
            "progress": "查进度，在这里输入“投诉进度”即可。",
            "severity": "一般",
            "owner": "组员",
            "respond": "2026年11月25日 10:00",
            "due": "2026年12月2日 17:30",
        },
        topics=("complaint",),
        case={
            "number": "TS20261123-000001",
            "severity": "一般",
            "owner": "组员",
            "due": "2026-12-02T17:30:00.000+08:00",
        },
    )
    assert (closed, ended) == (Flow(None), EndThread())
    assert desk.tickets.draft(conversation) is None


def test_what_the_receipt_says_can_be_said(desk: Desk, conversation: str, knowledge: Knowledge) -> None:
    """Every line that the form brings has its phrase, and all its blanks are filled."""
    desk.say(conversation, "我要投诉")
    for acts in (desk.say(conversation, STORY), desk.say(conversation, PHONE), desk.press(conversation, "confirm")):
        for act in acts:
            if isinstance(act, Line):
                assert "{" not in knowledge.phrase(act.phrase, **act.values)[0]


def test_the_case_holds_what_was_told(desk: Desk, conversation: str) -> None:
    case = desk.tickets.case(desk.complain(conversation))
    assert (case.kind, case.state, case.severity) == (Kind.COMPLAINT, CaseState.NEW, Severity.ORDINARY)
    assert (case.conversation_id, case.source_seq, case.facts) == (conversation, 8, STORY)
    assert (case.opened_at, case.repeat, case.provisional) == (MONDAY, False, False)
    assert case.contact is not None
    assert case.contact.token == "〔手机·尾号8000〕"
    assert [e.action for e in desk.tickets.history(case.number)] == ["opened"]


def test_no_personal_data_stands_in_the_tables(desk: Desk, conversation: str) -> None:
    desk.complain(conversation, f"{STORY}，经办人让我打{PHONE}")
    with desk.db.transaction() as tx:
        for table in (drafts, cases, case_events):
            assert PHONE not in str(tx.execute(sa.select(table)).all())


def test_the_contact_is_marked_as_used_so_that_it_outlives_the_conversation(desk: Desk, conversation: str) -> None:
    case = desk.tickets.case(desk.complain(conversation))
    with desk.db.transaction() as tx:
        desk.vault.destroy(tx, conversation, desk.clock.now())
        assert case.contact is not None and case.contact.ref is not None
        assert desk.vault.reveal(tx, case.contact.ref, "clerk", case.number, desk.clock.now()) == PHONE


def test_a_case_opens_even_when_the_contact_was_destroyed_meanwhile(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, PHONE)
    with desk.db.transaction() as tx:
        desk.vault.destroy(tx, conversation, desk.clock.now())
    case = desk.tickets.case(number(desk.press(conversation, "confirm")))
    assert case.contact == Contact()


def test_the_case_keeps_what_was_read_off_the_story(desk: Desk, conversation: str) -> None:
    story = "我替我妈投诉，城东支行的经理让我们几个人买基金，亏了六万元"
    desk.say(conversation, story)
    desk.say(conversation, "把钱退给她")
    desk.say(conversation, PHONE)
    case = desk.tickets.case(number(desk.press(conversation, "confirm")))
    assert (case.fields.request, case.fields.product, case.fields.amount) == ("把钱退给她", "fund", "60000元")
    assert (case.fields.branch, case.fields.on_behalf) == ("示范银行城东支行", "我妈")
    assert (case.fields.customer_type, case.group) == ("personal", True)
    assert case.fields.representatives == ()  # their names are a person's to ask


def test_a_company_is_a_corporate_customer(desk: Desk, conversation: str) -> None:
    case = desk.tickets.case(desk.complain(conversation, "我们公司的账户上周被冻结，一直没人管"))
    assert (case.fields.customer_type, case.fields.request, case.group) == ("corporate", "", False)


# Played again


def test_a_message_played_again_gives_the_same_acts_and_does_nothing_twice(desk: Desk, conversation: str) -> None:
    messages = [*(desk.hear(conversation, t) for t in ("我要投诉", STORY, PHONE, "确认提交"))]
    first = [desk.tickets.advance_draft(conversation, seq, text) for seq, text in messages]
    again = [desk.tickets.advance_draft(conversation, seq, text) for seq, text in messages]
    assert again == first
    assert number(first[-1]) == "TS20261123-000001"
    assert (desk.count(cases), desk.count(drafts), desk.count(case_events)) == (1, 1, 1)


def test_the_draft_survives_a_restart(
    tmp_path: Path, database_url: str, knowledge: Knowledge, clock: FrozenClock
) -> None:
    before = Desk(tmp_path, database_url, knowledge, clock)
    conversation = before.conversation()
    before.say(conversation, f"我要投诉，{STORY}")
    before.db.dispose()
    after = Desk(tmp_path, database_url, knowledge, clock)
    after.last = before.last
    draft = after.tickets.draft(conversation)
    assert draft is not None
    assert (draft.step, draft.facts) == (Step.REQUEST, f"我要投诉，{STORY}")
    assert lines(after.say(conversation, PHONE)) == ["complaint_confirm"]
    assert number(after.press(conversation, "confirm")) == "TS20261123-000001"
    after.db.dispose()


def test_a_replay_of_an_older_message_is_found_too(desk: Desk, conversation: str) -> None:
    seq, text = desk.hear(conversation, "我要投诉")
    first = desk.tickets.advance_draft(conversation, seq, text)
    desk.say(conversation, STORY)
    desk.say(conversation, "算了")
    desk.say(conversation, "我要投诉")  # another draft
    assert desk.tickets.advance_draft(conversation, seq, text) == first


def test_the_button_pressed_twice_opens_one_case_and_tells_of_it_twice(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, PHONE)
    first, second = desk.press(conversation, "confirm"), desk.press(conversation, "confirm")
    assert second == first
    assert desk.count(cases) == 1


def test_cancelled_twice_is_cancelled(desk: Desk, conversation: str) -> None:
    desk.say(conversation, "我要投诉")
    assert desk.press(conversation, "cancel") == desk.press(conversation, "cancel")
    assert desk.count(drafts) == 1


def test_after_cancelling_a_new_complaint_begins_anew(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, "算了")
    assert desk.tickets.draft(conversation) is None
    assert lines(desk.say(conversation, "我要投诉")) == ["complaint_facts"]
    with desk.db.transaction() as tx:
        states = tx.execute(sa.select(drafts.c.state).order_by(drafts.c.id)).scalars().all()
    assert states == [DraftState.CANCELLED.value, DraftState.OPEN.value]


def test_ten_at_once_with_the_same_message_open_one_case(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, PHONE)
    seq, text = desk.hear(conversation, "确认提交")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: desk.tickets.advance_draft(conversation, seq, text), range(10)))
    assert {number(acts) for acts in answers} == {"TS20261123-000001"}
    assert desk.count(cases) == 1


def test_customers_at_the_same_moment_get_different_numbers(desk: Desk) -> None:
    conversations = [desk.conversation() for _ in range(8)]
    for conversation in conversations:
        desk.say(conversation, f"我要投诉，{STORY}")
        desk.say(conversation, "不想留电话")
    messages = [(c, *desk.hear(c, "确认提交")) for c in conversations]
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda m: number(desk.tickets.advance_draft(*m)), messages))
    assert sorted(numbers) == [f"TS20261123-{n:06d}" for n in range(1, 9)]


def test_numbers_start_anew_each_day_in_beijing(desk: Desk, clock: FrozenClock) -> None:
    clock.set(datetime(2026, 11, 23, 23, 59, tzinfo=BEIJING))
    assert desk.complain(desk.conversation()) == "TS20261123-000001"
    clock.advance(120)
    assert desk.complain(desk.conversation(), phone="13900139000") == "TS20261124-000001"


def test_what_is_rolled_back_leaves_neither_case_nor_gap(desk: Desk, conversation: str) -> None:
    with pytest.raises(RuntimeError), desk.db.transaction() as tx:
        desk.tickets.open_callback(tx, conversation, 2, "asked", MONDAY)
        raise RuntimeError("the turn fails later on")
    with desk.db.transaction() as tx:
        assert desk.tickets.open_callback(tx, conversation, 2, "asked", MONDAY).number == "HF20261123-000001"
    assert desk.count(cases) == 1


# The contact


def test_a_number_given_earlier_in_the_conversation_is_offered(desk: Desk, conversation: str) -> None:
    desk.hear(conversation, f"我的手机是{PHONE}")
    desk.say(conversation, f"我要投诉，{STORY}")
    acts = desk.say(conversation, "道歉")
    assert acts[0] == Line(
        "complaint_confirm",
        {
            "facts": f"我要投诉，{STORY}",
            "contact": "〔手机·尾号8000〕",
            "severity": "一般",
            "read": "您的要求：道歉\n",
        },
        quoted=("facts", "read"),
    )


def test_a_number_that_came_after_the_message_in_hand_is_not_yet_known(desk: Desk, conversation: str) -> None:
    seq, text = desk.hear(conversation, f"我要投诉，{STORY}，希望道歉")
    desk.hear(conversation, PHONE)  # typed while the assistant was thinking
    assert lines(desk.tickets.advance_draft(conversation, seq, text)) == ["complaint_contact"]


def test_another_conversations_number_is_not_offered(desk: Desk) -> None:
    desk.hear(desk.conversation(), PHONE)
    assert lines(desk.say(desk.conversation(), f"我要投诉，{STORY}，希望道歉")) == ["complaint_contact"]


def test_an_identity_number_is_no_contact(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}，希望道歉")
    assert lines(desk.say(conversation, "11010519491231002X")) == ["complaint_contact_again"]


def test_this_chat_as_contact(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, "不想留")
    assert desk.tickets.case(number(desk.press(conversation, "confirm"))).contact == Contact()


def test_a_number_belongs_to_the_message_in_which_it_stands(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}")
    desk.say(conversation, PHONE)
    assert lines(desk.say(conversation, "不对，要修改")) == ["complaint_edit"]


# In between


def test_a_question_a_person_and_danger_leave_the_draft_as_it_was(desk: Desk, conversation: str) -> None:
    desk.say(conversation, f"我要投诉，{STORY}，希望道歉")
    before = desk.tickets.draft(conversation)
    question = Understanding("网点几点关门？", "branch_hours", 0.9)
    assert isinstance(desk.say(conversation, "网点几点关门？", question)[0], Answer)
    assert desk.say(conversation, "转人工")[-1] == Handover("asked")
    danger = Understanding("我刚被骗了", "fraud_emergency", 0.9)
    assert desk.say(conversation, "我刚被骗了", danger)[-1] == Handover("urgent")
    assert desk.tickets.draft(conversation) == before


def test_an_unknown_conversation_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.tickets.advance_draft("nobody", 1, "我要投诉")
