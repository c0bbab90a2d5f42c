"""What a check is: the connections it makes, and what came of them."""
