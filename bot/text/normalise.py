"""Typed text made fit for storing (`clean`) and for reading by machine (`normalise`). Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

# Half-width katakana voicing marks and the like never occur in a bank chat; what does occur are full-width digits,
# CJK compatibility ideographs and "styled" letters, and NFKC turns each of these into exactly one character.
_PAYLOAD_SLASHES = "/／⁄∕⧸╱"
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, blanks to the eye
_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_WECHAT_CODE = re.compile(r"/:[^\s\u4e00-\u9fff]{1,8}")  # WeChat sends its emoji as "/:rose", "/::)"
_WECHAT_NAME = re.compile(
    r"\[(?:微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|惊讶|难过|囧|抓狂|吐|偷笑|愉快|白眼|傲慢|困"
    r"|惊恐|憨笑|悠闲|咒骂|疑问|嘘|晕|衰|骷髅|敲打|再见|擦汗|抠鼻|鼓掌|坏笑|鄙视|委屈|快哭了|阴险|亲亲|可怜|笑脸|生病"
    r"|脸红|破涕为笑|恐惧|失望|无语|嘿哈|捂脸|奸笑|机智|皱眉|耶|吃瓜|加油|汗|天啊|社会社会|旺柴|好的|打脸|哇|翻白眼|666"
    r"|让我看看|叹气|苦涩|裂开|嘴唇|爱心|心碎|拥抱|强|弱|握手|胜利|抱拳|勾引|拳头|OK|合十|啤酒|咖啡|蛋糕|玫瑰|凋谢|菜刀"
    r"|炸弹|便便|月亮|太阳|庆祝|礼物|红包|發|福|烟花|爆竹|猪头|跳跳|发抖|转圈|Emm)\]"
)


def clean(text: str) -> str:
    """What a channel may store: no NUL, lone surrogates, zero-width or control characters; line ends as "\\n"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(" " if c == "\t" else c for c in text if c in "\t\n" or not _is_invisible(c)).strip()


def normalise(text: str) -> str:
    """Simplified, half-width, lower-case. One character to one character, so offsets into `text` stay valid."""
    return text.translate(_table())


def is_payload(text: str) -> bool:
    """True where Rasa, now or after normalising, would take the text for `/intent{...}` instead of for words."""
    return any(c in _PAYLOAD_SLASHES for c in text[: _leading(text)])


def neutralise(text: str) -> str:
    """The text without the slashes that would make it a payload; other texts unchanged."""
    return text[_leading(text) :] if is_payload(text) else text


def has_words(text: str) -> bool:
    """False for blank, punctuation only, emoji only (WeChat's own emoji included)."""
    for emoji in (_KEYCAP, _WECHAT_CODE, _WECHAT_NAME):
        text = emoji.sub(" ", text)
    return any(unicodedata.category(c)[0] in "LN" and c not in _FILLERS for c in text)


def _leading(text: str) -> int:
    """Length of the blanks, invisible characters and slashes in front."""
    for at, c in enumerate(text):
        if not (c in _PAYLOAD_SLASHES or c.isspace() or c in _FILLERS or _is_invisible(c)):
            return at
    return len(text)


def _is_invisible(c: str) -> bool:
    """Control, format (zero-width, direction), surrogate, private use and unassigned."""
    return unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")


class _Table(dict[int, str]):
    """A translation table that fills itself as characters are met: no start-up cost, no regard for rare ones."""

    def __init__(self) -> None:
        super().__init__()
        self._opencc = OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        self[code] = one = self._one(chr(code))
        return one

    def _one(self, c: str) -> str:
        if c == "\n":
            return c
        if c.isspace() or c in _FILLERS or _is_invisible(c):
            return " "
        for step in (lambda s: unicodedata.normalize("NFKC", s), self._opencc.convert, str.lower):
            changed = step(c)
            c = changed if len(changed) == 1 else c
        return c


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()
