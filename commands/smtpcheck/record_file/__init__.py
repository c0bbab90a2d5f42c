"""A check as a file (schema `portero.record/1`): written here, read from strangers."""
