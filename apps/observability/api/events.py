"""Facts of observability: none, because an audit that published its own entries would never end."""
