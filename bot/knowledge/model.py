"""What the bank says, as frozen objects. The YAML in `knowledge/` is their only source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.knowledge.bank import Bank as Bank
from bot.knowledge.bank import Branch as Branch
from bot.knowledge.bank import Institutions as Institutions
from bot.knowledge.bank import Place as Place
from bot.knowledge.complaints import Complaints as Complaints
from bot.knowledge.complaints import SeverityRule as SeverityRule
from bot.knowledge.complaints import Sla as Sla
from bot.knowledge.escalation import Complexity
from bot.knowledge.escalation import Escalation as Escalation
from bot.knowledge.fields import Dated, Frozen, Identifier, Label, Text, TimeOfDay
from bot.knowledge.guard import Guard as Guard
from bot.knowledge.guard import Promise as Promise
from bot.knowledge.replies import Reply as Reply
from bot.knowledge.survey import Survey as Survey


def two_wordings(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) < 2:
        raise ValueError("至少要有两种说法：第二种用于客户再次询问时，避免重复同一段话")
    return texts


class Choice(Frozen):
    """A button under a message: `id` is a script's id or a reserved word (design: "On the wire")."""

    id: str
    label: Label


class Figure(Dated):
    """A rate, fee, limit or time. Never shown without its source and date (004-58)."""

    id: Identifier
    label: str
    value: Decimal | str
    unit: str = ""
    source: Text
    as_of: date
    authority: str = Field(..., description="what decides in the end: 以…为准")
    low: Decimal | None = Field(None, description="a value under it is a slip of the pen, and so is one over `high`")
    high: Decimal | None = None
    spoken: tuple[str, ...] = Field((), description="how people speak of it, as in guard.yml: 吞卡…【保管/取】")
    sample: bool = False


class Disclosure(Dated):
    """A mandatory text, whole and unshortened, in the same message as its topic (requirements 2C)."""

    id: Identifier
    version: int = Field(..., ge=1)
    title: str
    topics: tuple[str, ...]
    text: Text
    legal_basis: str
    confirmed: bool = Field(..., description="False: to be confirmed by compliance")
    valid_from: date
    author: str = ""
    approved_by: str = ""
    approved_on: date | None = None


