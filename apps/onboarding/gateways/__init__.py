"""The outside world of onboarding: file storage, and the process that reads attached files."""
