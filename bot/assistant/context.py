"""What a message means here: with the matter before it where it leans on that, and as two where it holds two.

The model judges words alone. 多久 after an answer about a lost card asks how long that takes; 那信用贷呢 asks the same
of another product; 限额多少，另外手续费呢 asks two things, and each gets its answer with its warnings.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from actions.turn import product_of
from bot.conversation.model import Earlier
from bot.knowledge import Knowledge
from bot.knowledge.vocabulary import FALLBACK
from bot.text.matters import leans, parts

Parsed = dict[str, Any]
Parse = Callable[[str], Awaitable[Parsed]]

SURE = 0.6  # a part of a message below it is no matter of its own
SUSPECTED, DANGEROUS = 0.05, 0.9  # danger in a whole that seems to be something else; in a part of it
SURE_TOGETHER = 0.4  # with the earlier matter beside it; below it the message stands alone


@dataclass(frozen=True)
class Meaning:
    """`parsed` is Rasa's; `text` what of the message it is about; `with_earlier` what was put beside it."""

    parsed: Parsed
    text: str
    with_earlier: str = ""


async def meanings(text: str, earlier: Earlier | None, parse: Parse, said: Knowledge) -> list[Meaning]:
    """One, or two in the order in which they stand."""
    alone = Meaning(await parse(text), text)
    if earlier is not None and (leant := await _with_earlier(alone, earlier, parse, said)):
        return [leant]
    if _is_pressing(alone, said):
        return [alone]
    if danger := await _danger(alone, parse, said):
        return [danger]
    found = [one async for one in _apart(parts(text), parse, said)]
    if not found and _label(alone) == FALLBACK:  # a comma parts matters only where the whole makes no sense
        cut = parts(text, weak=True)
        found = [one async for one in _apart(cut, parse, said)] if not any(map(leans, cut)) else []
    sure = [one for one in found if _confidence(one) >= SURE]
    if pressing := [one for one in sure if _is_pressing(one, said)]:
        return [Meaning(pressing[0].parsed, text)]
    matters = [one for one in sure if _kind(one, said) == "question"]
    if len(matters) == 2 and _label(matters[0]) != _label(matters[1]):
        return matters
    if matters and _kind(alone, said) != "question":  # small talk in front of a question is not the question
        return [Meaning(matters[0].parsed, text)]
    return [alone]


async def _danger(alone: Meaning, parse: Parse, said: Knowledge) -> Meaning | None:
    """手机丢了，银行卡绑在微信上要不要紧 is read as a question of binding; its first part is danger beyond doubt."""
    urgent = said.escalation.urgent_intents
    ranked = alone.parsed.get("intent_ranking") or ()
    if not any(one["name"] in urgent and one["confidence"] >= SUSPECTED for one in ranked):
        return None
    for part in parts(alone.text, weak=True):
        one = Meaning(await parse(part), alone.text)
        if _label(one) in urgent and _confidence(one) >= DANGEROUS:
            return one
    return None


async def _apart(cut: list[str], parse: Parse, said: Knowledge) -> AsyncIterator[Meaning]:
    """Each part by itself, or beside the one before it where it leans on that: 房贷利率多少？要带什么."""
    before: Earlier | None = None
    for part in cut:
        one = Meaning(await parse(part), part)
        if before is not None and (leant := await _with_earlier(one, before, parse, said)):
            one = leant
        if _kind(one, said) == "question":
            before = Earlier(_label(one), product_of(one.parsed) or (before.product if before else None))
        yield one


async def _with_earlier(alone: Meaning, earlier: Earlier, parse: Parse, said: Knowledge) -> Meaning | None:
    how = leans(alone.text)
    product = product_of(alone.parsed)
    if how == "thing" and product is not None:
        if _answered(earlier.intent, product, said):
            parsed = {**alone.parsed, "intent": {"name": earlier.intent, "confidence": 1.0}}
            return Meaning(parsed, alone.text, said.intents[earlier.intent].words)
        return None
    if how is None:
        return None
    known = said.products.get(earlier.product or "")
    intent = said.intents.get(earlier.intent)
    for name in filter(None, (known and known.name, intent and intent.about)):
        together = Meaning(await parse(f"{name}{alone.text}"), alone.text, str(name))
        if _kind(together, said) == "question" and _confidence(together) >= SURE_TOGETHER:
            return together
    return None


def _answered(intent: str, product: str, said: Knowledge) -> bool:
    return any(script.answers(intent, product) and not script.draft for script in said.scripts.values())


def _is_pressing(one: Meaning, said: Knowledge) -> bool:
    """Danger, a complaint, a person: nothing stands beside them."""
    return _label(one) in said.escalation.urgent_intents or _kind(one, said) == "control"


def _label(one: Meaning) -> str:
    return str((one.parsed.get("intent") or {}).get("name") or FALLBACK)


def _confidence(one: Meaning) -> float:
    return float((one.parsed.get("intent") or {}).get("confidence") or 0.0) if _label(one) != FALLBACK else 0.0


def _kind(one: Meaning, said: Knowledge) -> str:
    known = said.intents.get(_label(one))
    return known.kind if known is not None else "none"
