"""A connection: made, spoken over, recorded byte by byte and read. Judges nothing."""
