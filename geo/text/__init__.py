"""The text as published: which files are digests, their dates, sentences and mentions of places."""
