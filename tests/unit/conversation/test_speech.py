"""The only door out: what the guard makes of a text is what is stored, and what is stored is what was delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.clock import FrozenClock
from bot.conversation import store
from bot.conversation.model import BOT, SYSTEM, Actor, Conversation
from bot.conversation.speech import Speech, Utterance
from bot.db import Tx
from bot.errors import RefusedByGuard
from bot.knowledge import Knowledge
from bot.knowledge.model import Choice, Label
from bot.wiring import House

MEI = Actor("agent", "客服001")
UNWARNED = "我们的天天盈理财近期收益不错，您可以看看。"
PROMISE = "这款理财保本保收益，您放心买。"


@pytest.fixture
def tx(house: House) -> Iterator[Tx]:
    with house.db.transaction() as tx:
        yield tx


@pytest.fixture
def conversation(tx: Tx, clock: FrozenClock) -> Conversation:
    return store.create(tx, channel="web", at=clock.now(), large_type=False, former_id=None)


@pytest.fixture
def speech(said: Knowledge) -> Speech:
    return Speech(said)


def texts(said: Knowledge, event_payload: dict) -> list[str]:
    return [said.disclosures[shown["id"]].text for shown in event_payload["disclosures"]]


class TestTheAssistant:
    def test_an_answer_about_wealth_leaves_with_its_warning_whole(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock, said: Knowledge
    ) -> None:
        _, event = speech.say(tx, conversation, clock.now(), Utterance(UNWARNED, topics=("wealth",)))
        assert event.payload["disclosures"]
        assert event.payload["text"].startswith(UNWARNED)
        assert all(text in event.payload["text"] for text in texts(said, event.payload))

    def test_every_script_of_today_passes_the_door_in_every_wording(
        self, speech: Speech, said: Knowledge, clock: FrozenClock
    ) -> None:
        """Otherwise a customer gets the safe line where an approved answer stands ready."""
        today = clock.now().date()
        refused = [
            (script.id, wording, [finding.words for finding in verdict.findings])
            for script in said.scripts.values()
            if script.valid_on(today)
            for wording in range(len(script.texts))
            if (verdict := speech.preview(speech.script(script.id, wording, clock.now()), clock.now())).action
            == "refuse"
        ]
        assert refused == []

    def test_a_forbidden_promise_is_replaced_by_the_safe_line_and_kept_for_the_record(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock, said: Knowledge
    ) -> None:
        _, event = speech.say(tx, conversation, clock.now(), Utterance(PROMISE, topics=("wealth",)))
        assert event.payload["text"].startswith(said.phrase("guard_safe")[0])
        assert PROMISE not in event.payload["text"]
        assert event.payload["internal"]["refused"] == PROMISE

    def test_choices_are_shown_once_even_when_offered_twice(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock
    ) -> None:
        human, solved = Choice(id="human", label=Label("转人工")), Choice(id="solved", label=Label("已解决"))
        line = Utterance("请问还有什么可以帮您？", choices=(human,))
        _, event = speech.say(tx, conversation, clock.now(), line, extra_choices=[human, solved])
        assert [choice["id"] for choice in event.payload["choices"]] == ["human", "solved"]

    def test_a_change_of_state_carries_state_and_holder_and_a_message_does_not(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock
    ) -> None:
        conversation, event = speech.say(tx, conversation, clock.now(), Utterance("", kind="state"), actor=SYSTEM)
        assert (event.payload["state"], event.payload["holder"]) == ("BOT", "bot")
        _, event = speech.say(tx, conversation, clock.now(), Utterance("您好"), actor=BOT)
        assert not {"state", "holder"} & set(event.payload)

    def test_an_expired_warning_is_not_used(self, speech: Speech, said: Knowledge, clock: FrozenClock) -> None:
        """A warning of yesterday is no warning: the text that needs it may not leave."""
        warning = next(iter(said.disclosures.values()))
        clock.set(clock.now().replace(year=warning.valid_from.year - 1))
        verdict = speech.preview(Utterance("您好", required=(warning.id,)), clock.now())
        assert verdict.action == "refuse"


class TestAnAgent:
    def test_a_plain_text_is_delivered_as_typed(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock
    ) -> None:
        _, event = speech.say(tx, conversation, clock.now(), Utterance("您好，我来帮您看看。"), actor=MEI)
        assert (event.payload["text"], event.actor) == ("您好，我来帮您看看。", MEI)

    @pytest.mark.parametrize("text", [UNWARNED, PROMISE])
    def test_a_text_that_may_not_leave_is_refused_with_reasons_and_nothing_is_stored(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock, text: str
    ) -> None:
        with pytest.raises(RefusedByGuard) as refused:
            speech.say(tx, conversation, clock.now(), Utterance(text), actor=MEI)
        assert refused.value.extra["rules"] and refused.value.extra["reasons"]
        assert store.read(tx, conversation.id) == []

    def test_the_completed_version_that_is_offered_may_leave(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock
    ) -> None:
        with pytest.raises(RefusedByGuard) as refused:
            speech.say(tx, conversation, clock.now(), Utterance(UNWARNED), actor=MEI)
        completed = refused.value.extra["completed_text"]
        _, event = speech.say(tx, conversation, clock.now(), Utterance(completed), actor=MEI)
        assert event.payload["text"] == completed

    @pytest.mark.parametrize("text", [UNWARNED, PROMISE])
    def test_an_override_stands_in_the_record_and_never_drops_a_mandatory_text(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock, said: Knowledge, text: str
    ) -> None:
        _, event = speech.say(
            tx, conversation, clock.now(), Utterance(text), actor=MEI, override_reason="主管已核实客户所指"
        )
        assert event.payload["internal"]["override"] == {"reason": "主管已核实客户所指", "text": text}
        assert event.payload["internal"]["findings"]
        assert all(warning in event.payload["text"] for warning in texts(said, event.payload))
        assert text in event.payload["text"]

    def test_a_reason_that_nothing_needed_is_no_override(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock
    ) -> None:
        _, event = speech.say(tx, conversation, clock.now(), Utterance("您好"), actor=MEI, override_reason="怕被拦")
        assert "override" not in event.payload.get("internal", {})


class TestTheCustomersOwnWords:
    """A line of ours may repeat them: they are no promise of ours, and they come back letter by letter."""

    @pytest.mark.parametrize(
        "quoted",
        [("柜员说保本保收益",), ("保本", "0"), ("0", "1"), ("", "保本"), ("1", "保本"), ("保本", "保本保收益")],
    )
    def test_are_delivered_as_they_were_written(
        self, tx: Tx, conversation: Conversation, speech: Speech, clock: FrozenClock, quoted: tuple[str, ...]
    ) -> None:
        text = "已记下您说的：" + "；".join(quoted) + "。"
        _, event = speech.say(tx, conversation, clock.now(), Utterance(text, quoted=quoted))
        assert event.payload["text"].startswith(text)
        assert "refused" not in event.payload.get("internal", {})

    def test_excuse_nothing_that_we_say_beside_them(self, speech: Speech, clock: FrozenClock) -> None:
        text = f"已记下您说的：利息低。{PROMISE}"
        assert speech.preview(Utterance(text, quoted=("利息低",)), clock.now()).action == "refuse"


class TestRecord:
    """What a text was made of and judged by stands in its event: `qiantai evidence` finds it years later."""

    def test_of_a_script_names_its_content_its_figures_its_warnings_and_the_guard(
        self, speech: Speech, tx: Tx, conversation: Conversation, clock: FrozenClock, said: Knowledge
    ) -> None:
        utterance = speech.script("loan_rate_mortgage", 0, clock.now())
        _, event = speech.say(tx, conversation, clock.now(), utterance)
        record = event.payload["internal"]["record"]
        made_of = {(kind, id_): digest for kind, id_, digest in record["items"]}
        assert (record["verdict"], record["knowledge"]) == ("complete", said.digest[:32])
        wanted = {("script", "loan_rate_mortgage"), ("guard", "guard")}
        wanted |= {("figure", id_) for id_ in event.payload["internal"]["figures"]}
        wanted |= {("disclosure", shown["id"]) for shown in event.payload["disclosures"]}
        assert made_of == {key: said.digests[key] for key in wanted}

    def test_of_a_refused_text_keeps_why_and_what_it_was_made_of(
        self, speech: Speech, tx: Tx, conversation: Conversation, clock: FrozenClock, said: Knowledge
    ) -> None:
        promising = replace(speech.script("branch_hours", 0, clock.now()), text=PROMISE, script=None)
        _, event = speech.say(tx, conversation, clock.now(), promising)
        internal = event.payload["internal"]
        assert internal["refused"] == PROMISE and internal["findings"]
        assert internal["record"]["verdict"] == "refuse"
        assert ("script", "branch_hours", said.digests["script", "branch_hours"]) in internal["record"]["refused"]
        assert ("phrase", "guard_safe", said.digests["phrase", "guard_safe"]) in internal["record"]["items"]

    def test_stands_not_where_nothing_was_said(
        self, speech: Speech, tx: Tx, conversation: Conversation, clock: FrozenClock
    ) -> None:
        _, event = speech.say(tx, conversation, clock.now(), Utterance("", kind="state", internal={"note": "x"}))
        assert event.payload["internal"] == {"note": "x"}
