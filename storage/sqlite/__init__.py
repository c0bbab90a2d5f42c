"""The history and the watches in one SQLite file, which `history` opens."""
