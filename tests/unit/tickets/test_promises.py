"""What an agent promises by a time becomes a task with that date (002-03): sentences, and a message at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tickets_support import Desk, at

from bot.calendar import WorkCalendar
from bot.knowledge.model import Complaints
from bot.tickets.promises import promised

NOW = at("2026-11-23T10:00")  # a Monday

KEPT = {
    "明天下午三点给您回电": "11-24 15:00",
    "我明天上午给您回电": "11-24 12:00",
    "后天之前答复您": "11-25 23:59",
    "大后天给您打电话": "11-26 23:59",
    "今天下班前联系您": "11-23 23:59",
    "今晚8点半给您打电话": "11-23 20:30",
    "今天下午5:30以前回复您": "11-23 17:30",
    "三点前给您回电": "11-23 15:00",
    "上午十一点给您回电": "11-23 11:00",
    "两个小时内联系您": "11-23 12:00",
    "半小时内给您回电": "11-23 10:30",
    "半个小时之内联系您": "11-23 10:30",
    "十五分钟后打给您": "11-23 10:15",
    "二十四小时内给您答复": "11-24 10:00",
    "48小时之内回复您": "11-25 10:00",
    "三天内给您答复": "11-26 23:59",
    "3个工作日内帮您查清": "11-26 17:30",
    "五个工作日内通知您": "11-30 17:30",
    "周五前给您处理好": "11-27 23:59",
    "下周三给您回复": "12-02 23:59",
    "12月1日给您一个说法": "12-01 23:59",
    "马上给您回电": "11-23 23:59",
    "我们会尽快联系您": "11-23 23:59",
    "尽早给您答复": "11-23 23:59",
    "您好。我查一下，明天给您回电。请稍等": "11-24 23:59",
    "没问题，明天下午给您回电": "11-24 18:00",
    "您别着急，今天下午给您答复": "11-23 18:00",
    "不好意思，明天上午一定联系您": "11-24 12:00",
    "１２月１日　給您回電": "12-01 23:59",
}
NONE = [
    "我给您查一下",  # no word of a promise
    "有消息我会给您回电",  # no time
    "明天请您给我们打电话",  # asked of the customer
    "您可以明天打给您的客户经理",
    "明天不能给您回电",  # denied
    "如果明天还没到账，我再联系您",  # a condition
    "昨天已经给您回电了",
    "今天上午九点给您回电",  # has passed
    "明天银行上班",
    "",
]


@pytest.mark.parametrize(("sentence", "due"), KEPT.items())
def test_a_promise_and_the_last_moment_that_keeps_it(
    sentence: str, due: str, rules: Complaints, calendar: WorkCalendar
) -> None:
    found = promised(sentence, NOW, rules.promises, calendar)
    assert found is not None
    assert f"{found.due_at:%m-%d %H:%M}" == due


@pytest.mark.parametrize("sentence", NONE)
def test_no_promise(sentence: str, rules: Complaints, calendar: WorkCalendar) -> None:
    assert promised(sentence, NOW, rules.promises, calendar) is None


def test_in_december_a_day_of_january_is_next_years(rules: Complaints, calendar: WorkCalendar) -> None:
    found = promised("1月5日给您回电", at("2026-12-30T10:00"), rules.promises, calendar)
    assert found is not None and found.due_at == at("2027-01-05T23:59")


def test_working_days_past_the_calendar_are_counted_as_days_so_that_the_date_is_early(
    rules: Complaints, calendar: WorkCalendar
) -> None:
    found = promised("三个工作日内答复您", at("2026-12-30T10:00"), rules.promises, calendar)
    assert found is not None and found.due_at == at("2027-01-02T10:00")


class TestAtTheDesk:
    def said(self, desk: Desk, conversation: str, text: str, seq: int = 9) -> None:
        anna = desk.officer("anna")
        with desk.db.transaction() as tx:
            desk.casework.said(tx, anna, conversation, seq, text)

    def test_what_an_agent_writes_is_a_task_of_his(self, desk: Desk, conversation: str) -> None:
        self.said(desk, conversation, "您放心，明天下午三点给您回电")
        (task,) = desk.open_tasks()
        assert (task.kind, task.person, task.due_at) == ("promise", "anna", at("2026-11-24T15:00"))
        assert (task.text, task.conversation_id) == ("您放心，明天下午三点给您回电", conversation)

    def test_once_however_often_the_message_is_seen(self, desk: Desk, conversation: str) -> None:
        for _ in range(2):
            self.said(desk, conversation, "明天给您回电")
        assert len(desk.open_tasks()) == 1

    def test_other_words_make_none(self, desk: Desk, conversation: str) -> None:
        self.said(desk, conversation, "请问还有什么可以帮您")
        assert desk.open_tasks() == []

    def test_forgotten_it_is_a_breach_that_the_head_hears_of(self, desk: Desk, conversation: str) -> None:
        self.said(desk, conversation, "明天下午三点给您回电")
        desk.tick("2026-11-24T15:00:01")
        (text,) = desk.alerts(desk.officer("hana", "head"), "breach")
        assert "兑现承诺已超时" in text

    @pytest.mark.parametrize(
        "words, said_at, half, most",
        [
            ("下午四点前给您回电", "2026-11-22T12:00", "2026-11-22T14:00", "2026-11-22T15:12"),  # a Sunday
            ("今晚九点前给您回电", "2026-11-23T17:00", "2026-11-23T19:00", "2026-11-23T20:12"),
            ("明天下午三点给您回电", "2026-11-21T13:00", "2026-11-22T02:00", "2026-11-22T09:48"),  # Saturday to Sunday
            ("明天上午给您回电", "2026-11-23T11:00", "2026-11-23T15:45", "2026-11-24T10:06"),  # working time: 9 h 30
        ],
    )
    def test_its_warnings_come_on_the_way_to_it_also_on_a_sunday_and_in_the_evening(
        self, desk: Desk, conversation: str, words: str, said_at: str, half: str, most: str
    ) -> None:
        anna, sofia = desk.officer("anna"), desk.officer("sofia", "supervisor")
        desk.clock.set(at(said_at))
        self.said(desk, conversation, words)
        warned = []
        for moment in (at(half), at(most)):
            for look in (moment - timedelta(seconds=2), moment):
                desk.clock.set(look)
                desk.tick()
                warned.append((len(desk.alerts(anna, "warning")), len(desk.alerts(sofia, "warning"))))
        assert warned == [(0, 0), (1, 0), (1, 0), (1, 1)]