class Variant(Frozen):
    """Wordings of an answer for those who read it elsewhere or otherwise: in WeChat, in large type, in both."""

    channel: Literal["web", "wechat"] | None = Field(None, description="without it: on every channel")
    large_type: bool = Field(False, description="only for those who read in large type")
    texts: tuple[Text, ...]

    _two = validator("texts", allow_reuse=True)(two_wordings)

    @root_validator(skip_on_failure=True)
    def _differs(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["channel"] is None and not values["large_type"]:
            raise ValueError("要写明 channel（渠道）或 large_type: true（关怀版），否则和 texts 没有分别")
        return values

    @property
    def name(self) -> str:
        return "+".join(filter(None, [self.channel, "large_type" if self.large_type else None]))

    def suits(self, channel: str | None, large_type: bool) -> bool:
        return self.channel in (None, channel) and self.large_type <= large_type


class Script(Dated):
    """An approved answer. `texts` are approved wordings of one answer: the second is for a customer who asks again.

    Without approver and date of approval it is a draft: it is loaded, so that it is checked, and never said.
    """

    id: Identifier
    version: int = Field(..., ge=1)
    title: str = Field(..., description="the question in the customer's words, for asking back and for search")
    intent: str
    product: str | None = None
    topics: tuple[str, ...] = ()
    texts: tuple[Text, ...]
    variants: tuple[Variant, ...] = Field((), description="other wordings where they are read otherwise")
    choices: tuple[Choice, ...] = ()
    disclosures: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    urgent: bool = Field(False, description="fraud, danger to life: answered at any hour, then a person")
    follow_up: bool = Field(False, description="reached by a choice, by search or by `when`, never by the intent alone")
    when: tuple[str, ...] = Field((), description="words of a question that make this, not the main answer, its answer")
    unless: tuple[str, ...] = Field((), description="words that keep it with the main answer all the same")
    keywords: tuple[str, ...] = Field((), description="further words by which agents look for it")
    valid_from: date
    valid_to: date
    author: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    sample: bool = False

    _two = validator("texts", allow_reuse=True)(two_wordings)

    @validator("variants")
    def _each_once(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        if len({variant.name for variant in variants}) < len(variants):
            raise ValueError("同一渠道、同一字号的说法写了两组")
        return variants

    def wordings(self, channel: str | None = None, large_type: bool = False) -> tuple[str, tuple[Text, ...]]:
        """The name of the variant that suits the reader best ("": none), and its texts. Large type counts most."""
        suiting = [variant for variant in self.variants if variant.suits(channel, large_type)]
        best = max(suiting, key=lambda v: (v.large_type, v.channel is not None), default=None)
        return ("", self.texts) if best is None else (best.name, best.texts)

    def every_text(self) -> Iterator[tuple[tuple[str | int, ...], Text]]:
        """All that may be said of it, each with its place in the file."""
        yield from ((("texts", i), text) for i, text in enumerate(self.texts))
        for n, variant in enumerate(self.variants):
            yield from ((("variants", n, "texts", i), text) for i, text in enumerate(variant.texts))

    @property
    def draft(self) -> bool:
        return not (self.approved_by and self.approved_on)

    def valid_on(self, day: date) -> bool:
        return not self.draft and self.in_force(day)

    def answers(self, intent: str, product: str | None) -> bool:
        return not self.follow_up and (self.intent, self.product) == (intent, product)

    def named_by(self, question: str) -> int:
        """How long the longest of `when` in a normalised question is; 0: the question does not mean this one."""
        if any(word in question for word in self.unless):
            return 0
        return max((len(word) for word in self.when if word in question), default=0)


class Phrase(Frozen):
    """A line of the assistant itself (queue notices, prompts, apologies), with named blanks."""

    id: Identifier
    text: str
    choices: tuple[Choice, ...] = ()


class Reference(Frozen):
    """Which version of a script or disclosure was delivered."""

    id: str
    version: int


class Rendered(Frozen):
    """A script made ready to be said: figures filled in, sources named. Disclosures are added by the guard."""

    text: str
    variant: str  # of the wording; "": none
    script: Reference
    topics: tuple[str, ...]
    disclosures: tuple[str, ...]
    figures: tuple[str, ...]
    choices: tuple[Choice, ...]


class Span(Frozen):
    """A stretch of a day, Beijing time, "HH:MM" to "HH:MM"."""

    start: TimeOfDay
    end: TimeOfDay


class Calendar(Frozen):
    """knowledge/calendar.yml: service hours, and days that differ from the published holiday calendar."""

    desk_hours: tuple[Span, ...]
    office_hours: tuple[Span, ...]
    desk_open_on_holidays: bool
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    complete_years: tuple[int, ...] = Field((), description="years whose days are all given in this file")


class Product(Frozen):
    """A product entity: its value, its name, and how customers call it."""

    id: Identifier
    name: str
    words: tuple[str, ...]
    unless: tuple[Text, ...] = Field((), description="longer words that hold one of those and mean something else")
    topics: tuple[str, ...] = ()


class Intent(Frozen):
    """A label in the customer's words, for asking back; and whether it counts as a question."""

    id: str
    words: str = Field(..., description="as in: 您是想问{words}吗？")
    kind: Literal["question", "talk", "control", "none"]
    topics: tuple[str, ...] = Field((), description="what every answer to it is about, where no product says otherwise")
    about: str = Field("", max_length=8, description="its matter in a word: 挂失. A later 多久 is read beside it")
    complexity: Complexity = Field("medium", alias="class", description="how hard it is to answer (004-55)")


class Jargon(Frozen):
    """A word of the trade, and plain words one of which must stand beside it. Without any: it is not to be used."""

    word: Text
    plain: tuple[str, ...] = ()


class Tone(Frozen):
    """knowledge/tone.yml: how a text sounds. Only warnings come of it."""

    longest_sentence: int = Field(..., ge=20, description="in characters; a figure counts for four")
    exclamations: int = Field(..., ge=0, description="in one text")
    impolite: tuple[str, ...]
    blame: tuple[str, ...]
    unless: tuple[str, ...] = Field((), description="wordings that hold one of those words and are proper")
    jargon: tuple[Jargon, ...]
