"""What is different between two configurations, by meaning: order, comments, macros and file splits do not count."""
