"""What a question asks: its words, and the role, provider, network and ports that they name."""
