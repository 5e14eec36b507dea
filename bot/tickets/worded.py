"""A case's values as people read them, by the bank's own words."""

from __future__ import annotations

from typing import Any

from bot.knowledge import Knowledge


def worded(knowledge: Knowledge, field: str, value: Any) -> str:
    """What the lists do not know (any more) as it was said."""
    if isinstance(value, bool):
        return knowledge.phrase(f"case_flag_{'yes' if value else 'no'}")[0]
    if field == "product" and value in knowledge.products:
        return str(knowledge.products[value].name)
    if field == "customer_type" and f"case_customer_{value}" in knowledge.phrases:
        return knowledge.phrase(f"case_customer_{value}")[0]
    return "、".join(value) if isinstance(value, list) else value or ""
