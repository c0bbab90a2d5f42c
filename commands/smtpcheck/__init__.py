"""`/smtpcheck`: probe the SMTP ports of a host and say what answers, what is wrong and which port to use."""
