"""How an answer reaches whoever asked."""
