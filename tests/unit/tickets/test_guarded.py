"""What an officer writes to a customer of his case passes the guard as in the chat, whichever way it goes."""

from __future__ import annotations

import pytest
from tickets_support import PHONE, Desk

from bot.console.case_bodies import ACTS
from bot.console.cases import Cases
from bot.conversation import incidents
from bot.conversation import store as log
from bot.errors import Forbidden, RefusedByGuard
from bot.evidence.gather import gather
from bot.evidence.words import lines
from bot.tickets.entering import Entry
from bot.tickets.telling import OWN_FIGURES

STOPPED = "您买的理财产品我们正在核实"
FIGURE = "已退还多收的利息，按年利率3.71%计算"
PROMISE = "这款理财保本，绝对没有风险"


@pytest.fixture(params=["chat", "sms", "person"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def number(way: str, desk: Desk) -> str:
    """A case in hand; its customer is in the chat, or has left it, with a number or without."""
    chat = desk.conversation()
    number = desk.complain_again(chat, phone="不想留")[0].values["number"] if way == "person" else desk.complain(chat)
    desk.act(number, "take")
    if way != "chat":
        desk.ends(chat)
    return number


@pytest.fixture
def cases(desk: Desk) -> Cases:
    return Cases(desk.entering, desk.house.files, desk.house.staff)


def stopped(desk: Desk) -> None:
    with desk.db.transaction() as tx:
        incidents.stop(tx, incidents.TOPIC, "wealth", why="风险提示在改", by="li", at=desk.clock.now())


def acts(desk: Desk, cases: Cases, number: str, name: str, who: str = "super", **values: object) -> None:
    roles = ("supervisor", "head") if who in ("super", "boss") else ("complaints",)
    cases.act(desk.officer(who, *roles), number, name, ACTS[name](**values))


def refused(desk: Desk, cases: Cases, number: str, name: str, **values: object) -> RefusedByGuard:
    with pytest.raises(RefusedByGuard) as found:
        acts(desk, cases, number, name, **values)
    return found.value


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_stopped_topic_is_refused_whichever_way_it_goes(
    desk: Desk, cases: Cases, number: str, confirmed: bool
) -> None:
    stopped(desk)
    said = refused(desk, cases, number, "respond", analysis=f"{STOPPED}，{FIGURE}", confirmed=confirmed)
    assert "incident:wealth" in said.extra["rules"]
    assert (said.extra["field"], said.extra["confirmable"]) == ("analysis", False)
    assert desk.clock_of(number, "first_response").open


def test_only_who_was_asked_confirms_and_only_those_words(desk: Desk, cases: Cases, number: str) -> None:
    """The page cannot say by itself that somebody looked again."""
    said = refused(desk, cases, number, "respond", analysis=FIGURE, confirmed=True)
    assert said.extra["confirmable"]
    refused(desk, cases, number, "respond", analysis=f"{FIGURE}，已入账", confirmed=True)
    acts(desk, cases, number, "respond", analysis=FIGURE, confirmed=True)
    assert ("super", "responded") in desk.history(number)


def test_without_the_role_nobody_overrides(desk: Desk, cases: Cases, number: str) -> None:
    desk.act(number, "assign", to=desk.officer("carl", "complaints").username)
    with pytest.raises(Forbidden):
        acts(desk, cases, number, "respond", who="carl", analysis=PROMISE, override="客户要求")


@pytest.mark.parametrize(("name", "more"), [("pause", {}), ("extend", {"days": 30})])
def test_the_reason_of_a_pause_and_of_an_extension_is_an_officers_word(
    desk: Desk, cases: Cases, number: str, name: str, more: dict
) -> None:
    who = "boss" if name == "extend" else "super"  # by somebody who has never owned it
    before = desk.history(number)
    said = refused(desk, cases, number, name, who=who, reason=PROMISE, **more)
    assert said.extra["field"] == "reason"
    assert desk.history(number) == before  # and nothing else has been said in its place
    acts(desk, cases, number, name, who, reason="等您提供排队小票", **more)
    told = [event.detail for event in desk.tickets.history(number) if event.action == "told"][-1]
    assert told["what"] == ("case_paused" if name == "pause" else "case_extended")


def test_a_long_complaint_does_not_stop_its_own_first_response(desk: Desk, cases: Cases) -> None:
    """What the customer wrote is his, also where only its beginning is repeated."""
    number = desk.complain(desk.conversation(), "客户经理跟我说这款理财保本，绝对没有风险，我等了两个小时，" * 12)
    assert len(desk.tickets.case(number).facts) > 300
    desk.act(number, "take")
    acts(desk, cases, number, "respond", analysis="正在核实当天的销售录音")
    assert ("super", "responded") in desk.history(number)


class Second:
    """A reader that sees a promise in one word."""

    name = "test"

    def read(self, text: str) -> dict[str, float]:
        return {"promise": 0.5 if "照顾" in text else 0.0, "secret": 0.0, "link": 0.0}


class TestWhatSomebodyAnswersFor:
    """An override, and what an officer has confirmed, stand in history and evidence, whichever way it went."""

    @pytest.fixture
    def doubtful(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
        """Words that the guard does not refuse, but wants to be looked at again."""
        monkeypatch.setattr(desk.casework.telling.speech, "second", Second())
        return "我们会特别照顾您"

    def told(self, desk: Desk, number: str) -> dict:
        return dict([event.detail for event in desk.tickets.history(number) if event.action == "told"][-1])

    def shown(self, desk: Desk, cases: Cases, number: str) -> str:
        page = cases.full(desk.officer("super", "supervisor", "head"), number)
        return str([line["text"] for line in page["timeline"] if line["action"] == "told"][-1])

    def evidence(self, desk: Desk, target: str) -> dict:
        with desk.db.transaction() as tx:
            return gather(tx, target)

    def test_an_override_with_its_reason_and_the_rules(self, desk: Desk, cases: Cases, number: str, way: str) -> None:
        rules = refused(desk, cases, number, "respond", analysis=PROMISE).extra["rules"]
        acts(desk, cases, number, "respond", analysis=PROMISE, override="客户要求引用原话，电话13800138000")
        told = self.told(desk, number)
        assert (told["what"], told["way"]) == ("case_first_response", way)
        assert told["override"].startswith("客户要求引用原话") and "13800138000" not in told["override"]
        assert [found["rule"] for found in told["against"]] == [rule for rule in rules if "missing:" not in rule]
        text = self.shown(desk, cases, number)
        assert told["override"] in text and all(found["reason"] for found in told["against"])
        assert all(found["reason"] in text for found in told["against"])

        found = self.evidence(desk, told["message"])
        assert found["override"]["reason"] == told["override"]
        assert [one["rule"] for one in found["guard"]["findings"]] == rules and found["guard"]["verdict"] == "refuse"
        assert PROMISE in found["message"]["text"] and found["message"]["by"]["username"] == "super"
        assert found["message"]["way"] == (None if way == "chat" else way)
        assert [attempt["rules"] for attempt in found["attempts"]] == [rules]
        assert found["chain"]["holds"]
        assert f"强制发送 理由：{told['override']}" in lines(found)

    def test_by_the_cases_number_all_that_was_told_of_it_is_found(self, desk: Desk, cases: Cases) -> None:
        entry = Entry("昨天在城南支行办业务，柜员让我等了两个小时", "phone", contact=PHONE)
        number = desk.entering.enter(entry, "key-0001", "crm").case.number
        desk.act(number, "take")
        acts(desk, cases, number, "respond", analysis=PROMISE, override="客户要求引用原话")
        told, found = self.told(desk, number), self.evidence(desk, number)
        assert [one["message"] for one in found["told"] if one["override"]] == [told["message"]]
        assert "  强制发送 理由：客户要求引用原话" in lines(found)

    def test_figures_of_the_case_itself(self, desk: Desk, cases: Cases, number: str) -> None:
        refused(desk, cases, number, "respond", analysis=FIGURE)
        acts(desk, cases, number, "respond", analysis=FIGURE, confirmed=True)
        told = self.told(desk, number)
        assert (told["override"], [found["rule"] for found in told["against"]]) == (OWN_FIGURES, ["figure"])
        rules = told["against"][0]["reason"]
        said = desk.house.knowledge.phrase("case_told_own_figures", rules=rules)[0]
        assert self.shown(desk, cases, number).endswith(said)
        printed = lines(self.evidence(desk, told["message"]))
        assert any(line.startswith("确认发送 含有这张工单自己的数字") for line in printed)
        assert OWN_FIGURES not in "".join(printed)

    def test_what_was_doubted_and_confirmed(self, desk: Desk, cases: Cases, number: str, doubtful: str) -> None:
        assert refused(desk, cases, number, "respond", analysis=doubtful).extra["confirmable"]
        acts(desk, cases, number, "respond", analysis=doubtful, confirmed=True)
        told = self.told(desk, number)
        assert told["confirmed"] is True and "override" not in told
        rules = "、".join(found["reason"] for found in told["against"])
        assert self.shown(desk, cases, number).endswith(
            desk.house.knowledge.phrase("case_told_confirmed", rules=rules)[0]
        )
        guard = self.evidence(desk, told["message"])["guard"]
        assert (guard["confirmed"], guard["verdict"], guard["reader"]) == (True, "doubt", "test")

    def test_what_needed_none_says_nothing_of_it(self, desk: Desk, cases: Cases, number: str, way: str) -> None:
        acts(desk, cases, number, "respond", analysis="正在核实当天的排队记录", override="以防万一")
        told = self.told(desk, number)
        assert set(told) == {"what", "way", "message"}
        assert self.shown(desk, cases, number).count("；") == 1
        found = self.evidence(desk, told["message"])
        assert (found["override"], found["guard"]["confirmed"]) == (None, False)
        assert "正在核实当天的排队记录" in found["message"]["text"]

    def test_of_another_way_than_the_chat_the_customer_reads_nothing_there(
        self, desk: Desk, cases: Cases, number: str, way: str
    ) -> None:
        acts(desk, cases, number, "respond", analysis="正在核实当天的排队记录")
        chat = desk.tickets.case(number).conversation_id
        assert any("正在核实" in text for text in desk.read(chat)) is (way == "chat")
        with desk.db.transaction() as tx:
            assert log.broken_at(tx, chat) is None
