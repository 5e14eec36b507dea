"""Phones, identity numbers and bank cards among the digits of a text. Pure; reads `normalise`d text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import luhn
from stdnum.cn import ric

_SPELLED = re.compile(r"[零〇一二三四五六七八九幺]{11,}")
_SPELLED_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
# A group of digits (an identity number may end in x, and anything may be typed behind it), and what people put between
# groups of one number (also the rest of an emoji keycap).
_GROUP = r"(?:\d{17}x|\d{1,5}x(?!\d)|\d+)"
_JOIN = r"[ \-‐‑‒–—_.·\ufe0f\u20e3]{1,3}"
_RUN = re.compile(rf"(?<![\d])(?:\+ ?)?{_GROUP}(?:{_JOIN}{_GROUP})*")
_PARENTHESISED = re.compile(r"\((0\d{2,3})\)[ -]?(\d{3,4}[ -]?\d{4})(?!\d)")
_DOCUMENT = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|军官证|居留证|居住证)(?:号码|号)?[^a-z\d\n。,]{0,4}([a-z]{1,2}\d{6,9}|\d{7,9})(?![a-z\d])"
)
_ID_WORD = re.compile(r"(?:身份证|证件)[^\d\n。;]{0,8}$")
_CARD_WORD = re.compile(r"(?:卡号|账号|帐号|账户|帐户|银行卡|信用卡|储蓄卡|借记卡|存折|社保卡)[^\d\n。,;]{0,8}$")
_LAND_WORD = re.compile(r"(?:电话|座机|固话|宅电|联系方式)[^\d\n。,;]{0,6}$")
_MONEY_BEFORE = re.compile(r"(?:[¥￥$€£]|人民币|rmb|金额(?:是|为|:)?) ?$")
_MONEY_AFTER = re.compile(r" ?(?:元(?!旦)|块|万|亿|美元|美金|港币|欧元|日元|%|％)")
_DECIMALS = re.compile(r"\.\d{1,2}(?!\d)")

_PHONE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (3, 3, 5), (4, 4, 3), (5, 6), (6, 5), (1,) * 11}
_ID_GROUPS = {(18,), (6, 8, 4), (6, 4, 4, 4), (6, 12), (3, 3, 4, 4, 4), (6, 6, 6), (14, 4), (1,) * 18}
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_KEYCAP = re.compile(r"[\ufe0f\u20e3]*")

Span = tuple[str, int, int, str]  # kind, start, end, canonical value


def find(read: str) -> Iterator[Span]:
    """Not overlapping. Kinds: phone (mobile or foreign), landline, id, card."""
    read = _SPELLED.sub(lambda m: m[0].translate(_SPELLED_DIGITS), read)
    for m in _DOCUMENT.finditer(read):
        yield "id", m.start(1), m.end(1), m[1].upper()
    for m in _PARENTHESISED.finditer(read):
        yield "landline", m.start(), m.end(), re.sub(r"\D", "", m[1] + m[2])
    for m in _RUN.finditer(read):
        yield from _in_run(read, m.start(), m.end())


def _in_run(read: str, start: int, end: int) -> Iterator[Span]:
    """Try every window of whole groups, the longest first: "2026-11-22 138-0013-8000" is a date and a phone."""
    groups = [(start + m.start(), start + m.end()) for m in re.finditer(_GROUP, read[start:end])]
    at = 0
    while at < len(groups):
        for stop in range(min(len(groups), at + 24), at, -1):
            first, last = groups[at][0], groups[stop - 1][1]
            window = [read[s:e] for s, e in groups[at:stop]]
            span = _classify(read, first, last, window)
            if span is None and read[last - 1] == "x":  # a letter behind a phone: "138 0013 8000x"
                span = _classify(read, first, last - 1, [*window[:-1], window[-1][:-1]])
            if span:
                kind, first, last, value = span
                tail = _KEYCAP.match(read, last)
                yield kind, first, tail.end() if tail else last, value
                at = stop - 1
                break
        at += 1


def _classify(read: str, start: int, end: int, groups: list[str]) -> Span | None:
    digits = "".join(groups)
    if not 7 <= len(digits) <= 24 or _is_money(read, start, end):
        return None
    sizes = tuple(len(g) for g in groups)
    before = read[max(0, start - 16) : start]
    plus = re.search(r"\+ ?$", before)
    if plus:
        start -= len(plus[0])
    if (mobile := _mobile(digits, sizes)) is not None:
        return "phone", start, end, mobile
    if plus and 9 <= len(digits) <= 15 and len(groups) <= 5:
        return "phone", start, end, f"+{digits}"
    if _is_identity(digits, sizes, bool(_ID_WORD.search(before))):
        return "id", start, end, digits.upper()
    if _is_landline(digits, sizes, bool(_LAND_WORD.search(before))):
        return "landline", start, end, digits
    if _is_card(digits, sizes, bool(_CARD_WORD.search(before))):
        return "card", start, end, digits
    return None


def _mobile(digits: str, sizes: tuple[int, ...]) -> str | None:
    for country in ("", "86", "0086", "0"):
        rest = digits[len(country) :]
        if not (digits.startswith(country) and re.fullmatch(r"1[3-9]\d{9}", rest)):
            continue
        grouped = (sizes[0] - len(country), *sizes[1:])
        if (grouped if grouped[0] else grouped[1:]) in _PHONE_GROUPS or set(sizes) == {1}:
            return rest
    return None


def _is_identity(digits: str, sizes: tuple[int, ...], named: bool) -> bool:
    """A mistyped number with a wrong check digit is still somebody's: region and date of birth are enough."""
    if len(digits) == 15 and digits.isdigit() and len(sizes) == 1:
        return named or (bool(_PROVINCE.match(digits)) and _born("19" + digits[6:12]))
    if len(digits) != 18:
        return False
    if sizes not in _ID_GROUPS:
        return min(sizes) > 1 and ric.is_valid(digits.upper())
    return (bool(_PROVINCE.match(digits)) and _born(digits[6:14])) or (named and len(sizes) == 1)


