"""`/smtphistory`: what was checked, asked and validated, and what changed."""
