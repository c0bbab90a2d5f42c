"""How the steps of an answer reach whoever asked: messages, dialogues, and words for what fails."""
