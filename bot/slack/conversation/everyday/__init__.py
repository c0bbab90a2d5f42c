"""Everyday sentences, by the signs in their words."""
