"""An agent at work over real HTTP: taking a customer, answering through the guard, giving him back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from desk import AtDesk, at_desk
from server import Server, Visitor

from bot.compliance.learning import reader_at
from bot.compliance.second import Reader
from bot.conversation import store
from bot.conversation.model import Event
from bot.knowledge import load
from bot.settings import ROOT

WEALTH = "这款理财每三个月开放一次，业绩比较基准看产品说明书"
PROMISE = "这款理财保本的，您放心买"


@pytest.fixture
async def anna(server: Server) -> AtDesk:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def waiting(server: Server) -> Visitor:
    return await queued(server)


@pytest.fixture
async def served(anna: AtDesk, waiting: Visitor) -> Visitor:
    """A customer with whom Anna speaks."""
    assert (await anna.claims(waiting)).status_code == 200
    return waiting


async def queued(server: Server) -> Visitor:
    visitor = await server.visitor()
    await visitor.post({"choice": "human"})
    return visitor


async def delivered(visitor: Visitor) -> list[dict[str, Any]]:
    """What agents have said to the customer, as he got it."""
    return [event for event in (await visitor.poll())["events"] if event["actor"]["kind"] == "agent"]


def recorded(server: Server, visitor: Visitor) -> Event:
    """The last event as it stands in the log."""
    with server.house.db.transaction() as tx:
        return store.read(tx, visitor.conversation_id)[-1]


class TestClaim:
    async def test_two_at_once_one_gets_him_and_the_other_hears_who(
        self, server: Server, anna: AtDesk, waiting: Visitor
    ) -> None:
        async with at_desk(server, "bert") as bert:
            epoch = (await waiting.poll())["epoch"]
            path = f"/conversations/{waiting.conversation_id}/claim"
            replies = await asyncio.gather(*(one.post(path, {"epoch": epoch}) for one in (anna, bert)))
        assert sorted(reply.status_code for reply in replies) == [200, 409]
        won, lost = sorted(replies, key=lambda reply: reply.status_code)
        holder = "anna" if won is replies[0] else "bert"
        assert won.json() == {"epoch": epoch + 1}
        assert (lost.json()["holder"], lost.json()["epoch"]) == (holder, epoch + 1)
        assert lost.headers["content-type"].startswith("application/problem+json")

    async def test_the_customer_sees_the_name_and_never_the_user_name(self, anna: AtDesk, served: Visitor) -> None:
        got = await served.poll()
        assert (got["state"], got["holder"], got["queue"]) == ("HUMAN", "坐席anna", None)
        joined = got["events"][-1]
        assert (joined["kind"], joined["state"]) == ("state", "HUMAN")
        assert "坐席anna" in joined["text"]

    async def test_a_fourth_is_refused_and_stays_in_the_queue(self, server: Server, anna: AtDesk) -> None:
        visitors = [await queued(server) for _ in range(4)]
        replies = [await anna.claims(visitor) for visitor in visitors]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 409]
        assert replies[3].json()["type"] == "urn:qiantai:problem:agent-full"
        assert (await visitors[3].poll())["state"] == "QUEUED"

    @pytest.mark.parametrize("body", [{}, {"epoch": "two"}, {"epoch": 2, "force": True}, {"epoch": None}])
    async def test_a_body_that_says_something_else_is_refused(
        self, anna: AtDesk, waiting: Visitor, body: dict[str, object]
    ) -> None:
        path = f"/conversations/{waiting.conversation_id}/claim"
        assert (await anna.post(path, body)).status_code == 422
        assert (await waiting.poll())["state"] == "QUEUED"

    async def test_who_is_not_known_is_not_found(self, anna: AtDesk) -> None:
        assert (await anna.post("/conversations/nobody/claim", {"epoch": 1})).status_code == 404
        assert (await anna.get("/conversations/nobody")).status_code == 404

    async def test_an_offer_is_accepted_by_claiming_and_declined_with_a_reason(
        self, server: Server, waiting: Visitor
    ) -> None:
        async with at_desk(server, "bert", "ready") as bert, bert.stream() as stream:
            [offer] = (await stream.next("desk", lambda desk: desk["offers"]))["offers"]
            path = f"/conversations/{waiting.conversation_id}"
            body = {"epoch": offer["epoch"], "reason": "午休"}
            assert (await bert.post(f"{path}/decline", body)).status_code == 200
            desk = await stream.next("desk", lambda desk: desk["queue"])
            assert desk["offers"] == []
            assert desk["queue"][0]["waiting_since"] == offer["waiting_since"]
            assert (await bert.post(f"{path}/decline", body)).status_code == 200  # as if the answer had been lost
            async with at_desk(server, "cleo", "ready") as cleo, cleo.stream() as other:
                [offer] = (await other.next("desk", lambda desk: desk["offers"]))["offers"]
                assert (await cleo.post(f"{path}/claim", {"epoch": offer["epoch"]})).status_code == 200
        assert (await waiting.poll())["holder"] == "坐席cleo"


class TestReply:
    async def test_arrives_as_the_agents_own(self, anna: AtDesk, served: Visitor) -> None:
        reply = await anna.says(served, "您好，请稍等，我看一下")
        assert reply.status_code == 202
        [event] = await delivered(served)
        assert event["seq"] == reply.json()["seq"]
        assert (event["text"], event["actor"]) == ("您好，请稍等，我看一下", {"kind": "agent", "name": "坐席anna"})

    async def test_the_same_key_again_is_the_same_message(self, anna: AtDesk, served: Visitor) -> None:
        replies = await asyncio.gather(*(anna.says(served, "您好", "one-key-only") for _ in range(5)))
        assert {(reply.status_code, reply.json()["seq"]) for reply in replies} == {(202, replies[0].json()["seq"])}
        assert len(await delivered(served)) == 1
        other = await anna.says(served, "别的话", "one-key-only")
        assert (other.status_code, other.json()["type"]) == (422, "urn:qiantai:problem:idempotency-key-reused")

    async def test_a_key_is_needed(self, anna: AtDesk, served: Visitor) -> None:
        assert (await anna.says(served, "您好", "short")).status_code == 422

    @pytest.mark.parametrize("text", ["", " \n", "\u200b", "长" * 2001])
    async def test_nothing_and_too_much_are_refused(self, anna: AtDesk, served: Visitor, text: str) -> None:
        reply = await anna.says(served, text)
        assert (reply.status_code, reply.json()["field"]) == (422, "text")
        assert await delivered(served) == []

    async def test_unknown_fields_are_refused(self, anna: AtDesk, served: Visitor) -> None:
        assert (await anna.says(served, "您好", approved=True)).status_code == 422
        assert (await anna.says(served, "您好", override={"reason": "特批", "role": "supervisor"})).status_code == 422

    async def test_a_customers_number_is_stored_as_a_token(self, anna: AtDesk, served: Visitor) -> None:
        await anna.says(served, "您留的是13800138000，对吗？")
        [event] = await delivered(served)
        assert "13800138000" not in event["text"] and "尾号8000" in event["text"]

    async def test_with_an_old_epoch_is_refused_and_told_who_holds(
        self, server: Server, anna: AtDesk, served: Visitor
    ) -> None:
        epoch = (await served.poll())["epoch"]
        path = f"/conversations/{served.conversation_id}"
        assert (await anna.post(f"{path}/transfer", {"epoch": epoch, "note": "请接手"})).json() == {"epoch": epoch + 1}
        late = await anna.post(f"{path}/messages", {"epoch": epoch, "text": "您好"}, **{"Idempotency-Key": "a-key-001"})
        assert (late.status_code, late.json()["type"]) == (409, "urn:qiantai:problem:stale-epoch")
        assert (late.json()["holder"], late.json()["epoch"]) == (None, epoch + 1)
        assert await delivered(served) == []


class TestGuard:
    async def test_wealth_without_its_warning_is_refused_with_the_completed_text(
        self, server: Server, anna: AtDesk, served: Visitor
    ) -> None:
        reply = await anna.says(served, WEALTH)
        assert (reply.status_code, reply.json()["type"]) == (422, "urn:qiantai:problem:refused-by-guard")
        problem = reply.json()
        assert "missing:wealth_risk" in problem["rules"] and len(problem["reasons"]) == len(problem["rules"])
        warning = server.house.knowledge.disclosures["wealth_risk"].text
        assert problem["completed_text"].startswith(WEALTH) and warning in problem["completed_text"]
        assert await delivered(served) == []

    async def test_the_completed_text_goes_through(self, server: Server, anna: AtDesk, served: Visitor) -> None:
        completed = (await anna.says(served, WEALTH)).json()["completed_text"]
        assert (await anna.says(served, completed)).status_code == 202
        [event] = await delivered(served)
        assert event["text"] == completed
        assert "wealth_risk" in [shown["id"] for shown in event["disclosures"]]

    async def test_a_promise_is_refused_even_with_every_warning(
        self, server: Server, anna: AtDesk, served: Visitor
    ) -> None:
        """No completed version is offered: it would be refused as well."""
        first = await anna.says(served, PROMISE)
        warned = server.house.knowledge.disclosures["wealth_risk"].text
        again = await anna.says(served, f"{PROMISE}\n{warned}", "another-key")
        assert first.json()["completed_text"] is None
        assert (first.status_code, again.status_code) == (422, 422)
        assert [rule for rule in again.json()["rules"] if not rule.startswith("missing:")]
        assert await delivered(served) == []

    async def test_nobody_overrides_it_without_the_role(self, server: Server, anna: AtDesk, served: Visitor) -> None:
        before = await served.poll()
        reply = await anna.says(served, PROMISE, override={"reason": "客户要求"})
        assert (reply.status_code, reply.json()["type"]) == (403, "urn:qiantai:problem:forbidden")
        assert await served.poll() == before

    async def test_with_the_role_it_stands_in_the_record_and_the_warning_stays(
        self, server: Server, waiting: Visitor
    ) -> None:
        async with at_desk(server, "sue", "busy", "supervisor") as sue:
            await sue.claims(waiting)
            assert (await sue.says(waiting, PROMISE)).status_code == 422
            assert (await sue.says(waiting, PROMISE, override={"reason": ""})).status_code == 422
            assert (await sue.says(waiting, PROMISE, override={"reason": "引用客户原话"})).status_code == 202
        [event] = await delivered(waiting)
        assert event["text"].startswith(PROMISE)
        assert server.house.knowledge.disclosures["wealth_risk"].text in event["text"]
        assert "wealth_risk" in [shown["id"] for shown in event["disclosures"]]
        internal = recorded(server, waiting).payload["internal"]
        assert internal["override"] == {"reason": "引用客户原话", "text": PROMISE}
        assert internal["by"] == "sue" and internal["findings"]
        assert "引用客户原话" not in str(await waiting.poll())


class TestTheEnd:
    async def test_given_back_the_assistant_answers_again(self, anna: AtDesk, served: Visitor) -> None:
        epoch = (await served.poll())["epoch"]
        reply = await anna.post(f"/conversations/{served.conversation_id}/return", {"epoch": epoch})
        assert reply.json() == {"epoch": epoch + 1}
        assert (await served.poll())["holder"] == "bot"
        assert (await served.asks("房贷利率是多少"))["script"]["id"] == "loan_rate_mortgage"

    async def test_closed_he_is_asked_how_it_was_and_the_desk_is_free(self, anna: AtDesk, served: Visitor) -> None:
        form = {"epoch": (await served.poll())["epoch"], "result": "solved", "category": "loan_rate", "note": "已说明"}
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
            reply = await anna.post(f"/conversations/{served.conversation_id}/close", form)
            assert reply.status_code == 200
            assert (await stream.next("desk"))["mine"] == []
        got = await served.poll()
        assert (got["state"], got["events"][-1]["kind"]) == ("WRAP_UP", "survey")
        assert "已说明" not in str(got)
        late = await anna.says(served, "还有一句", "a-late-key")
        assert late.status_code == 409

    async def test_an_unknown_result_is_named(self, anna: AtDesk, served: Visitor) -> None:
        form = {"epoch": (await served.poll())["epoch"], "result": "fine"}
        reply = await anna.post(f"/conversations/{served.conversation_id}/close", form)
        assert (reply.status_code, reply.json()["field"]) == (422, "result")
        assert (await served.poll())["state"] == "HUMAN"


class TestTheSecondLook:
    """What the second reader only doubts: the agent looks again, and says so."""

    HINT = "老客户这几年一直在续，没听说谁不满意"

    @pytest.fixture(scope="class")
    def learnt(self, tmp_path_factory: pytest.TempPathFactory) -> Reader:
        return reader_at(tmp_path_factory.mktemp("models"), load(ROOT / "knowledge"))

    @pytest.fixture
    def reading(self, server: Server, learnt: Reader) -> None:
        """The real reader at the desk; the text is one that it doubts, no more and no less."""
        server.house.conversations.speech.second = learnt
        bounds = server.house.knowledge.guard.second_reader["promise"]
        assert bounds.look <= learnt.read(self.HINT)["promise"] < bounds.refuse

    async def test_a_doubtful_text_comes_back_and_goes_out_when_it_was_looked_at_again(
        self, server: Server, anna: AtDesk, served: Visitor, reading: None
    ) -> None:
        held = await anna.says(served, self.HINT)
        assert held.status_code == 422
        problem = held.json()
        assert problem["rules"] == ["second:promise"] and problem["completed_text"] is None
        assert problem["confirmable"] is True
        assert (await anna.says(served, self.HINT, confirmed=True)).status_code == 202
        internal = recorded(server, served).payload["internal"]
        assert internal["confirmed"] is True and internal["record"]["reader"]
        assert [f["rule"] for f in internal["findings"]] == ["second:promise"]

    async def test_nobody_confirms_what_he_was_not_asked_about(
        self, anna: AtDesk, served: Visitor, reading: None
    ) -> None:
        assert (await anna.says(served, self.HINT, confirmed=True)).status_code == 422

    async def test_another_text_than_the_one_asked_about_is_asked_about_itself(
        self, anna: AtDesk, served: Visitor, reading: None
    ) -> None:
        await anna.says(served, self.HINT)
        changed = await anna.says(served, self.HINT + "，您懂的", key="another-key", confirmed=True)
        assert changed.status_code == 422

    async def test_confirming_helps_nothing_against_a_refusal(
        self, anna: AtDesk, served: Visitor, reading: None
    ) -> None:
        await anna.says(served, PROMISE)
        assert (await anna.says(served, PROMISE, confirmed=True)).status_code == 422

    async def test_courtesy_goes_out_at_once(self, anna: AtDesk, served: Visitor, reading: None) -> None:
        assert (await anna.says(served, "好的，请稍等，马上为您查询。")).status_code == 202
