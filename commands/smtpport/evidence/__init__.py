"""What machines say in a question: errors, log lines and addresses, read and taken away before its words are."""
