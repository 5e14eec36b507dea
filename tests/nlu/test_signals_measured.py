"""How often the signals see what is not there, on the frozen yardstick: real questions that nobody wrote for them."""

from __future__ import annotations

from collections import Counter

import pytest
from test_yardstick import YARDSTICK

from bot.conversation.bringing import foremost
from bot.conversation.signals import read
from bot.knowledge import Knowledge

# Of what kind a question is in which the signal is no false alarm. Age brings nobody, and is looked at by itself.
FITS = {
    "emotion": {"complaint", "dissatisfied", "human_agent"},
    "complex": {"account_status", "account_closure", "corporate_banking", "foreign_exchange", "human_agent"},
    "urgent": {"transfer_failed", "atm_problem", "fraud_emergency", "life_emergency"},
    "laundering": {"privacy_risk_request", "fraud_emergency"},
}
FEW = 0.002  # of all lines


def test_are_seldom_false(said: Knowledge, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split("\t")[:2] for line in YARDSTICK.read_text(encoding="utf-8").splitlines() if line]
    seen, false, brought = Counter[str](), Counter[str](), 0
    for text, intent in lines:
        found = read(text, said, intent)
        brought += foremost(found) is not None
        for name in (*found.reasons, *found.flags):
            seen[name] += 1
            false[name] += name in FITS and intent not in FITS[name]
    with capsys.disabled():
        told = ", ".join(
            f"{name} {count}" + f" ({false[name]} false)" * (name in FITS) for name, count in sorted(seen.items())
        )
        print(f"\nsignals on the yardstick: {len(lines)} lines, {brought} bring a person; {told}")
    assert sum(seen.values()) > 0
    assert sum(false.values()) <= FEW * len(lines)
