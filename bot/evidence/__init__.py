"""What was said to a customer, shown from the record: `qiantai evidence` (docs/decisions/0016)."""
