"""What a package holds and when it is good enough: plain Python, no rows, no clock, no files."""
