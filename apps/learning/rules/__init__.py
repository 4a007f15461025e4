"""The decisions of learning: what may be kept, what is proposed, and how words are looked for."""
