"""Files that were sent together, or in an archive, as one configuration."""
