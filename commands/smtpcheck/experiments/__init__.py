"""Further connections that decide what a symptom means, made only where it calls for one."""
