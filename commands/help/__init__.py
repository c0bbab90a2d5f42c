"""`/portero`: what there is to type, what is set here, and how the bot is."""
