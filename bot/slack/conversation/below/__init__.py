"""What is written below an answer or an alert, and is about that."""
