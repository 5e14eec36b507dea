"""Accounts: made, changed, locked, disabled, their sessions ended; each deed leaves one entry and no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from support import Chat, make_house

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Handover, State
from bot.desk.people import People
from bot.desk.staff import FAILURES, LOCK_MINUTES, Session
from bot.desk.store import agents
from bot.errors import Conflict, InvalidInput, NotFound, QiantaiError, Unauthorized
from bot.privacy.audit import Action, Entry, entries
from bot.wiring import House

PASSWORD, OTHER = "a long password", "another long one"


@pytest.fixture
def people(any_house: House) -> Iterator[People]:
    people = any_house.people
    people.make("ada", "mei", "客服001", PASSWORD)
    yield people


def written(people: People, action: Action | None = None) -> list[Entry]:
    """What stands in the audit log, but for the making of the account."""
    with people.db.transaction() as tx:
        found = entries(tx)
    return [e for e in found if e.action == action or (action is None and e.action != Action.ACCOUNT_CREATED)]


def sign_in(people: People, password: str = PASSWORD, browser: str = "") -> Session:
    return people.staff.sign_in("mei", password, browser)


def guess(people: People, times: int, username: str = "mei") -> None:
    for _ in range(times):
        with pytest.raises(Unauthorized):
            people.staff.sign_in(username, "wrong password")


class TestMaking:
    def test_gives_an_account_that_signs_in_and_an_entry_without_the_password(self, people: People) -> None:
        assert sign_in(people).agent.name == "客服001"
        shown = people.one("mei")
        assert (shown["roles"], shown["skills"], shown["limit"], shown["disabled"]) == ([], [], 3, False)
        (entry,) = written(people, Action.ACCOUNT_CREATED)
        assert (entry.actor, entry.subject) == ("ada", "agent:mei")
        assert PASSWORD not in str(entry)

    def test_a_name_is_given_once(self, people: People) -> None:
        with pytest.raises(Conflict) as refused:
            people.make("ada", "mei", "另一位", OTHER)
        assert refused.value.phrase == "problem_people_taken"
        assert people.one("mei")["name"] == "客服001"

    @pytest.mark.parametrize("username", ["", "a", "王", "a b", ".hidden", "a/b", "x" * 65, "a\0b"])
    def test_a_username_can_stand_in_an_address(self, people: People, username: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            people.make("ada", username, "客服002", OTHER)
        assert refused.value.extra["field"] == "username"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"name": " \n "}, "name"),
            ({"name": "长" * 65}, "name"),
            ({"roles": ["king"]}, "roles"),
            ({"skills": ["magic"]}, "skills"),
            ({"limit": 4}, "limit"),
            ({"limit": -1}, "limit"),
        ],
    )
    def test_what_nobody_knows_is_refused_by_its_field(
        self, people: People, values: dict[str, object], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            people.change("ada", "mei", values)
        assert refused.value.extra["field"] == field
        assert written(people) == []


class TestChanging:
    def test_tells_what_was_and_what_is(self, people: People) -> None:
        queue = people.offered()["skills"][0]["id"]
        people.change("sofia", "mei", {"skills": [queue, queue], "limit": 2})
        shown = people.one("mei")
        assert (shown["skills"], shown["limit"]) == ([queue], 2)
        (entry,) = written(people)
        assert (entry.action, entry.actor) == (Action.ACCOUNT_CHANGED, "sofia")
        assert entry.detail == {"skills": [[], [queue]], "limit": [3, 2]}

    def test_of_roles_has_a_name_of_its_own(self, people: People) -> None:
        people.change("ada", "mei", {"roles": ["senior"], "name": "资深001"})
        (entry,) = written(people)
        assert entry.action == Action.ROLES_CHANGED
        assert entry.detail == {"roles": [[], ["senior"]], "name": ["客服001", "资深001"]}

    def test_nothing_leaves_no_entry(self, people: People) -> None:
        people.change("ada", "mei", {"limit": 3, "roles": [], "name": " 客服001 "})
        assert written(people) == []

    def test_a_limit_once_changed_is_kept_over_a_new_password(self, people: People) -> None:
        people.change("sofia", "mei", {"limit": 1})
        people.set_password("ada", "mei", OTHER)
        people.staff.put("mei", "客服001", PASSWORD, ("senior",))  # the next start of the demonstration
        assert people.one("mei")["limit"] == 1

    def test_of_who_is_not_there(self, people: People) -> None:
        for deed in (people.disable, people.enable, people.unlock):
            with pytest.raises(NotFound):
                deed("ada", "nobody\0")
        with pytest.raises(NotFound):
            people.change("ada", "nobody", {"limit": 1})


class TestPassword:
    def test_a_new_one_ends_his_sessions(self, people: People) -> None:
        session = sign_in(people)
        people.set_password("ada", "mei", OTHER)
        with pytest.raises(Unauthorized):
            people.staff.session(session.token)
        assert sign_in(people, OTHER)
        (entry,) = written(people)
        assert (entry.action, entry.detail) == (Action.PASSWORD_SET, {"sessions": 1})

    def test_his_own_keeps_this_session_and_ends_the_others(self, people: People) -> None:
        here, elsewhere = sign_in(people), sign_in(people)
        people.own_password(here, PASSWORD, OTHER)
        assert people.staff.session(here.token)
        with pytest.raises(Unauthorized):
            people.staff.session(elsewhere.token)
        (entry,) = written(people)
        assert (entry.action, entry.actor, entry.detail) == (Action.PASSWORD_SET, "mei", {"sessions": 1})

    @pytest.mark.parametrize(
        ("old", "new", "phrase"),
        [
            ("wrong password", OTHER, "old"),
            (PASSWORD, PASSWORD, "same"),
            (PASSWORD, "short", "short"),
            (PASSWORD, "password for mei", "name"),
        ],
    )
    def test_his_own_is_refused(self, people: People, old: str, new: str, phrase: str) -> None:
        session = sign_in(people)
        with pytest.raises(InvalidInput) as refused:
            people.own_password(session, old, new)
        assert refused.value.phrase == f"problem_password_{phrase}"
        assert sign_in(people) and written(people) == []

    def test_who_guesses_it_at_an_open_console_locks_it(self, people: People) -> None:
        session = sign_in(people)
        for _ in range(FAILURES):
            with pytest.raises(InvalidInput):
                people.own_password(session, "wrong password", OTHER)
        with pytest.raises(InvalidInput):
            people.own_password(session, PASSWORD, OTHER)
        assert [e.action for e in written(people)] == [Action.ACCOUNT_LOCKED]


class TestLock:
    def test_after_ten_wrong_ones_the_right_one_is_refused_alike(self, people: People, clock: FrozenClock) -> None:
        guess(people, FAILURES)
        with pytest.raises(Unauthorized) as locked:
            sign_in(people)
        assert locked.value.phrase == "problem_sign_in"  # a guesser is not told that he has guessed
        assert people.one("mei")["locked_until"] is not None
        (entry,) = written(people)
        assert (entry.action, entry.actor, entry.subject) == (Action.ACCOUNT_LOCKED, "system", "agent:mei")
        clock.advance(minutes=LOCK_MINUTES)
        assert sign_in(people) and people.one("mei")["locked_until"] is None

    def test_stands_in_the_database_and_not_in_the_process(self, people: People, any_house: House) -> None:
        guess(people, FAILURES - 1)
        house = any_house
        url = house.db.engine.url.render_as_string(hide_password=False)
        again = make_house(house.settings.home, house.knowledge, house.clock, url)
        with pytest.raises(Unauthorized):
            again.staff.sign_in("mei", "wrong password")
        with pytest.raises(Unauthorized):
            again.staff.sign_in("mei", PASSWORD)
        again.db.dispose()

    def test_a_right_one_starts_the_count_anew(self, people: People) -> None:
        guess(people, FAILURES - 1)
        sign_in(people)
        guess(people, FAILURES - 1)
        assert sign_in(people)

    def test_guesses_while_it_lasts_make_it_no_longer(self, people: People, clock: FrozenClock) -> None:
        guess(people, FAILURES)
        clock.advance(minutes=LOCK_MINUTES - 1)
        guess(people, FAILURES)
        clock.advance(minutes=1)
        assert sign_in(people)
        assert len(written(people)) == 1

    def test_names_that_nobody_has_are_not_counted(self, people: People) -> None:
        guess(people, FAILURES + 1, "nobody")
        assert written(people) == []

    def test_is_opened_by_an_admin(self, people: People) -> None:
        guess(people, FAILURES)
        people.unlock("ada", "mei")
        assert sign_in(people)
        assert [(e.action, e.actor) for e in written(people)][1:] == [(Action.ACCOUNT_UNLOCKED, "ada")]
        people.unlock("ada", "mei")
        assert len(written(people)) == 2

    def test_does_not_end_who_is_signed_in(self, people: People) -> None:
        session = sign_in(people)
        guess(people, FAILURES)
        assert people.staff.session(session.token)


class TestDisabled:
    def test_signs_in_no_more_and_is_signed_out(self, people: People) -> None:
        session = sign_in(people)
        people.disable("ada", "mei")
        with pytest.raises(Unauthorized):
            people.staff.session(session.token)
        with pytest.raises(Unauthorized) as refused:
            sign_in(people)
        assert refused.value.phrase == "problem_sign_in"
        assert people.staff.names() == []
        (entry,) = written(people)
        assert (entry.action, entry.detail) == (Action.ACCOUNT_DISABLED, {"sessions": 1})
        people.disable("ada", "mei")
        assert len(written(people)) == 1

    def test_comes_back(self, people: People) -> None:
        people.disable("ada", "mei")
        people.enable("ada", "mei")
        assert sign_in(people)
        assert [e.action for e in written(people)] == [Action.ACCOUNT_DISABLED, Action.ACCOUNT_ENABLED]

    def test_his_customers_go_back_to_the_queue_at_once_with_their_first_waiting_time(
        self, people: People, any_house: House
    ) -> None:
        chat = Chat(any_house, FakeAssistant(otherwise=understood("human_agent", Handover("asked"))))
        chat.says("转人工")
        since = chat.conversation.waiting_since
        session = sign_in(people)
        people.staff.set_presence("mei", "ready")
        people.desk.claim(session.agent, chat.id, chat.conversation.epoch)
        assert chat.conversation.holder == "mei"
        any_house.clock.advance(60)
        people.staff.seen("mei")
        people.disable("ada", "mei")
        assert (chat.state, chat.conversation.waiting_since) == (State.QUEUED, since)


class TestSessions:
    def test_are_listed_with_their_browser_and_which_is_this_one(self, people: People, clock: FrozenClock) -> None:
        here = sign_in(people, browser="Firefox/140\0 " + "x" * 200)
        clock.advance(30)
        sign_in(people)
        clock.advance(60)
        people.staff.session(here.token)
        newer, older = people.sessions("mei", here.token)
        assert (newer["current"], older["current"]) == (False, True)
        assert older["browser"].startswith("Firefox/140 x") and len(older["browser"]) == 120
        assert newer["browser"] is None
        assert older["created_at"] < newer["created_at"] == newer["seen_at"] < older["seen_at"]
        assert here.token not in str([newer, older])

    def test_one_is_ended_and_the_other_lives(self, people: People) -> None:
        first, second = sign_in(people), sign_in(people)
        (id_,) = [one["id"] for one in people.sessions("mei", first.token) if one["current"]]
        people.end("ada", "mei", id_)
        with pytest.raises(Unauthorized):
            people.staff.session(first.token)
        assert people.staff.session(second.token)
        (entry,) = written(people)
        assert (entry.action, entry.subject, entry.detail) == (Action.SESSION_ENDED, "agent:mei", {"session": id_})

    def test_only_his_own_are_ended_under_his_name(self, people: People) -> None:
        people.make("ada", "lin", "客服002", OTHER)
        session = sign_in(people)
        (one,) = people.sessions("mei")
        for username, id_ in (("lin", one["id"]), ("mei", "nothing"), ("mei", "\0")):
            with pytest.raises(QiantaiError):
                people.end("ada", username, id_)
        assert people.staff.session(session.token) and written(people) == []

    def test_the_last_one_that_ends_takes_him_from_the_desk(self, people: People, clock: FrozenClock) -> None:
        first, second = sign_in(people), sign_in(people)
        people.staff.set_presence("mei", "ready")
        people.staff.sign_out(first)
        assert people.one("mei")["presence"] == "ready"  # he has another tab
        people.staff.sign_out(second)
        with people.db.transaction() as tx:
            row = tx.execute(sa.select(agents)).one()
            assert people.staff.ready(tx, clock.now()) == []
        assert (row.presence, row.seen_at) == ("offline", None)
