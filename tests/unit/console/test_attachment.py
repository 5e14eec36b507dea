"""The file name of what a customer sent: it comes from outside, and goes into a header and onto an agent's disk."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.attachment import safe_name, shown
from bot.desk.media import Media


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ('a".html\r\nSet-Cookie: x=1', "a_.html_Set-Cookie_x_1"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_keeps_letters_digits_dots_and_hyphens(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("长" * 500 + ".pdf")
    assert name.endswith(".pdf") and len(name) < 100


@given(st.text())
def test_every_name_makes_a_header_that_ends_where_it_should(name: str) -> None:
    header = shown(Media("application/pdf", b"", name)).headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[\w.\-]+\"; filename\*=UTF-8''[\w.\-~%]+", header, re.ASCII), header
