"""One target as several places see it: what differs between them, and whose side that is."""
