"""Configs checked in processes of their own, so that no paste can take the bot down."""
