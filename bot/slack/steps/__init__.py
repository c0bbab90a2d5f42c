"""Steps of workflows: what they take and give, and how a run of one is served."""
