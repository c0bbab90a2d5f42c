"""`/smtpwatch`: checks on a schedule, an alert when something changes, quiet otherwise."""
