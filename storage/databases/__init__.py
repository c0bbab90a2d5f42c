"""Which kinds of databases there are (`registry`); each is a folder beside this one."""
