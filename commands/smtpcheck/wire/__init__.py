"""A connection: made, tapped, spoken over, recorded and read. Judges nothing."""
