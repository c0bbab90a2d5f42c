"""How requests reach the app: Socket Mode, or signed HTTP."""
