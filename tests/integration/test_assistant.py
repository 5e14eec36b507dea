"""The assistant with the trained model: words come in, acts go out, and no turn can break the next."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant, TurnFailed, TurnTimeout
from bot.assistant import store as memory
from bot.conversation.model import Act, Answer, Flow, Handover, Line, TurnInput
from bot.db import Database, metadata
from bot.errors import StoreUnavailable
from bot.nlu import environment
from bot.nlu.train import train
from bot.settings import from_env
from bot.wiring import House, build

pytestmark = pytest.mark.model

LONG = 30.0
SOON = 0.5


@pytest.fixture(scope="module")
def model() -> Path:
    """The current model; trained first where its sources have changed."""
    return train(environment.home() / "models")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = build(from_env({"QIANTAI_HOME": str(tmp_path_factory.mktemp("home"))}))
    metadata.create_all(made.db.engine)
    return made


@pytest.fixture(scope="module")
def assistant(model: Path, house: House) -> Iterator[Assistant]:
    made = Assistant(model, house, house.db)
    made.start()
    yield made
    made.stop()


class Talk:
    """One conversation: says texts in order and keeps the flow as `conversation` would."""

    def __init__(self, assistant: Assistant, house: House) -> None:
        self.assistant = assistant
        self.house = house
        self.id = house.conversations.start("web").id
        self.flow: str | None = None

    async def say(
        self, text: str, choice: str | None = None, script: tuple[str, str] | None = None
    ) -> tuple[Any, tuple[Act, ...]]:
        key = f"key-{time.monotonic_ns()}"
        given = {"choice": choice} if choice else {"text": text}
        seq = self.house.conversations.receive(self.id, key, **given)
        output = await self.assistant.handle(TurnInput(self.id, seq, text, choice, self.flow, script), LONG)
        for act in output.acts:
            if isinstance(act, Flow):
                self.flow = act.name
        return output.understanding, output.acts


@pytest.fixture
def talk(assistant: Assistant, house: House) -> Talk:
    return Talk(assistant, house)


@pytest.mark.parametrize(
    "text, intent, product",
    [
        ("房贷利率是多少", "loan_rate", "mortgage"),
        ("你們幾點開門", "branch_hours", None),  # traditional characters
        ("大额存单３年利率多少", "deposit_rate", "large_cd"),  # full width
        ("登陆不了手机银行", "ebank", "mobile_bank"),  # a usual slip of the pen
        ("怎么提前还贷", "loan_repayment", None),
    ],
)
async def test_a_question_is_answered_by_script(
    talk: Talk, house: House, text: str, intent: str, product: str | None
) -> None:
    understood, (answer,) = await talk.say(text)
    assert (understood.intent, understood.product) == (intent, product)
    assert isinstance(answer, Answer) and house.knowledge.scripts[answer.script].intent == intent
    assert understood.text == text
    assert len(understood.candidates) == 3 and understood.model.startswith("qiantai-")


async def test_entities_of_one_message(talk: Talk) -> None:
    understood, _ = await talk.say("10万存三年定期利息多少 尾号1234")
    found = {e["entity"]: e["value"] for e in understood.entities}
    assert found == {"amount": "100000", "term": "P3Y", "product": "time_deposit", "card_tail": "1234"}


@pytest.mark.parametrize("text", ["我不想活了", "我被骗了两万块怎么办", "卡被盗刷了"])
async def test_danger_brings_a_person_at_once(talk: Talk, text: str) -> None:
    _, acts = await talk.say(text)
    assert isinstance(acts[0], Answer)
    assert acts[1] == Handover("urgent")


async def test_a_person_in_one_step(talk: Talk) -> None:
    assert (await talk.say("转人工"))[1] == (Handover("asked"),)


@pytest.mark.parametrize(
    "text",
    [
        "/human_agent",
        '/complaint{"x":1}',
        "／human_agent",
        "  /restart",
        "/session_start",
        "/back",
        '/loan_rate{"script": "loan_rate_mortgage"}',
        "//human_agent",
    ],
)
async def test_a_typed_payload_does_nothing(talk: Talk, text: str) -> None:
    understood, acts = await talk.say(text)
    assert understood.intent == "nlu_fallback" and understood.candidates == ()
    assert acts == (Line("not_understood"),)


async def test_words_after_a_slash_are_words(talk: Talk) -> None:
    understood, _ = await talk.say("/房贷利率多少")
    assert understood.intent == "loan_rate" and understood.confidence < 1


async def test_a_choice_is_exact(talk: Talk, house: House) -> None:
    script = next(s for s in house.knowledge.scripts.values() if s.intent == "loan_rate" and s.product == "mortgage")
    understood, acts = await talk.say(script.title, choice=script.id, script=(script.id, script.intent))
    assert acts == (Answer(script.id),)
    assert (understood.intent, understood.confidence) == ("loan_rate", 1.0)


async def test_a_choice_nobody_knows_fails_the_turn(assistant: Assistant) -> None:
    with pytest.raises(TurnFailed):
        await assistant.handle(TurnInput("c", 1, "x", choice="no_such_choice"), LONG)


async def test_complaint_told_reachable_confirmed(talk: Talk, house: House) -> None:
    await talk.say("我要投诉")
    assert talk.flow == "complaint:facts"
    await talk.say("昨天下午在网点排队两个小时 柜员态度恶劣还骂人")
    assert talk.flow == "complaint:request"
    await talk.say("就在这里联系我")
    assert talk.flow == "complaint:confirm"
    _, acts = await talk.say("", choice="confirm")
    opened = next(act for act in acts if isinstance(act, Line) and act.phrase == "complaint_opened")
    assert opened.case is not None and opened.case["number"].startswith("TS")
    assert talk.flow is None
    assert (await talk.say("谢谢"))[1][0] == Line("thanks")


@pytest.mark.parametrize("text", ["谢谢", "你好", "好的", "今天天气怎么样"])
async def test_while_a_complaint_is_open_its_rule_is_the_more_specific_and_wins(talk: Talk, text: str) -> None:
    outside = (await talk.say(text))[1]
    await talk.say("我要投诉")
    inside = (await talk.say(text))[1]
    assert not any(isinstance(act, Line) and act.phrase.startswith("complaint") for act in outside)
    assert any(isinstance(act, Line) and act.phrase.startswith("complaint") for act in inside)


async def test_rasas_slot_follows_the_conversation(talk: Talk) -> None:
    """The flow was ended elsewhere (a handover, a person): Rasa must not believe that it is still open."""
    await talk.say("我要投诉")
    talk.flow = None
    assert (await talk.say("谢谢"))[1][0] == Line("thanks")


async def test_an_emoji_or_a_vague_yes_confirms_nothing(talk: Talk, house: House) -> None:
    await talk.say("我要投诉")
    await talk.say("昨天在网点排队两个小时没人理我")
    await talk.say("就在这里联系我")
    await talk.say("不想留电话")
    for vague in ("👍", "嗯"):
        acts = (await talk.say(vague))[1]
        assert not any(isinstance(act, Line) and act.phrase == "complaint_opened" for act in acts)
    assert talk.flow == "complaint:confirm"


async def test_the_product_named_before_is_remembered_over_a_restart(
    assistant: Assistant, model: Path, house: House
) -> None:
    conversation_id = house.conversations.start("web").id

    async def asks(who: Assistant, text: str) -> tuple[Act, ...]:
        house.conversations.receive(conversation_id, f"key-{text}", text=text)
        claimed = house.conversations.claim_turn(conversation_id, LONG)
        assert claimed is not None
        output = await who.handle(claimed[1], LONG)
        assert house.conversations.finish_turn(claimed[0], output)
        return output.acts

    await asks(assistant, "房贷利率是多少")
    again = Assistant(model, house, house.db)
    again.start()
    try:
        (answer,) = await asks(again, "贷款利率现在是多少")
    finally:
        again.stop()
    assert isinstance(answer, Answer) and house.knowledge.scripts[answer.script].product == "mortgage"


async def test_the_same_question_gets_the_same_answer(talk: Talk) -> None:
    said = [(await talk.say("转账限额是多少"))[1] for _ in range(12)]
    assert len(set(said)) == 1


async def test_memory_stays_small(talk: Talk, house: House) -> None:
    for _ in range(30):
        await talk.say("你好")
    with house.db.transaction() as tx:
        kept = memory.load(tx, talk.id)
    assert kept is not None and 0 < len(kept) < 200


async def test_long_and_strange_texts_are_answered(talk: Talk) -> None:
    for text in ("怎么" * 500, "<script>alert(1)</script>", "'; DROP TABLE cases; --", "a\u200bb", "……", "１２３"):
        assert (await talk.say(text))[1]


async def test_no_customer_text_in_any_log_at_any_level(
    talk: Talk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "我的房贷提前还款要违约金吗 独一无二的一句话"
    with caplog.at_level(logging.DEBUG):
        await talk.say(secret)
    assert "独一无二" not in caplog.text
    assert "独一无二" not in "".join(capfd.readouterr())


@dataclass(frozen=True)
class Services:
    knowledge: Any
    tickets: Any
    clock: Any
    asking: Any


class NoCases:
    """Nobody here has a case."""

    @property
    def proofs(self) -> NoCases:
        return self

    def open(self, conversation_id: str) -> bool:
        return False

    def about(self, conversation_id: str, text: str) -> bool:
        return False

    def keeps(self, conversation_id: str) -> bool:
        return False


class BrokenTickets:
    """The complaint store is down, or hangs until released."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.hang = False

    def advance_draft(self, *_: Any, **__: Any) -> list[Act]:
        if self.hang:
            self.release.wait(LONG)
            return [Line("complaint_facts"), Flow("complaint:facts")]
        raise StoreUnavailable()


