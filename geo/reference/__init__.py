"""What is known before a text is read: spellings, places, outlines."""
