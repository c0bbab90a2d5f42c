"""What is known of ports, mail providers and networks: data files, and how they are read and looked up."""
