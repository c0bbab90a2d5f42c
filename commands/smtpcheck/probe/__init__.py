"""The check itself: look up, connect, speak, judge."""
