"""Personal data out of typed text: a token stays, the value goes to the vault, secrets go nowhere. Pure.

Everything is looked for in `normalise(text)`, which keeps offsets, so full-width digits, traditional characters and
invisible characters between digits hide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.text import mask_names, mask_numbers, mask_secrets
from bot.text.normalise import normalise

# Exactly the shapes that `mask` writes: text that only looks like a token hides nothing behind it.
_TOKEN = re.compile(
    r"〔(?:(?:手机|电话|证件|卡号)·尾号[0-9xX]{4}|邮箱·[^\s〕]\*{3}|姓名·[\u4e00-\u9fff]\*|已删除·(?:密码|验证码|安全码))〕"
)
_EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_TICKET = re.compile(r"(?<![a-z])[a-z]{2,4}-?\d{6,8}-\d{4,8}(?!\d)")  # TS20261122-000001


@dataclass(frozen=True)
class Found:
    """One value. `kind` is phone, id, card, email or name; `value` is canonical (what the vault finds it by)."""

    kind: str
    value: str
    tail: str
    token: str


@dataclass(frozen=True)
class Masked:
    text: str
    found: tuple[Found, ...]
    secrets: bool  # a password, code or CVV was removed: the customer is warned (acceptance 7)


@dataclass(frozen=True)
class _Cut:
    start: int
    end: int
    token: str
    found: Found | None = None


def named(name: str) -> Found:
    """A name that a form has asked for: nothing has to be recognised."""
    initial = name[0] if "\u4e00" <= name[0] <= "\u9fff" else "某"
    return Found("name", name, f"{initial}*", f"〔姓名·{initial}*〕")


def is_token(text: str) -> bool:
    """It stands for a value already, and is none."""
    return bool(_TOKEN.fullmatch(text.strip()))


def mask(text: str, names: bool = False) -> Masked:
    """`names`: also people's names, where the text is an answer to a form or stands beside a phone number.

    Repeated until nothing is found, because a token shortens what stood between two words: so masking what is masked
    changes nothing, wherever in the product it happens again.
    """
    found: dict[tuple[str, str], Found] = {}
    secrets = False
    while cuts := _find(text, names):
        for cut in cuts:
            if cut.found is None:
                secrets = True
            else:
                found.setdefault((cut.found.kind, cut.found.value), cut.found)
        text = _apply(text, cuts)
    return Masked(text, tuple(found.values()), secrets)


def _find(text: str, names: bool) -> list[_Cut]:
    read = normalise(text)
    kept = [m.span() for pattern in (_TOKEN, _TICKET) for m in pattern.finditer(read)]
    cuts: list[_Cut] = []

    def take(found: Iterable[_Cut]) -> None:
        for new in found:
            taken = kept + [(c.start, c.end) for c in cuts]
            if all(new.end <= start or end <= new.start for start, end in taken):
                cuts.append(new)

    take(_cut(m.start(), m.end(), "email", m[0]) for m in _EMAIL.finditer(read))
    take(_Cut(start, end, f"〔已删除·{what}〕") for start, end, what in mask_secrets.find(read))
    take(_again(read, [c for c in cuts if c.found is None]))
    take(_cut(start, end, kind, value) for kind, start, end, value in mask_numbers.find(_blank(read, cuts, kept)))
    if names:
        phones = [(c.start, c.end) for c in cuts if c.found and c.found.kind == "phone"]
        phones += [m.span() for m in _TOKEN.finditer(read) if m[0][1:3] in ("手机", "电话")]
        take(_cut(start, end, "name", text[start:end]) for start, end in mask_names.find(read, phones))
    take(_again(read, [c for c in cuts if c.found]))
    return sorted(cuts, key=lambda c: c.start)


def _again(read: str, cuts: list[_Cut]) -> Iterator[_Cut]:
    """The same value further on, where nothing around it would give it away ("对，就是123456"), as typed or plain."""
    plain = {c.found.value.lower(): c for c in cuts if c.found}
    for typed, cut in {**plain, **{read[c.start : c.end]: c for c in cuts}}.items():
        for m in re.finditer(re.escape(typed), read):
            yield _Cut(m.start(), m.end(), cut.token, cut.found)


def _cut(start: int, end: int, kind: str, value: str) -> _Cut:
    if kind == "email":
        tail, token = f"{value[0]}***", f"〔邮箱·{value[0]}***〕"
    elif kind == "name":
        tail, token = f"{value[0]}*", f"〔姓名·{value[0]}*〕"
    else:
        tail = value[-4:]
        word = {"phone": "手机", "landline": "电话", "id": "证件", "card": "卡号"}[kind]
        token = f"〔{word}·尾号{tail}〕"
    return _Cut(start, end, token, Found("phone" if kind == "landline" else kind, value, tail, token))


def _apply(text: str, cuts: list[_Cut]) -> str:
    parts: list[str] = []
    at = 0
    for cut in cuts:
        parts += [text[at : cut.start], cut.token]
        at = cut.end
    return "".join([*parts, text[at:]])


def _blank(read: str, cuts: list[_Cut], kept: list[tuple[int, int]]) -> str:
    """The text with what is settled already made unreadable, so that no number is pieced together across it."""
    chars = list(read)
    for start, end in [(c.start, c.end) for c in cuts] + kept:
        chars[start:end] = "〓" * (end - start)
    return "".join(chars)
