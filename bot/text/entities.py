"""Amounts, terms, dates, card tails and phones in what customers type. Pure; offsets are those of the text given.

Works on text as typed or normalised. Values are canonical: amount a decimal string (yuan, or the `currency` named),
term an ISO 8601 duration (P3Y, P18M, P7D), card_tail and phone the last four characters, date ISO 8601 ("2026-11-03",
"--11-03", "---03") or the relative word, in simplified characters. Of a range (两三天, 五六万, 3-5年) the upper end
counts, of what is only about (十几万, 30多万) the round number. Products are read in bot/nlu, places in places.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")  # as on slips and cheques
_DIGIT = r"[\d一二两俩三四五六七八九]"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{_CHINESE}]+)"
_RANGE = re.compile(r"[一二两俩三四五六七八九]{2}")  # 两三, 三五
_CURRENCIES = {
    "美元": "USD", "美金": "USD", "刀": "USD", "$": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR", "€": "EUR",
    "日元": "JPY", "英镑": "GBP", "£": "GBP", "韩元": "KRW", "澳元": "AUD",
}  # fmt: skip

_TOKEN = re.compile(r"〔[^〕]*〕")
_PHONE_TOKEN = re.compile(r"〔(?:手机|电话)·尾号(\d{4})〕")
_CARD_TOKEN = re.compile(r"〔卡号·尾号(\d{3}[\dx])〕")
_TAIL = r"(?:\d{4}(?!\d)|[零〇一二三四五六七八九幺]{4}(?![零〇一二三四五六七八九十幺]))"
_CARD_TAIL = re.compile(
    rf"(?:尾号|尾数|卡尾|末四位|后四位|末4位|后4位)(?:是|为|:|数是|数字是)? ?({_TAIL})"
    r"|(?<!\d)(\d{4}) ?(?:结尾|尾号)的?[那这]?张?(?:银行|信用|储蓄|借记)?卡"
)
_NO_CARD = re.compile(r"(?:手机|电话|身份证|证件|(?<!卡)号码)(?:号码?)?的? ?最?$")  # whose tail it is instead
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_MONTH, _DAY = r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_DATES = (
    re.compile(rf"(?P<y>20\d\d) ?[年\-/.] ?{_MONTH} ?[月\-/.] ?{_DAY}(?!\d) ?[日号]?"),
    re.compile(rf"(?<!\d){_MONTH} ?月(?:份)? ?{_DAY}(?: ?[日号]|(?![\d个天年月期万千百元块%.号日]))"),
    re.compile(rf"(?P<cm>[{_CHINESE}]{{1,3}})月(?P<cd>[{_CHINESE}]{{1,3}})[日号]"),
    re.compile(
        rf"(?<![\d.])(?:{_DAY}|(?<![{_CHINESE}第])(?P<cd>[一二三四五六七八九十]{{1,3}}))"
        r" ?(?:号(?![码线楼柜窗店机门院室])|日(?=还|扣|出账|到期|之?前|以前))"
    ),
    re.compile(
        r"大?前天(?!数)|昨[天晚日]|今[天早晚日]|明[天早晚]|(?<![说注声证])明日|(?<!今)大?后天"
        r"|(?:[上下这]|(?<![资成基])本)(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]?|(?<![以名])[上下]月(?:[初底末])?"
        r"|(?:[上下这]个|(?<![资成基])本|这)月(?:[初底末])?|月[初底末]"
    ),
)
_FREE = rf"(?<![\d第{_CHINESE}])"  # not the second half of a number, and no 第三个月
_WEEK = r"(?:周(?![一二三四五六日末边围年岁转])|(?:星期|礼拜)(?![一二三四五六日天]))"
_TERMS = (
    (re.compile(rf"(?<!第)(?P<n>\d{{1,2}}|[{_CHINESE}]{{1,3}}) ?年半"), "Y+"),
    (
        re.compile(rf"{_FREE}(?P<n>\d{{1,2}}|[{_CHINESE}]{{1,3}}) ?年[零又]?(?P<m>\d{{1,2}}|[{_CHINESE}]{{1,2}})个月"),
        "YM",
    ),
    (
        re.compile(
            r"(?<![\d今明去前后每第零〇一二三四五六七八九十])(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3}) ?年"
            r"(?![前初底终末费检度级轻纪月])"
        ),
        "Y",
    ),
    (re.compile(r"(?P<n>半) ?年(?!前)"), "H"),
    (re.compile(r"(?P<n>半) ?个 ?月(?!前)"), "F"),
    (re.compile(rf"{_FREE}(?P<n>\d{{1,3}}|[{_CHINESE}]{{1,4}}) ?个 ?月(?!前)"), "M"),
    (re.compile(rf"{_FREE}(?P<n>\d{{1,3}}|[{_CHINESE}]{{1,4}}) ?期(?![间限货望权])"), "M"),
    (re.compile(rf"{_FREE}(?<![上下这本每])(?P<n>\d{{1,2}}|[{_CHINESE}]{{1,2}}) ?个?{_WEEK}(?!前)"), "W"),
    (
        re.compile(rf"{_FREE}(?P<n>\d{{1,4}}|[{_CHINESE}]{{1,5}}) ?(?:天|个?工作日|日(?=之?内|以内|[之以]?后))(?!前)"),
        "D",
    ),
)
_AMOUNT = re.compile(
    rf"(?P<p>[¥$€£]|rmb|人民币)? ?(?P<n>{_NUMBER})(?:[多来余几](?=[万亿千百kw元块]))?(?P<u>百万|千万|[wk万千百亿])?"
    rf"(?P<more>(?:{_DIGIT}[千百十])*)(?P<tail>[{_CHINESE[:12]}\d](?![\d{_CHINESE}]))?[多来余几]?"
    rf" ?(?P<c>块钱|块|元整|元|圆|rmb|人民币|{'|'.join(w for w in _CURRENCIES if w.isalpha())})?"
)
_JIAO = re.compile(rf"({_DIGIT})(?:[毛角]|(?![^\W了的吗吧呢呀啊]))")  # 两块五
# of what else there may be ten thousand (but 个人, 分期, 次日, 家装, 条件 and the like begin another word)
_COUNTED = re.compile(
    r" ?[多来余]?(?:积分|分(?![期成开次批几\d一二三四五六七八九十\0])|个(?![人体性])|人(?![民工家])|名(?![下义])"
    r"|次(?![日月年性])|张|笔|步|公里|股(?![票份市])|份(?!额)|条(?![件款])|户(?![口头])|家(?![装庭用电具人里]))"
)


def extract(text: str) -> list[Entity]:
    """All entities in order of place. What was read once is not read again as something else."""
    text = normalise(text)
    found: list[Entity] = []
    for reader in (_phones, _card_tails, _dates, _terms, _amounts):
        found += reader(text if reader in (_phones, _card_tails) else _blank(text, found))
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


def _phones(text: str) -> Iterator[Entity]:
    """Only what was masked: a number that a customer types never comes this far."""
    for match in _PHONE_TOKEN.finditer(text):
        yield Entity("phone", match[1], match.start(), match.end())


def _card_tails(text: str) -> Iterator[Entity]:
    for match in _CARD_TOKEN.finditer(text):
        yield Entity("card_tail", match[1].upper(), match.start(), match.end())
    plain = _blank(text, [])
    for match in _CARD_TAIL.finditer(plain):
        group = 1 if match[1] else 2
        if not _NO_CARD.search(plain[max(0, match.start() - 8) : match.start()]):
            yield Entity("card_tail", match[group].translate(_SPOKEN), match.start(group), match.end(group))


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
    if d is None or (month and m is None):
        return None
    try:  # 2024 had a 29 February
        date(int(parts.get("y") or 2024), int(m or 1), int(d))
    except ValueError:
        return None
    if m is None:
        return f"---{int(d):02d}"
    return f"{parts.get('y') or '-'}-{int(m):02d}-{int(d):02d}"


def _terms(text: str) -> Iterator[Entity]:
    for pattern, unit in _TERMS:
        for match in pattern.finditer(text):
            value = _term_value(match, unit)
            if value:
                yield Entity("term", value, match.start(), match.end())
        text = pattern.sub(lambda m: "\0" * len(m[0]), text)


def _term_value(match: re.Match[str], unit: str) -> str | None:
    if unit in "HF":
        return "P6M" if unit == "H" else "P15D"
    count = _whole(match["n"])
    if count is None:
        return None
    if unit == "YM":
        months = _whole(match["m"])
        return None if months is None else f"P{count * 12 + months}M"
    if unit == "W":
        return f"P{count * 7}D"
    return f"P{count * 12 + 6}M" if unit == "Y+" else f"P{count}{unit}"


def _whole(written: str) -> int | None:
    count = number(_upper(written))
    return int(count) if count is not None and count > 0 and count == int(count) else None


def _upper(written: str) -> str:
    """两三 -> 三; digits that are read out one by one are no length of time and no sum."""
    return written[1] if _RANGE.fullmatch(written) else written


def _amounts(text: str) -> Iterator[Entity]:
    text = text.translate(_FORMAL)
    for match in _AMOUNT.finditer(text):
        value = _amount_value(match)
        currency, end = match["p"] or match["c"] or "", match.end()
        if value is None or (not currency and _COUNTED.match(text, end)):
            continue
        if currency == "块" and (jiao := _JIAO.match(text, end)):
            value, end = value + Decimal(number(jiao[1]) or 0) / 10, jiao.end()
        yield Entity("amount", _plain(value), match.start(), end, _CURRENCIES.get(currency))


def _amount_value(match: re.Match[str]) -> Decimal | None:
    """A bare number is no amount: it needs a currency, or 万 and the like."""
    written, multiplier, tail = _upper(match["n"]), match["u"], match["tail"]
    value = number(written)
    if value is None or written[0] in "百千万亿":  # 万一, 千万 are words
        return None
    large = any(c in "千万亿" for c in written)
    if not (match["c"] or match["p"]) and not large and multiplier in (None, "百"):
        return None
    factor = 1
    for unit in multiplier or "":
        factor *= _UNITS[unit]
    value *= factor
    for digit, unit in zip(match["more"][::2], match["more"][1::2], strict=True):  # 3万5千
        value, factor = value + (number(digit) or 0) * _UNITS[unit], _UNITS[unit]
    if tail and factor >= 100:  # 3千5
        value += (number(tail) or 0) * (factor // 10)
    return value


def _plain(value: Decimal) -> str:
    return format(value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize(), "f")
