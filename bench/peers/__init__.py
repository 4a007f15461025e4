"""Ways of doing the same work, measured alike: five rows for each run, each in a transaction of its own."""
