"""What the agents' tools say: refusals of theirs as people read them."""

TOOL_PROBLEMS = (
    "recall_others",
    "recall_late",
    "recall_delivered",
    "mark",
)
