"""What servers say and what it means: data files of their replies and of blocklists that they name."""
