"""Plain questions and their answers: what a word means, what Portero is and does, one fact of a host."""
