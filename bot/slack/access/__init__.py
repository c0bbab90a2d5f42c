"""Who is served, and whose results they see."""