@pytest.fixture
def tickets() -> BrokenTickets:
    return BrokenTickets()


@pytest.fixture
def fragile(model: Path, house: House, tickets: BrokenTickets) -> Iterator[Assistant]:
    made = Assistant(model, Services(house.knowledge, tickets, house.clock, NoCases()), house.db)
    made.start()
    yield made
    tickets.release.set()
    made.stop()


def remembered(house: House, conversation_id: str) -> bool:
    with house.db.transaction() as tx:
        return memory.load(tx, conversation_id) is not None


async def test_a_failing_action_fails_its_turn_and_leaves_no_memory(
    fragile: Assistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TurnFailed):
        await fragile.handle(TurnInput("fail", 1, "我要投诉"), LONG)
    assert not remembered(house, "fail")
    assert "StoreUnavailable" in caplog.text and "投诉" not in caplog.text
    assert (await fragile.handle(TurnInput("fail", 2, "你好"), LONG)).acts == (Line("greet"),)


async def test_a_late_turn_is_dropped_and_others_go_on(
    fragile: Assistant, house: House, tickets: BrokenTickets
) -> None:
    tickets.hang = True
    with pytest.raises(TurnTimeout):
        await fragile.handle(TurnInput("late", 1, "我要投诉"), SOON)
    assert (await fragile.handle(TurnInput("other", 1, "你好"), LONG)).acts == (Line("greet"),)
    assert fragile.alive()
    late = next(
        thread for thread in threading.enumerate() if thread.name == "assistant" and getattr(thread, "retired", 0)
    )
    tickets.release.set()
    late.join(LONG)
    assert not late.is_alive()
    assert not remembered(house, "late")  # what it did in the end was not kept


async def test_a_lost_database_fails_the_turn_and_is_no_new_customer(model: Path, house: House, tmp_path: Path) -> None:
    lost = Assistant(
        model,
        house,
        Database(f"sqlite:///{tmp_path}/no/such/folder/x.db"),
    )
    lost.start()
    try:
        with pytest.raises(TurnFailed) as failed:
            await lost.handle(TurnInput("c", 1, "你好"), LONG)
    finally:
        lost.stop()
    assert isinstance(failed.value.__cause__, StoreUnavailable)


async def test_not_started_or_stopped_is_a_failed_turn(model: Path, house: House) -> None:
    idle = Assistant(model, house, house.db)
    assert not idle.alive()
    with pytest.raises(TurnFailed):
        await idle.handle(TurnInput("c", 1, "你好"), LONG)


async def test_the_main_loop_stays_free_during_turns(talk: Talk) -> None:
    """Event streams and WeChat's five seconds must not wait for a turn."""
    import asyncio

    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    await talk.say("年底想把旧房子换了，先打听打听房贷利率")  # not asked before: what was is remembered, and no work
    ticking.cancel()
    assert ticks > 10
