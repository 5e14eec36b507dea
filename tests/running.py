"""The product as `make run` starts it, for the tests in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PASSWORD = "a-password-for-the-journey"
PUBLIC = "https://chat.bank.example"  # stands in links that are sent


@dataclass
class Running:
    """A server with the trained model, in a home of its own."""

    url: str
    second_url: str
    home: Path
    log: Path
