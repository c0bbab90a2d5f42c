"""Watches and alerts as people see them."""
