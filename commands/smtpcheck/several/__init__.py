"""Several targets asked for at once: one answer, a line each."""
