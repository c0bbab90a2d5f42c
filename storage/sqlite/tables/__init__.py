"""The schema, and every statement: plain functions on an open database. What another database would have its own of."""
