"""What a config does with a reply of a server: which line catches it, what follows, and what it misses."""
