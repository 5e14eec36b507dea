"""The XML of the platform: flat, one root `xml`, texts as CDATA, numbers bare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotTheirXml(ValueError):
    """The text is not XML as the platform speaks it."""


def written(fields: Mapping[str, str | int]) -> str:
    return "<xml>" + "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items()) + "</xml>"


def read(text: bytes) -> dict[str, str]:
    """Names and texts of the root's children; what is nested deeper is left out."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotTheirXml(f"not XML: {type(error).__name__}") from None
    if root.tag != "xml":
        raise NotTheirXml(f"the root is {root.tag!r}")
    return {child.tag: child.text or "" for child in root}


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    legal = _NO_XML.sub("", value)  # the platform lets no control characters through either
    return "<![CDATA[" + legal.replace("]]>", "]]]]><![CDATA[>") + "]]>"
