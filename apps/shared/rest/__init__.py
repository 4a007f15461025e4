"""What every endpoint of the portal's API shares: who asks, strict input, pages, problems, limits."""
