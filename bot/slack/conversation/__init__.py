"""Answers to what people write: mentions, direct messages, and what follows in their threads."""
