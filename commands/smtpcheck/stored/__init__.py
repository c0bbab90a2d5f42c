"""A check as it is kept: its document, its row of history, and when its target is left alone."""
