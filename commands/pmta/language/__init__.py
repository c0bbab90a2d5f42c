"""PowerMTA's configuration language: how it is read, what the guide knows of it."""
