"""What each command of ``frontline`` does; ``geo.cli`` lists them."""
