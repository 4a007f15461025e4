"""Files that people send, kept until their leads are in."""
