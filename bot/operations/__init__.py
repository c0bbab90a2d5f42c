"""The running bot: start to orderly end, its status, and care for the history."""
