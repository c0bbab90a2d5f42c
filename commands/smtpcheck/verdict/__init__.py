"""From records to a verdict. Pure but for `sides` and `strangers`, which ask the control hosts."""
