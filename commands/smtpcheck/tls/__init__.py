"""Certificates: what they say, whom they are for, who vouches for them."""
