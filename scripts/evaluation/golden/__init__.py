"""Golden files of addresses: hand-checked lines, and the report of those that fail today."""
