"""What an agent promises by a time becomes a task with that date (002-03): sentences, and a message at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tickets_support import RESULT, STORY, Desk, at

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
    # with whom, by whom
    "明天我跟您联系": "11-24 23:59",
    "我明天上午与您联系": "11-24 12:00",
    "会有专人在24小时内与您联系": "11-24 10:00",
    "明天会有同事致电您": "11-24 23:59",
    "我明天再打电话给您": "11-24 23:59",
    "这边明天会给到您答复": "11-24 23:59",
    "我们会在3个工作日内反馈给您": "11-26 17:30",
    "24小时内会有专员回访您": "11-24 10:00",
    "两个工作日内给您结果": "11-25 17:30",
    "我会在今天下班前把结果告诉您": "11-23 23:59",
    # what is denied, or asked, beside it
    "这个问题我现在查不到，明天上午给您回电": "11-24 12:00",
    "系统没有显示，我查一下，下午三点给您回电": "11-23 15:00",
    "您别挂，稍后给您回电": "11-23 23:59",
    "您别挂 稍后给您回电": "11-23 23:59",
    "不出意外明天上午给您回电": "11-24 12:00",
    "明天我们会分别给您回电": "11-24 23:59",
    "请您留意，明天会有专员联系您": "11-24 23:59",
    "您还有别的问题吗，明天我给您回电": "11-24 23:59",
    "您说的情况我明天查清给您答复": "11-24 23:59",
    "您昨天反映的问题明天给您答复": "11-24 23:59",
    # its own time before the others
    "我今天下午去查，明天上午给您回电": "11-24 12:00",
    "明天，下午三点给您回电": "11-24 15:00",
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
    "我们不会主动给您打电话",
    "明天没有人会联系您",
    "请您明天联系我们",
    "请您明天联系我们，我们会告诉您",
    "您明天打电话给您的客户经理",
    "明天给您回电可以吗",  # asked back
    "明天给您回电，您看可以吗？",
    "您希望我明天给您回电？",
    "您希望明天几点给您回电",
    "您明天方便接电话吗，我给您回电",
    "您说“明天给您回电”",  # what he said, or was told
    "您刚才说客服答应明天给您回电",
    "您说，客服明天给您回电",
    "昨天下午三点告诉您了",
    "0小时内联系您",
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


class TestInAnAct:
    """What an officer writes to the customer of a case."""

    @pytest.fixture
    def number(self, desk: Desk, conversation: str) -> str:
        number = desk.complain(conversation, f"{STORY}，说好明天给您回电也没有")  # quoted in the first response
        desk.act(number, "take", desk.officer("anna", "complaints"))
        return number

    def test_it_is_a_task_of_his_and_stands_in_the_history(self, desk: Desk, number: str) -> None:
        desk.act(number, "respond", desk.officer("anna"), analysis="正在核实，我明天下午给您回电")
        (task,) = desk.tasks(number, "promise")
        assert (task.person, task.due_at, task.text) == (
            "anna", at("2026-11-24T18:00"), "正在核实，我明天下午给您回电",
        )  # fmt: skip
        assert ("anna", "promised") in desk.history(number)

    def test_the_banks_own_sentences_and_his_story_are_none(self, desk: Desk, number: str) -> None:
        desk.act(number, "respond", desk.officer("anna"), analysis="正在核实当天的排队记录")
        assert desk.tasks(number, "promise") == []

    def test_nor_is_what_the_customer_does_not_read(self, desk: Desk, number: str) -> None:
        desk.act(number, "note", desk.officer("anna"), text="明天给您回电")
        assert desk.tasks(number, "promise") == []

    def test_in_a_proposal_in_the_result_and_in_what_only_the_report_tells(self, desk: Desk, number: str) -> None:
        anna = desk.officer("anna", "complaints")
        desk.act(number, "investigate", anna)
        desk.act(number, "propose", anna, text="向您道歉，大后天回访您")
        desk.act(number, "agreed", anna, agreed=True)
        result = {**RESULT, "handling": "已道歉，后天给您反馈", "improvement": "下周一把培训情况告诉您"}
        desk.act(number, "resolve", anna, **result)
        assert {task.due_at for task in desk.tasks(number, "promise")} == {
            at("2026-11-25T23:59"), at("2026-11-26T23:59"),
        }  # fmt: skip
        desk.act(number, "report", anna)
        assert at("2026-11-30T23:59") in {task.due_at for task in desk.tasks(number, "promise")}
