"""The outside world of delivery: document writers and file storage."""
