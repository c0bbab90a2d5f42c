"""What a check says to people: its sentences, a file for each language. Made when shown; no engine imports them."""
