"""Amounts, terms, card tails and dates in what customers type. Pure; offsets are those of the text given.

Works on text as typed or normalised. Values are canonical: amount a decimal string (yuan, or the `currency` named),
term an ISO 8601 duration (P3Y, P18M, P7D), card_tail four characters, date ISO 8601 ("2026-11-03", "--11-03", "---03")
or the relative word as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.text.normalise import normalise


@dataclass(frozen=True)
class Entity:
    kind: str
    value: str
    start: int
    end: int
    currency: str | None = None


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_CHINESE = "零〇一二两俩三四五六七八九十百千万亿"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{_CHINESE}]+)"
_CURRENCIES = {
    "美元": "USD", "美金": "USD", "刀": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR", "日元": "JPY",
    "英镑": "GBP", "韩元": "KRW", "澳元": "AUD",
}  # fmt: skip

_TOKEN = re.compile(r"〔[^〕]*〕")
_CARD_TOKEN = re.compile(r"〔卡号·尾号(\d{3}[\dx])〕")
_CARD_TAIL = re.compile(r"(?<!手机)(?<!号码)(?:尾号|卡尾|末四位|后四位|末4位|后4位)(?:是|为|:|数是)? ?(\d{4})(?!\d)")
_DATES = (
    re.compile(r"(?P<y>20\d\d) ?[年\-/.] ?(?P<m>1[0-2]|0?[1-9]) ?[月\-/.] ?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d) ?[日号]?"),
    re.compile(r"(?<!\d)(?P<m>1[0-2]|0?[1-9]) ?月(?:份)? ?(?P<d>3[01]|[12]\d|0?[1-9]) ?[日号]"),
    re.compile(rf"(?P<cm>[{_CHINESE}]{{1,3}})月(?P<cd>[{_CHINESE}]{{1,3}})[日号]"),
    re.compile(r"(?<![\d.])(?P<d>3[01]|[12]\d|0?[1-9]) ?号(?![码线楼])"),
    re.compile(
        r"大?前天|昨[天晚日]|今[天早晚日]|明[天早晚日]|大?后天|[上下本这](?:个)?(?:周|星期|礼拜)[一二三四五六日天末]?|[上下本这]个?月(?:[初底末])?"
    ),
)
_TERMS = (
    (re.compile(rf"(?P<n>\d{{1,2}}|[{_CHINESE}]{{1,3}}) ?年半"), "Y+"),
    (
        re.compile(
            r"(?<![\d今明去前后每零〇一二三四五六七八九])(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3}) ?年"
            r"(?![前初底终末费检度级轻纪月])"
        ),
        "Y",
    ),
    (re.compile(r"(?P<n>半) ?年"), "H"),
    (re.compile(rf"(?P<n>\d{{1,3}}|[{_CHINESE}]{{1,4}}) ?个 ?月"), "M"),
    (re.compile(rf"(?P<n>\d{{1,3}}|[{_CHINESE}]{{1,4}}) ?期(?![间限货])"), "M"),
    (re.compile(rf"(?<!\d)(?P<n>\d{{1,4}}|[{_CHINESE}]{{1,4}}) ?(?:天|个?工作日)"), "D"),
)  # fmt: skip
_AMOUNT = re.compile(
    rf"(?P<n>{_NUMBER})(?P<u>百万|千万|[wk万千百亿])?(?P<tail>[{_CHINESE[:12]}\d](?![\d{_CHINESE}]))?"
    rf" ?(?P<c>块钱|块|元整|元|圆|rmb|人民币|{'|'.join(_CURRENCIES)})?"
)


def extract(text: str) -> list[Entity]:
    """All entities in order of place. What was read once is not read again as something else."""
    text = normalise(text)
    found: list[Entity] = []
    for reader in (_card_tails, _dates, _terms, _amounts):
        for entity in reader(_blank(text, found) if reader is not _card_tails else text):
            found.append(entity)
    return sorted(found, key=lambda e: e.start)


def number(text: str) -> Decimal | None:
    """25 | 1,000.5 | 三十五 | 两千五 | 一万二; None where it is no number."""
    text = text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    if not text or any(c not in _CHINESE for c in text):
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):  # 一二三四: digits read out
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    total, section, digit, unit = 0, 0, 0, 1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
            unit = 1 if c in "零〇" else unit
            continue
        unit = _UNITS[c]
        if unit >= 10_000:
            total = (total + section + digit or 1) * unit
            section = 0
        else:
            section += (digit or 1) * unit
        digit = 0
    # 两千五 is 2500, 一万二 is 12000: a last digit right after a unit counts in the next lower one
    spoken = digit * (unit // 10 if unit >= 100 else 1)
    return Decimal(total + section + spoken)


def _blank(text: str, found: list[Entity]) -> str:
    """The text with privacy tokens and what was found already blanked out, same length."""
    spans = [(m.start(), m.end()) for m in _TOKEN.finditer(text)] + [(e.start, e.end) for e in found]
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _card_tails(text: str) -> Iterator[Entity]:
    for match in _CARD_TOKEN.finditer(text):
        yield Entity("card_tail", match[1].upper(), match.start(), match.end())
    plain = _TOKEN.sub(lambda m: "\0" * len(m[0]), text)
    for match in _CARD_TAIL.finditer(plain):
        yield Entity("card_tail", match[1], match.start(1), match.end(1))


def _dates(text: str) -> Iterator[Entity]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            value = _date_value(match)
            if value:
                yield Entity("date", value, match.start(), match.end())
        text = pattern.sub(lambda m: "\0" * len(m[0]), text)


def _date_value(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if not parts:
        return match[0]
    month, day = parts.get("m") or parts.get("cm"), parts.get("d") or parts.get("cd")
    m, d = number(month) if month else None, number(day) if day else None
    if d is None or not 1 <= d <= 31 or (m is not None and not 1 <= m <= 12):
        return None
    year = parts.get("y")
    if m is None:
        return f"---{int(d):02d}"
    return f"{year or '-'}-{int(m):02d}-{int(d):02d}"


def _terms(text: str) -> Iterator[Entity]:
    for pattern, unit in _TERMS:
        for match in pattern.finditer(text):
            value = _term_value(match["n"], unit)
            if value:
                yield Entity("term", value, match.start(), match.end())
        text = pattern.sub(lambda m: "\0" * len(m[0]), text)


def _term_value(written: str, unit: str) -> str | None:
    if unit == "H":
        return "P6M"
    count = number(written)
    if count is None or count <= 0 or count != int(count):
        return None
    return f"P{int(count) * 12 + 6}M" if unit == "Y+" else f"P{int(count)}{unit}"


def _amounts(text: str) -> Iterator[Entity]:
    for match in _AMOUNT.finditer(text):
        value = _amount_value(match)
        if value is not None:
            yield Entity("amount", _plain(value), match.start(), match.end(), _CURRENCIES.get(match["c"] or ""))


def _amount_value(match: re.Match[str]) -> Decimal | None:
    """A bare number is no amount: it needs a currency, or 万 and the like."""
    written, multiplier, tail, currency = match["n"], match["u"], match["tail"], match["c"]
    value = number(written)
    if value is None or written[0] in "百千万亿":  # 万一, 千万 are words
        return None
    large = any(c in "千万亿" for c in written)
    if not currency and not large and multiplier in (None, "百"):
        return None
    factor = 1
    for unit in multiplier or "":
        factor *= _UNITS[unit]
    if tail and (factor < 100 or number(tail) is None):
        return None if not multiplier else value * factor
    return value * factor + (Decimal(number(tail) or 0) * (factor // 10) if tail else 0)


def _plain(value: Decimal) -> str:
    return format(value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize(), "f")
