"""What must hold in every dialogue, whatever it is about. Measured by hand-written tables, not by the guard's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from dialogues import Dialogue
from support import Chat

from bot.conversation import store
from bot.conversation.model import Event
from bot.knowledge import Knowledge

# script (how its id begins) -> words that the law wants in the same message, copied by hand from the rules
MANDATORY = (
    (r"loan_", ("年化综合融资成本、各项息费以《个人贷款综合融资成本明示表》和合同为准", "逾期可能影响征信")),
    (r"wealth_(?!product_precious_metal)", ("理财非存款、产品有风险、投资须谨慎", "过往业绩不预示未来表现")),
    (r"wealth_\w*(fund|insurance|trust)", ("本行为代销机构，不承担产品的投资、兑付和风险管理责任",)),
    (r"wealth_product_insurance", ("保险不是存款，提前退保可能有损失",)),
    (r"wealth_product_precious_metal|foreign_exchange", ("价格有波动，可能发生损失，请谨慎决策",)),
    (r"deposit_product_structured", ("结构性存款不同于一般性存款，具有投资风险",)),
    (r"deposit_rate", ("最高偿付限额为人民币50万元",)),
    (r"fraud_|transfer_(howto|limit|time|failed|wrong)", ("本行不会向您索要密码、短信验证码或信用卡安全码",)),
    (r"transfer_fee|account_fee", ("收费标准以本行公布的《服务价格目录》为准",)),
)
CASE_WORDS = ("12378", "调解、仲裁、诉讼")  # where to appeal, beside every complaint's number
PROMISE = re.compile(r"(?<![不非无没])(?<!没有)(?:保本|保证收益|保收益|稳赚|零风险|无风险|包赚|肯定能批|百分百通过)")
# a rate, an amount or a time limit; 24小时 and the hours of emergency lines are no figures of a product
FIGURE = re.compile(r"\d[\d,.]*\s*(?:%|元|万元|个工作日|分钟|个月)|\d[\d,.]*\s*(?<!24)小时|\d\d:\d\d—\d\d:\d\d")
SOURCE = "数据来源："
PRIVATE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{16,19})(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")
BLANK = re.compile(r"\{\w+\}")


def broken(dialogue: Dialogue, chat: Chat, database: Path) -> list[str]:
    """Everything that must hold in any dialogue and did not in this one."""
    knowledge, events = chat.house.knowledge, chat.events
    said = [event for event in events if event.actor.kind in ("bot", "system")]
    return [
        *_chain(chat),
        *(f"seq {event.seq}: {what}" for event in said for what in _in_text(event, knowledge)),
        *_said_twice(said),
        *_unmasked(events),
        *_kept(dialogue, database),
    ]


def _chain(chat: Chat) -> Iterator[str]:
    with chat.house.db.transaction() as tx:
        at = store.broken_at(tx, chat.id)
    if at is not None:
        yield f"the hash chain does not hold at {at}"


def _in_text(event: Event, knowledge: Knowledge) -> Iterator[str]:
    text = event.payload.get("text", "")
    script = (event.payload.get("script") or {}).get("id", "")
    shown = {disclosure["id"] for disclosure in event.payload.get("disclosures") or ()}
    for begins, wanted in MANDATORY:
        if script and re.match(begins, script):
            yield from (f"{script} without “{words}”" for words in wanted if words not in text)
    for disclosure in shown:
        if knowledge.disclosures[disclosure].text not in text:
            yield f"{disclosure} is recorded but does not stand whole in the text"
    case = event.payload.get("case") or {}
    if case.get("number", "").startswith("TS"):
        yield from (f"complaint's number without “{words}”" for words in CASE_WORDS if words not in text)
    own = text.replace(knowledge.bank.hours, "")  # when people answer here is the bank's own word, not a figure
    for disclosure_id in shown:
        own = own.replace(knowledge.disclosures[disclosure_id].text, "")
    if script and FIGURE.search(own) and SOURCE not in own:
        yield f"{script}: a figure ({FIGURE.search(own)[0]}) without a source"
    if found := PROMISE.search(own):
        yield f"a promise: {found[0]}"
    if found := BLANK.search(text):
        yield f"a blank was not filled in: {found[0]}"
    if event.kind == "message" and not text.strip():
        yield "an empty message"


def _said_twice(said: Sequence[Event]) -> Iterator[str]:
    """Never the identical answer twice in a row (design: rule 4)."""
    answers = [event for event in said if event.payload.get("script")]
    for one, other in pairwise(answers):
        if one.payload["text"] == other.payload["text"]:
            yield f"seq {other.seq}: the same answer word for word as at {one.seq}"


def _unmasked(events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        # keys and digests are ours and hold no customer's words
        payload = {name: value for name, value in event.payload.items() if name not in ("internal", "case")}
        if found := PRIVATE.search(json.dumps(payload, ensure_ascii=False)):
            yield f"seq {event.seq}: unmasked {found[0]}"


def _kept(dialogue: Dialogue, database: Path) -> Iterator[str]:
    """What is private stands nowhere in the database, Rasa's memory and drafts included."""
    typed = [step.what for step in dialogue.steps if step.does == "customer"]
    private = {*dialogue.private, *(found[0] for text in typed for found in PRIVATE.finditer(text))}
    files = [path for path in database.parent.glob(database.name + "*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    for value in sorted(private):
        if any(form.encode() in content for form in (value, json.dumps(value)[1:-1])):
            yield f"{value} is kept in the database as it was typed"
