"""Passwords, codes and CVV that a customer types though nobody asked: found to be thrown away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text import mask_numbers

_IS = r"(?:是|为|:|=|就是|叫|设成|设为|设置成|设置为|改成|改为|换成|填的|输的|输入的|输入|发的是|收到的是|用的是)"
_FILL = r"[ ,:=\"'“”「『(\[]{0,3}"
_PASSWORD_WORD = r"(?<![a-z])(?:密码|口令|passwords?|passwd|pwd|pin码?)"
_CODE_WORD = r"(?:验证码|校验码|动态码|动态密码|动态口令|短信码|短信密码|授权码|确认码|verification code|otp)"
_CVV_WORD = (
    r"(?:(?<![a-z])(?:cvv2?|cvc2?|cvn2?)|安全码|(?:背面|反面|卡背|签名栏)[^\d\n。]{0,8}?[三3](?:位|个)(?:数字|数)?)"
)
_VALUE = r"[a-z0-9!@#$%^&*_+.\-]{3,32}(?![a-z0-9!@#$%^&*_+\-])"
_DIGIT = r"[零〇一二三四五六七八九幺\d]"
_SPELLED = rf"[零〇一二三四五六七八九幺]{{4,8}}(?![月年日号点次个位天万千百十])|{_DIGIT}个{_DIGIT}(?!\d)"
_GAP = r"[^\d\n。!?a-z]"
_COUNT = r"(?! ?(?:年|月|日|号(?!码)|元|块|万|次|分钟|秒|小时|天|位|个(?!\d)|条|遍|多|点|%))"

_PATTERNS = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        ("验证码", rf"{_CODE_WORD}[^\d\n。!?]{{0,4}}?{_IS}[^\d\n。!?]{{0,3}}?(\d(?:[ -]?\d){{3,7}})(?!\d){_COUNT}"),
        ("验证码", rf"{_CODE_WORD}{_FILL}(\d{{4,8}})(?!\d){_COUNT}"),
        ("验证码", rf"{_CODE_WORD}[^\d\n。!?]{{1,8}}(?<!尾号)(\d{{4}}|\d{{6}})(?!\d){_COUNT}"),
        ("验证码", rf"(?<!\d)(\d{{4,8}}) ?(?:就?是|这个)(?:我的|收到的|刚收到的|短信)?{_CODE_WORD}"),
        ("验证码", rf"{_CODE_WORD}{_FILL}{_IS}{_FILL}((?=[a-z\d]*\d)[a-z\d]{{4,8}}|{_SPELLED})(?![a-z\d]){_COUNT}"),
        ("安全码", rf"{_CVV_WORD}(?:码|号)?{_FILL}{_IS}?{_FILL}(\d{{3,4}})(?!\d){_COUNT}"),
        ("密码", rf"{_PASSWORD_WORD}[^\d\n。!?a-z]{{0,4}}?{_IS}{_FILL}({_VALUE}|{_SPELLED}){_COUNT}"),
        ("密码", rf"{_PASSWORD_WORD}{_GAP}{{0,6}}(?:是|为|设|改|用){_GAP}{{0,4}}(\d{{4,8}})(?!\d){_COUNT}"),
        ("密码", rf"〔已删除·密码〕{_FILL}(?:还是|或者|或|要么是?|也可能是){_FILL}(\d{{4,8}})(?!\d){_COUNT}"),
        ("密码", rf"{_PASSWORD_WORD}{_FILL}((?=[^ ]*\d){_VALUE}|{_SPELLED})(?![a-z0-9]){_COUNT}"),
        ("密码", rf"(?<![a-z\d])((?=[a-z]*\d)[a-z\d]{{4,20}}) ?(?:就?是|这个是)(?:我的?)?\S{{0,4}}{_PASSWORD_WORD}"),
    )
)
_STRONG = re.compile(rf"{_IS}{_FILL}$")
_DATE = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?")
_HOTLINE = re.compile(r"95\d{3}|1(?:10|14|19|20|22)|12378|12363|12345|96110")


def find(read: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what) of each secret; the word before it stays, so that the text can still be understood."""
    for what, pattern in _PATTERNS:
        for m in pattern.finditer(read):
            if _STRONG.search(read[: m.start(1)]) or not _is_other(m[1], what):
                yield m.start(1), m.end(1), what


def _is_other(value: str, what: str) -> bool:
    """Numbers that stand near the word by accident: 验证码收不到，95588打不通; 忘记密码 13800138000."""
    if _HOTLINE.fullmatch(value) or _DATE.fullmatch(value):
        return True
    return what == "密码" and any(True for _ in mask_numbers.find(value))
