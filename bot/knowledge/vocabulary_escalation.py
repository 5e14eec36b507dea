"""The names that code and knowledge/ share of a person being brought: clocks, signals, and who is warned."""

from __future__ import annotations

CLOCKS = ("waiting", "senior", "first_answer", "simple", "handling")  # bot.conversation.clocks.NAMES

# What is said and shown of them, with the blanks that each text must have.
ESCALATION_PHRASES: dict[str, str] = {
    **{f"deadline_{clock}": "" for clock in CLOCKS},
    "alert_clock_waiting": "clock reason",
    "alert_clock_serving": "clock agent",
    "alert_reason": "reason",
    "alert_emotion": "",
    "alert_refusals": "agent count",
    "alert_taken_over": "lead why",
    "queue_urgent": "place wait",
}
