"""What stands in a sentence: hosts, times, references, what it begins with; and what came of one."""
