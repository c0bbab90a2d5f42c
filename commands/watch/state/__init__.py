"""What a watch is, and what runs and people make of it: values and the state machine. No words for people, no clock."""
