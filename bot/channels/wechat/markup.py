"""XML as the platform writes it: a root with one level of named fields. Whatever else XML can do is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import DefusedXMLParser

from bot.channels.wechat.errors import WechatRefused

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
_ROOT, _FIELD = 1, 2  # depths

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_LINE_END = re.compile("\r\n?")  # a parser reads both as "\n"


def read(xml: bytes) -> Mapping[str, str]:
    """The fields below the root by name. A field that holds elements instead of text is left out.

    Raises WechatRefused: too_large; xml for everything malformed, for DOCTYPE, entities, depth and doubled fields.
    """
    if len(xml) > MAX_BYTES:
        raise WechatRefused("too_large")
    target = _Fields()
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    try:
        xml.decode("utf-8")  # whatever encoding the document claims for itself
        parser.feed(xml)
        parser.close()
    except (ParseError, ValueError):  # what defusedxml forbids is a ValueError, so is what is no UTF-8
        raise WechatRefused("xml") from None
    return target.fields


def cdata(text: str) -> str:
    """`text` as it can stand in an element. A parser reads it back unchanged but for what XML 1.0 cannot carry."""
    fit = _FORBIDDEN.sub("", _LINE_END.sub("\n", text))
    return "<![CDATA[" + fit.replace("]]>", "]]]]><![CDATA[>") + "]]>"


class _Fields:
    """What the parser reports to. Nothing is built up but the fields, and reading stops at the first fault."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._seen: set[str] = set()
        self._depth = 0
        self._text: list[str] = []
        self._nested = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH or (self._depth == _ROOT and tag != "xml"):
            raise WechatRefused("xml")
        if self._depth == _FIELD:
            if tag in self._seen:  # which of the two would count is a matter of taste, and so of attack
                raise WechatRefused("xml")
            self._seen.add(tag)
            self._text, self._nested = [], False
        elif self._depth > _FIELD:
            self._nested = True

    def data(self, text: str) -> None:
        if self._depth == _FIELD:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._depth == _FIELD and not self._nested:
            self.fields[tag] = "".join(self._text)
        self._depth -= 1

    def close(self) -> None:
        """The parser calls it at the end of the document."""
