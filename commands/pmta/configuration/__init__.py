"""A configuration of several files as one text, and where each of its lines stands."""
