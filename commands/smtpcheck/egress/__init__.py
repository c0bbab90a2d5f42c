"""What leaves our network: control hosts of other operators, and what they answered."""
