"""Questions about one thing of a check (its certificate, TLS, logins), and two hosts side by side."""
