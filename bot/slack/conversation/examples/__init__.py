"""What people ask in words of their own, by written examples of it."""
