"""Agents: their sign-in, their sessions, and their presence as the server sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import FrozenClock
from bot.desk.staff import PRESENCES, SESSION_HOURS, Agent, Staff
from bot.desk.store import agents, sessions
from bot.errors import InvalidInput, NotFound, Unauthorized
from bot.wiring import House

PASSWORD = "a long password"


@pytest.fixture
def staff(any_house: House) -> Staff:
    any_house.staff.put("mei", "客服001", PASSWORD)
    return any_house.staff


def known(staff: Staff, username: str = "mei") -> Agent:
    with staff.db.transaction() as tx:
        return staff.get(tx, username)


class TestAnAgent:
    def test_is_nobody_special_until_told_so(self, staff: Staff) -> None:
        agent = known(staff)
        assert (agent.name, agent.roles, agent.supervisor, agent.limit, agent.presence) == (
            "客服001",
            (),
            False,
            3,
            "offline",
        )

    def test_put_again_gets_a_new_name_password_and_roles_and_stays_one_person(self, staff: Staff) -> None:
        staff.put("mei", "主管", "another password", ("supervisor",))
        assert (known(staff).name, known(staff).supervisor) == ("主管", True)
        with pytest.raises(Unauthorized):
            staff.sign_in("mei", PASSWORD)
        assert staff.sign_in("mei", "another password").agent.username == "mei"
        assert len(staff.names()) == 1

    def test_a_new_password_ends_the_sessions_of_the_old_one(self, staff: Staff) -> None:
        """It is what one does when a password has become known."""
        session = staff.sign_in("mei", PASSWORD)
        staff.put("mei", "客服001", PASSWORD)  # the same one, at the next start of the demonstration: nobody is put out
        assert staff.session(session.token)
        staff.put("mei", "客服001", "another password")
        with pytest.raises(Unauthorized):
            staff.session(session.token)

    def test_whom_nobody_knows(self, staff: Staff) -> None:
        with pytest.raises(NotFound):
            known(staff, "nobody")

    def test_the_password_is_stored_as_argon2_only(self, staff: Staff) -> None:
        with staff.db.transaction() as tx:
            row = tx.execute(sa.select(agents)).one()
        assert row.password_hash.startswith("$argon2id$")
        assert PASSWORD not in str(row)


class TestASession:
    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("mei", "wrong password"),
            ("nobody", PASSWORD),
            ("", ""),
            ("mei", ""),
            ("MEI", PASSWORD),
            ("mei\0", PASSWORD),
        ],
    )
    def test_is_not_given_for(self, staff: Staff, username: str, password: str) -> None:
        with pytest.raises(Unauthorized) as refused:
            staff.sign_in(username, password)
        assert refused.value.phrase == "problem_sign_in"

    def test_is_found_by_its_token_and_stored_by_its_hash_only(self, staff: Staff) -> None:
        session = staff.sign_in("mei", PASSWORD)
        assert staff.session(session.token).csrf_token == session.csrf_token
        with staff.db.transaction() as tx:
            (row,) = tx.execute(sa.select(sessions)).all()
        assert session.token not in str(row)
        with pytest.raises(Unauthorized):
            staff.session(row.token_hash)

    @pytest.mark.parametrize("token", ["", "x" * 43, "你好", "\udcff"])
    def test_a_made_up_token_opens_nothing(self, staff: Staff, token: str) -> None:
        with pytest.raises(Unauthorized):
            staff.session(token)

    def test_ends_after_its_hours_and_is_swept_away(self, staff: Staff, clock: FrozenClock) -> None:
        session = staff.sign_in("mei", PASSWORD)
        clock.advance(hours=SESSION_HOURS, seconds=-1)
        assert staff.session(session.token)
        clock.advance(1)
        with pytest.raises(Unauthorized):
            staff.session(session.token)
        staff.sign_in("mei", PASSWORD)
        with staff.db.transaction() as tx:
            assert len(tx.execute(sa.select(sessions)).all()) == 1

    def test_shows_the_agents_roles_of_now_and_not_of_sign_in(self, staff: Staff) -> None:
        staff.put("mei", "客服001", PASSWORD, ("supervisor",))
        session = staff.sign_in("mei", PASSWORD)
        staff.put("mei", "客服001", PASSWORD)
        assert staff.session(session.token).agent.supervisor is False

    def test_signing_out_ends_it_and_takes_the_agent_from_the_desk(self, staff: Staff) -> None:
        session = staff.sign_in("mei", PASSWORD)
        staff.set_presence("mei", "ready")
        staff.sign_out(session)
        assert known(staff).presence == "offline"
        with pytest.raises(Unauthorized):
            staff.session(session.token)

    def test_who_signs_out_is_gone_at_once_and_not_when_his_lease_ends(self, staff: Staff, clock: FrozenClock) -> None:
        session = staff.sign_in("mei", PASSWORD)
        staff.set_presence("mei", "ready")
        staff.sign_out(session)
        assert staff.present(known(staff), clock.now()) is False

    def test_one_session_of_two_that_ends_takes_nobody_from_the_desk(self, staff: Staff, clock: FrozenClock) -> None:
        """Two tabs, or a second computer."""
        first, _ = staff.sign_in("mei", PASSWORD), staff.sign_in("mei", PASSWORD)
        staff.set_presence("mei", "ready")
        staff.sign_out(first)
        assert known(staff).presence == "ready"
        assert staff.present(known(staff), clock.now()) is True


class TestPresence:
    @pytest.mark.parametrize("presence", PRESENCES)
    def test_only_the_ready_are_offered_conversations(self, staff: Staff, clock: FrozenClock, presence: str) -> None:
        staff.set_presence("mei", presence)
        with staff.db.transaction() as tx:
            assert staff.ready(tx, clock.now()) == (["mei"] if presence == "ready" else [])

    def test_is_one_of_the_known(self, staff: Staff) -> None:
        with pytest.raises(InvalidInput) as refused:
            staff.set_presence("mei", "lunch")
        assert refused.value.extra["field"] == "status"

    @pytest.mark.parametrize(("silent_s", "there"), [(0, True), (60, True), (61, False), (86400, False)])
    def test_a_console_that_is_silent_for_a_minute_is_not_there(
        self, staff: Staff, clock: FrozenClock, silent_s: int, there: bool
    ) -> None:
        staff.set_presence("mei", "ready")
        later = clock.now() + timedelta(seconds=silent_s)
        with staff.db.transaction() as tx:
            assert bool(staff.ready(tx, later)) is there

    def test_a_sign_of_life_keeps_an_agent_there(self, staff: Staff, clock: FrozenClock) -> None:
        staff.set_presence("mei", "ready")
        clock.advance(50)
        staff.seen("mei")
        clock.advance(50)
        with staff.db.transaction() as tx:
            assert staff.ready(tx, clock.now()) == ["mei"]

    def test_who_never_showed_up_is_not_there(self, staff: Staff, clock: FrozenClock) -> None:
        assert staff.present(known(staff), clock.now()) is False
