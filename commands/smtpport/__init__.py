"""`/smtpport`: which port fits a situation, and why."""