def _born(day: str) -> bool:
    try:
        return 1880 <= date(int(day[:4]), int(day[4:6]), int(day[6:])).year <= 2099
    except ValueError:
        return False


def _is_landline(digits: str, sizes: tuple[int, ...], named: bool) -> bool:
    if len(sizes) > 4 or not digits.isdigit():
        return False
    if re.fullmatch(r"0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}", digits) and 10 <= len(digits) <= 12:
        return len(sizes) == 1 or sizes[0] in (3, 4)
    if named and re.fullmatch(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}", digits):
        return True
    local = named and re.fullmatch(r"[2-8]\d{6,7}", digits) and sizes in {(7,), (8,), (4, 4), (3, 4)}
    return bool(local) and not _is_stamp(digits)


def _is_card(digits: str, sizes: tuple[int, ...], named: bool) -> bool:
    if not digits.isdigit():
        return False
    by_four = len(sizes) > 1 and all(s == 4 for s in sizes[:-1]) and sizes[-1] <= 4
    if not (len(sizes) == 1 or by_four or sizes == (6, 13) or sizes == (6, 10)):
        return False
    if named and 12 <= len(digits) <= 22:
        return True
    if not 13 <= len(digits) <= 19:
        return False
    mistyped = digits.startswith("62") and len(digits) in (16, 18, 19)
    return mistyped or (luhn.is_valid(digits) and not _is_stamp(digits) and len(set(digits)) > 1)


def _is_stamp(digits: str) -> bool:
    """A serial number that begins with today's date, as the bank's own receipts print them."""
    return digits[:2] in ("19", "20") and _born(digits[:8])


def _is_money(read: str, start: int, end: int) -> bool:
    after = read[end : end + 6]
    before = read[max(0, start - 6) : start]
    return bool(_MONEY_AFTER.match(after) or _DECIMALS.match(after) or _MONEY_BEFORE.search(before))
