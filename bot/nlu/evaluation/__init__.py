"""How well the assistant understands lines that people have labelled: `qiantai evaluate intents FILE`."""
