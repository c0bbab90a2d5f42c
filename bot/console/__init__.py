"""What a command of the terminal reads and prints, safely."""
