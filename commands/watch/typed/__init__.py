"""What people type and fill in, as values. Pure."""
