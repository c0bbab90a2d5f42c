"""Views with something in them, for whoever judges views."""
