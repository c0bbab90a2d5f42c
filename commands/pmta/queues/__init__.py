"""What applies to a queue: a domain and the VirtualMTA that its mail goes by."""
