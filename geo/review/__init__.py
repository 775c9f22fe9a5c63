"""What people decide about reports: the file of their rulings, and what a ruling does to a reading."""
