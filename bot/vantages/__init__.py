"""Checks from other machines over NATS: the bot's side, and the worker. Only here is `nats` imported."""
