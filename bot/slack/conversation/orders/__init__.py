"""What somebody is told to do with a host or a watch, in a sentence."""
