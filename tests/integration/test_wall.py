"""The supervisor's wall: the desk as it stands, a day in figures, the visits behind each, and nobody's words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from desk import AtDesk, agent, at_desk, complain
from server import Server
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.desk.staff import Agent
from bot.desk.wall import Asked, Wall
from bot.wiring import House

ALL = Asked()


@pytest.fixture
def sue(any_house: House) -> Agent:
    return agent(any_house, "sue", "busy", "supervisor")


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna", "busy", skills=["consult"])


@pytest.fixture
def wall(any_house: House) -> Wall:
    return Wall(any_house.desk.views)


@pytest.fixture
def chat(any_house: House) -> Chat:
    return another(any_house)


def another(house: House) -> Chat:
    return Chat(house, FakeAssistant())


def serve(chat: Chat, by: Agent) -> None:
    chat.house.desk.claim(by, chat.id, chat.conversation.epoch)


def says(chat: Chat, by: Agent, text: str = "您好，请讲。") -> None:
    chat.house.desk.send(by, chat.id, chat.conversation.epoch, f"key-{chat.house.clock.now()}", text)


def ends(chat: Chat, by: Agent) -> None:
    chat.house.desk.close(by, chat.id, chat.conversation.epoch, "solved", "", "")


class TestNow:
    def test_who_waits_and_who_is_served_by_whom(self, wall: Wall, chat: Chat, sue: Agent, anna: Agent) -> None:
        chat.presses("human")
        waiting = wall.now(sue)
        assert (waiting["waiting_total"], waiting["serving"]) == (1, [])
        [row] = waiting["waiting"]
        assert (row["conversation_id"], row["place"], row["agent"], row["mood"]) == (chat.id, 1, None, "calm")
        assert row["reason"] == {"code": "asked", "text": row["reason"]["text"]}
        serve(chat, anna)
        serving = wall.now(sue)
        [row] = serving["serving"]
        assert (serving["waiting"], row["agent"]) == ([], {"id": "anna", "label": "坐席anna"})
        assert [clock["name"] for clock in row["clocks"]] == ["first_answer", "handling"]

    def test_each_group_with_who_can_take_it(self, any_house: House, wall: Wall, chat: Chat, sue: Agent) -> None:
        agent(any_house, "bert", "ready", skills=["complaints"], limit=2)
        agent(any_house, "carl", "ready", limit=3)
        agent(any_house, "dora", "away")
        chat.sends(choice="human")
        groups = {queue["id"]: queue for queue in wall.now(sue)["queues"]}
        asked = groups[chat.conversation.queue]
        assert (asked["waiting"], asked["serving"], asked["since"] is None) == (1, 0, False)
        assert (asked["ready"], asked["free"]) == (1, 3)
        assert (groups["complaints"]["waiting"], groups["complaints"]["ready"], groups["complaints"]["free"]) == (
            0,
            2,
            5,
        )

    def test_agents_as_the_server_sees_them(self, any_house: House, wall: Wall, sue: Agent, anna: Agent) -> None:
        agent(any_house, "bert", "ready")
        agent(any_house, "quinn", "ready", "quality")
        any_house.people.disable("sue", "anna")
        any_house.clock.advance(any_house.knowledge.escalation.lease_s + 1)
        any_house.staff.seen("sue")
        seen = {one["id"]: one["presence"] for one in wall.now(sue)["agents"]}
        assert seen == {"sue": "busy", "bert": "offline"}  # quality serves nobody, and anna works here no more

    def test_skills_have_names(self, wall: Wall, sue: Agent, anna: Agent) -> None:
        [shown] = [one for one in wall.now(sue)["agents"] if one["id"] == "anna"]
        assert [skill["label"] == skill["id"] for skill in shown["skills"]] == [False]

    def test_what_ran_out_today_newest_first(self, wall: Wall, chat: Chat, sue: Agent, anna: Agent) -> None:
        chat.presses("human")
        chat.waits(600)
        serve(chat, anna)
        chat.waits(31)
        late = wall.now(sue)
        assert late["breaches_total"] == 2
        assert [(one["name"], one["agent"] and one["agent"]["id"]) for one in late["breaches"]] == [
            ("first_answer", "anna"),
            ("waiting", None),
        ]
        assert {one["reason"]["code"] for one in late["breaches"]} == {"asked"}
        chat.house.clock.advance(days=1)
        assert wall.now(sue)["breaches"] == []

    def test_no_word_of_the_customer_stands_there(self, wall: Wall, chat: Chat, sue: Agent) -> None:
        chat.sends("我的钱不见了")
        chat.sends(choice="human")
        assert "我的钱" not in json.dumps(wall.now(sue), ensure_ascii=False)

    def test_who_is_complained_about_sees_nothing_of_it(
        self, any_house: House, wall: Wall, chat: Chat, sue: Agent
    ) -> None:
        chat.sends(choice="human")
        chat.waits(600)
        complain(any_house, chat, "sue")
        seen = wall.now(sue)
        assert (seen["waiting_total"], seen["waiting"], seen["longest_since"]) == (0, [], None)
        assert (seen["breaches_total"], seen["breaches"]) == (0, [])
        assert sum(queue["waiting"] for queue in seen["queues"]) == 0
        assert wall.entries(sue, None, ALL, 50)["entries"] == []
        totals = wall.day(sue, None)["totals"]
        assert (totals["entered"], totals["breached"], totals["started"]) == (0, 0, 1)


class TestDay:
    def test_hour_by_hour_in_beijing(self, any_house: House, wall: Wall, sue: Agent, chat: Chat, anna: Agent) -> None:
        chat.presses("human")
        serve(chat, anna)
        says(chat, anna)
        any_house.clock.advance(hours=1)
        any_house.staff.seen("anna")
        later = another(any_house)
        later.sends("气死我了！！！")
        later.sends(choice="human")
        hours = wall.day(sue, None)["hours"]
        assert [hour["hour"] for hour in hours] == list(range(14))  # it is one o'clock; what comes is no figure
        assert len(wall.day(sue, date(2026, 11, 21))["hours"]) == 24
        assert [(hour["started"], hour["entered"]) for hour in hours[12:14]] == [(1, 1), (1, 1)]
        assert hours[12]["reasons"] == {"asked": 1}
        assert (hours[12]["moods"], hours[13]["moods"]) == ({"calm": 1}, {"strong": 1})
        assert sum(hour["started"] for hour in hours) == 2

    def test_a_mood_is_the_worst_that_was_shown_while_he_waited_or_was_served(
        self, wall: Wall, chat: Chat, sue: Agent, anna: Agent
    ) -> None:
        chat.presses("human")
        serve(chat, anna)
        chat.sends("气死我了！！！")
        for _ in range(4):
            chat.sends("好的，明白")
        assert wall.now(sue)["serving"][0]["mood"] == "calm"
        assert wall.day(sue, None)["hours"][12]["moods"] == {"strong": 1}

    def test_medians_and_the_share_in_time(self, any_house: House, wall: Wall, sue: Agent, anna: Agent) -> None:
        for answer_s in (10, 20, 60):
            chat = another(any_house)
            chat.presses("human")
            any_house.clock.advance(5)
            serve(chat, anna)
            any_house.clock.advance(answer_s)
            any_house.staff.seen("anna")
            says(chat, anna)
            any_house.clock.advance(100)
            any_house.staff.seen("anna")
            ends(chat, anna)
        totals = wall.day(sue, None)["totals"]
        assert (totals["waited_s"], totals["first_answer_s"], totals["handling_s"]) == (5, 20, 120)
        assert totals["in_time"] == pytest.approx(2 / 3)
        [his] = wall.day(sue, None)["agents"]
        assert (his["id"], his["served"], his["first_answer_s"]) == ("anna", 3, 20)

    def test_who_gave_up_is_counted_so(self, wall: Wall, sue: Agent, chat: Chat) -> None:
        chat.presses("human")
        chat.presses("cancel")
        totals = wall.day(sue, None)["totals"]
        assert (totals["entered"], totals["served"], totals["left"]) == (1, 0, 1)
        assert (totals["first_answer_s"], totals["in_time"]) == (None, None)

    def test_another_day_is_empty(self, wall: Wall, sue: Agent, chat: Chat) -> None:
        chat.presses("human")
        before = wall.day(sue, date(2026, 11, 21))
        assert (before["day"], before["totals"]["entered"], before["reasons"]) == ("2026-11-21", 0, [])

    def test_a_reason_that_the_bank_has_no_more_keeps_its_code(
        self, any_house: House, wall: Wall, sue: Agent, chat: Chat
    ) -> None:
        chat.presses("human")
        with any_house.db.transaction() as tx:
            tx.exec_driver_sql("UPDATE handovers SET reason = 'of_old'")
        assert wall.day(sue, None)["reasons"] == [{"id": "of_old", "label": "of_old", "count": 1}]

    def test_a_take_over_is_no_new_customer_and_no_wait(
        self, any_house: House, wall: Wall, sue: Agent, chat: Chat, anna: Agent
    ) -> None:
        chat.presses("human")
        any_house.clock.advance(30)
        serve(chat, anna)
        any_house.desk.take_over(sue, chat.id, chat.conversation.epoch, "客户要求")
        found = wall.day(sue, None)
        assert (found["totals"]["entered"], found["totals"]["waited_s"]) == (1, 30)
        assert {one["id"]: one["served"] for one in found["agents"]} == {"anna": 1, "sue": 1}
        assert len(wall.entries(sue, None, ALL, 50)["entries"]) == 1
        assert len(wall.entries(sue, None, Asked(agent="sue"), 50)["entries"]) == 1

    def test_what_is_late_is_found_behind_its_figure_on_the_day_he_came(
        self, any_house: House, wall: Wall, sue: Agent, chat: Chat, anna: Agent
    ) -> None:
        chat.presses("human")
        chat.waits(600)
        serve(chat, anna)
        chat.waits(31)
        found = wall.day(sue, None)
        behind = wall.entries(sue, None, Asked(breached=True), 50)["entries"]
        assert (found["totals"]["breached"], len(behind), len(behind[0]["breaches"])) == (1, 1, 2)

    def test_moods_of_days_on_which_nobody_measured_them_are_not_calm(
        self, any_house: House, wall: Wall, sue: Agent, chat: Chat
    ) -> None:
        chat.presses("human")
        with any_house.db.transaction() as tx:
            tx.exec_driver_sql("UPDATE handovers SET mood = NULL")
        hours = wall.day(sue, None)["hours"]
        assert (hours[12]["moods"], hours[11]["moods"]) == (None, {})


class TestEntries:
    @pytest.fixture
    def served(self, any_house: House, chat: Chat, anna: Agent) -> Chat:
        chat.presses("human")
        chat.waits(5)
        serve(chat, anna)
        any_house.clock.advance(40)
        any_house.staff.seen("anna")
        any_house.conversations.tick()
        says(chat, anna)
        ends(chat, anna)
        return chat

    def test_tell_what_became_of_it(self, wall: Wall, served: Chat, sue: Agent) -> None:
        [visit] = wall.entries(sue, None, ALL, 50)["entries"]
        assert (visit["conversation_id"], visit["agent"]["id"]) == (served.id, "anna")
        assert (visit["waited_s"], visit["first_answer_s"], visit["how"], visit["result"]) == (5, 40, "close", "solved")
        assert len(visit["breaches"]) == 1

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            (Asked(hour=12), 1),
            (Asked(hour=11), 0),
            (Asked(reason="asked"), 1),
            (Asked(reason="emotion"), 0),
            (Asked(mood="calm"), 1),
            (Asked(mood="strong"), 0),
            (Asked(agent="anna"), 1),
            (Asked(agent="bert"), 0),
            (Asked(breached=True), 1),
        ],
    )
    def test_are_those_that_are_asked_for(self, wall: Wall, served: Chat, sue: Agent, asked: Asked, found: int) -> None:
        assert len(wall.entries(sue, None, asked, 50)["entries"]) == found

    def test_come_page_by_page(self, any_house: House, wall: Wall, sue: Agent) -> None:
        chats = [another(any_house) for _ in range(3)]
        for one in chats:
            one.presses("human")
            any_house.clock.advance(1)
        first = wall.entries(sue, None, ALL, 2)
        rest = wall.entries(sue, None, ALL, 2, first["next"])
        ids = [one["conversation_id"] for one in (*first["entries"], *rest["entries"])]
        assert (ids, rest["next"]) == ([one.id for one in chats], None)


class TestOverHttp:
    @pytest_asyncio.fixture
    async def boss(self, server: Server) -> AsyncIterator[AtDesk]:
        async with at_desk(server, "boss1", "busy", "supervisor") as desk:
            yield desk

    async def test_is_there_for_who_leads(self, server: Server, boss: AtDesk) -> None:
        visitor = await server.visitor()
        await visitor.asks("转人工")
        seen = (await boss.get("/wall")).json()
        assert [row["conversation_id"] for row in seen["waiting"]] == [visitor.conversation_id]
        assert (await boss.get("/wall/day")).json()["totals"]["entered"] == 1
        [entry] = (await boss.get("/wall/entries?hour=12&reason=asked&mood=calm&limit=1")).json()["entries"]
        assert entry["conversation_id"] == visitor.conversation_id

    async def test_is_not_for_agents(self, server: Server) -> None:
        async with at_desk(server, "anna") as anna:
            for path in ("/wall", "/wall/day", "/wall/entries"):
                assert (await anna.get(path)).status_code == 403

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("day?day=2026-13-01", "day"),
            ("day?day=0001-01-01", "day"),
            ("entries?day=tomorrow", "day"),
            ("entries?hour=24", "hour"),
            ("entries?hour=-1", "hour"),
            ("entries?mood=sunny", "mood"),
            ("entries?limit=0", "limit"),
            ("entries?breached=true", "breached"),
            (f"entries?agent={'a' * 65}", "agent"),
        ],
    )
    async def test_says_what_it_cannot_read(self, boss: AtDesk, query: str, field: str) -> None:
        refused = await boss.get(f"/wall/{query}")
        assert (refused.status_code, refused.json()["field"]) == (422, field)
