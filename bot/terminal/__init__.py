"""The subcommands of `portero`, a module each: `add` declares it, `act` does it. Each imports what it needs, late."""
