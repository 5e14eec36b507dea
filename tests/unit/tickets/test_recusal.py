"""Who is complained about gets nothing of the case, sees nothing of it, and does not judge it (L1, 回避)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tickets_support import PHONE, Desk, at

from bot.console.cases import Cases
from bot.console.tasks import Tasks
from bot.conversation import store as log
from bot.conversation.model import Actor
from bot.errors import Conflict, Forbidden, NotFound
from bot.knowledge.model import Complaints
from bot.tickets.entering import Entry
from bot.tickets.export import as_csv
from bot.tickets.listing import Filter, search
from bot.tickets.model import CaseState
from bot.tickets.recusal import Meant, Officer, accused, meant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAMES = {"anna": "小前安娜", "bert": "小前伯特"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16


@pytest.fixture
def anna(desk: Desk) -> Officer:
    """A supervisor, who would see everything else."""
    return desk.officer("anna", "supervisor", "head", "complaints")


@pytest.fixture
def number(desk: Desk, conversation: str, anna: Officer) -> str:
    """A complaint that is hers, with a task, a warning and a file; then it turns out to be about her."""
    number = desk.complain(conversation)
    desk.act(number, "take", anna)
    desk.act(number, "subtask", anna, department="信用卡部", text="查录音", due_at=at("2026-12-01T10:00"), to="anna")
    desk.house.files.add(anna, number, "证据.png", "image/png", PNG)
    desk.tick("2026-11-24T10:00")
    return number


MEANT = {  # (whom, how somebody behaved)
    ("客服态度太差了", True): Meant.HERE,
    ("刚才那个人工说话不耐烦", True): Meant.HERE,
    ("刚才的人工客服骗我买了理财，亏了三万", False): Meant.HERE,
    ("刚才的客服答错了，害我多交了手续费", False): Meant.HERE,
    ("你们的客服把我的信息告诉了别人", False): Meant.HERE,
    ("刚才的工作人员态度很差", True): Meant.HERE,
    ("跟我通话的那个人一直骂我", True): Meant.HERE,
    ("他刚才骂我，我要投诉他", True): Meant.HERE,
    ("你態度太差了，我要投訴你", True): Meant.HERE,
    ("你们的工作人员说错了利率", False): Meant.HERE,
    ("她骗我买了理财", False): Meant.HERE,
    ("柜员让我等，你也不耐烦，我要投诉你", True): Meant.HERE,
    ("态度太差了，气死人", True): Meant.UNSURE,
    ("他刚才骂我，支行也不管", True): Meant.UNSURE,
    ("柜员态度太差了", True): Meant.OTHERS,
    ("城南支行的柜员骂我，他态度恶劣，我要投诉他", True): Meant.OTHERS,
    ("城南支行的工作人员让我等了两个小时", False): Meant.OTHERS,
    ("您好，柜员态度很差", True): Meant.OTHERS,
    ("我跟你说柜员骂我", True): Meant.OTHERS,
    ("我要投诉你们银行乱收费", False): Meant.OTHERS,
    ("客服电话打不通", False): Meant.OTHERS,
    ("转人工转了半小时", False): Meant.OTHERS,
    ("有人冒充客服骗我转账", False): Meant.OTHERS,
    ("刚才ATM吞了我的卡", False): Meant.OTHERS,
    ("信用卡被多扣了年费300元", False): Meant.OTHERS,
    ("上一个跟我说话的人很敷衍", True): Meant.HERE,
    ("之前跟我打电话的那个女的泄露了我的信息", False): Meant.HERE,
    ("刚刚接待我的小王把我的信息告诉我老公了", False): Meant.HERE,
    ("她说不能办，挂了我电话", False): Meant.HERE,
    ("工号123骂我", True): Meant.HERE,
    ("昨天在网点没办成，打电话来问，客服态度恶劣", True): Meant.HERE,
    ("在支行等了两个小时，接待我的人态度太差了", True): Meant.UNSURE,
    ("接待我的柜员态度太差了", True): Meant.UNSURE,
    ("理财经理说保本，客服没有告诉我会亏", False): Meant.UNSURE,
    ("柜员工号123骂我", True): Meant.UNSURE,
    ("打客服热线，对方态度恶劣", True): Meant.UNSURE,
    ("浦东支行的柜员态度很差，打客服电话投诉也没人管", True): Meant.OTHERS,
    ("快递员给我打电话的时候骂我", True): Meant.OTHERS,
    ("等人工等了一个小时", False): Meant.OTHERS,
    ("等人工等了一个小时", True): Meant.UNSURE,
    ("人工排队太久", False): Meant.OTHERS,
    ("我打人工客服等了半小时", False): Meant.OTHERS,
    ("我给人工打电话都打不通，转账还没到账", False): Meant.OTHERS,
}


class TestWhoIsMeant:
    @pytest.mark.parametrize(("facts", "manner", "who"), [(*said, who) for said, who in MEANT.items()])
    def test_somebody_here_or_somewhere_else(
        self, facts: str, manner: bool, who: Meant, rules: Complaints, database_url: str
    ) -> None:
        assert meant(facts, manner, rules.meant) is who

    @pytest.mark.parametrize(
        ("facts", "spoke", "here", "who"),
        [
            ("你们的小前安娜骂我", (), False, ("anna",)),
            ("客服态度太差了", ("bert",), True, ("bert",)),
            ("刚才那个人工说话不耐烦", ("anna", "bert"), True, ("anna", "bert")),
            ("柜员态度太差了", ("bert",), False, ()),
            ("客服态度太差了", ("gone",), True, ()),  # not with us any more
        ],
    )
    def test_by_name_or_by_having_talked_with_him(
        self, facts: str, spoke: tuple[str, ...], here: bool, who: tuple[str, ...], database_url: str
    ) -> None:
        assert accused(facts, NAMES, spoke, here) == who

    def test_whoever_talked_with_him_in_this_chat(self, desk: Desk, conversation: str) -> None:
        desk.officer("bert", "complaints")
        with desk.db.transaction() as tx:
            payload = {"text": "您自己看网站", "internal": {"by": "bert"}}
            log.append(
                tx, log.get(tx, conversation, lock=True), kind="message", actor=Actor("agent", "小前伯特"),
                at=desk.clock.now(), payload=payload, key=None,
            )  # fmt: skip
        number = desk.complain(conversation, "刚才那个客服态度恶劣，不耐烦")
        assert desk.tickets.case(number).accused == ("bert",)


class TestNothingIsLeftToHer:
    @pytest.fixture(autouse=True)
    def recused(self, desk: Desk, number: str) -> None:
        assert desk.alerts(Officer("anna", "", ("supervisor", "head")))  # until now she is warned
        super_ = desk.officer("super", "supervisor", "head")
        desk.act(number, "accused", super_, usernames=["anna"], reason="客户点名投诉她")

    def test_neither_the_case_nor_what_had_to_be_done_is_hers(self, desk: Desk, number: str) -> None:
        case = desk.tickets.case(number)
        assert (case.accused, case.owner_user) == (("anna",), None)
        assert [task.person for task in desk.tasks(number)] == [None]

    def test_supervisors_are_told_that_somebody_else_must_take_it(self, desk: Desk, number: str) -> None:
        (text,) = desk.alerts(desk.officer("super", "supervisor", "head"), "recused")
        assert number in text

    def test_not_in_a_list_nor_in_the_export(self, desk: Desk, anna: Officer) -> None:
        with desk.db.transaction() as tx:
            assert search(tx, anna, Filter(state="all"), desk.clock.now()) == ([], None)
        rows = as_csv(anna, Filter(state="all"), desk.casework, 100).decode("utf-8-sig").strip().splitlines()
        assert len(rows) == 1

    def test_not_by_its_page_nor_by_its_files(self, desk: Desk, number: str, anna: Officer) -> None:
        cases = Cases(desk.entering, desk.house.files, desk.house.staff)
        with pytest.raises(NotFound):
            cases.full(anna, number)
        with pytest.raises(NotFound):
            desk.house.files.open(anna, number, 1)
        with pytest.raises(NotFound):
            desk.house.files.add(anna, number, "x.png", "image/png", PNG)

    def test_not_among_tasks_and_warnings(self, desk: Desk, number: str, anna: Officer) -> None:
        tasks = Tasks(Cases(desk.entering, desk.house.files, desk.house.staff))
        assert [task for mine in (True, False) for task in tasks.listed(anna, "open", mine, 50, None)["tasks"]] == []
        assert not [text for text in desk.alerts(anna) if number in text]
        (task,) = desk.tasks(number)
        with pytest.raises(NotFound):
            tasks.take(anna, task.id)

    def test_not_by_an_act_nor_by_the_customers_number(self, desk: Desk, number: str, anna: Officer) -> None:
        for act in ("take", "note", "withdraw", "accused", "extend", "quality"):
            with pytest.raises(NotFound):
                desk.act(number, act, anna)
        with pytest.raises(NotFound):
            desk.casework.reveal_contact(anna, number)

    def test_not_beside_the_chat_of_that_customer(self, desk: Desk, conversation: str, number: str) -> None:
        with desk.db.transaction() as tx:
            assert desk.house.desk.views.cases(tx, conversation, "anna") == []
            assert [case["number"] for case in desk.house.desk.views.cases(tx, conversation, "super")] == [number]

    def test_it_is_not_passed_on_to_her(self, desk: Desk, number: str) -> None:
        super_ = desk.officer("super", "supervisor", "head")
        for act, values in (
            ("assign", {"to": "anna"}),
            ("subtask", {"department": "信用卡部", "text": "查", "due_at": at("2026-12-01T10:00"), "to": "anna"}),
        ):
            with pytest.raises(Conflict) as refused:
                desk.act(number, act, super_, **values)
            assert refused.value.phrase == "problem_case_recused"

    def test_one_too_many_is_set_free_by_a_supervisor(self, desk: Desk, number: str, anna: Officer) -> None:
        desk.act(number, "accused", usernames=[], reason="客户说的是另一位")
        assert desk.act(number, "note", anna, text="已看").accused == ()
        assert [action for _, action in desk.history(number)].count("recused") == 2


def test_only_somebody_above_says_who_it_is_about(desk: Desk, conversation: str) -> None:
    number = desk.complain(conversation)
    bert = desk.officer("bert", "complaints")
    desk.act(number, "take", bert)
    with pytest.raises(Forbidden):
        desk.act(number, "accused", bert, usernames=["anna"], reason="她说的")


def test_who_enters_a_complaint_about_himself_does_not_get_it(desk: Desk) -> None:
    bert = desk.officer("bert", "complaints")
    opened = desk.entering.enter(Entry("小前bert在电话里骂人", "phone", contact=PHONE), "key-0001", bert)
    assert (opened.case.accused, opened.case.owner_user) == (("bert",), None)


def test_named_in_a_second_telling_she_loses_it_too(desk: Desk, conversation: str, number: str) -> None:
    entry = Entry("昨天在城南支行柜员让我等了两个小时，后来小前anna态度恶劣", "phone", contact=PHONE)
    opened = desk.entering.enter(entry, "key-0001", desk.officer("clara", "complaints"))
    assert opened.joined
    case = desk.tickets.case(number)
    assert (case.accused, case.owner_user, case.state) == (("anna",), None, CaseState.ASSIGNED)
    assert desk.given(number, "recused")


def test_evidence_lies_where_its_name_says_nothing(desk: Desk, number: str, tmp_path: Path) -> None:
    (stored,) = (tmp_path / "evidence").iterdir()
    assert "证据" not in stored.name and stored.stat().st_mode & 0o777 == 0o600
