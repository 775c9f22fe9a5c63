"""What a mention means: its role, its place, who says so, what happened, and the verdict on it."""
