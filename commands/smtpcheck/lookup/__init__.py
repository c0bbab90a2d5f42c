"""DNS: questions and answers as values, and what they say of a target."""
