"""``python -m geo`` is the command ``frontline``."""

from geo.cli import main

if __name__ == "__main__":
    main()
