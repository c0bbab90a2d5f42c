"""What the steps of an answer become: messages and dialogues."""
