"""What `/smtpwatch` does, a module for each thing."""
