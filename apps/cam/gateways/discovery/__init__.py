"""Where people who may become leads are looked for: a file of our own, or somebody's directory that answers in JSON."""
