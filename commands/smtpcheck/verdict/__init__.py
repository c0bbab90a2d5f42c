"""From records to a verdict. Pure but for `fault_side.ask` and `interception.hear`, which ask the control hosts."""
