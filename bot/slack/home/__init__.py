"""The Home of the app."""
