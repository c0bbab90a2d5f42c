"""`/pmta`: the PowerMTA configuration validator."""
