"""Names and addresses: what was typed, and whether anybody may connect there."""
