"""What only a file has: opening it, the threads that use it, whether it is there and whole, backup and rescue."""
