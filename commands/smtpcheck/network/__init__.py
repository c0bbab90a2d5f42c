"""Our own network: which mail ports it lets out, and whether something on it answers in every host's place."""
