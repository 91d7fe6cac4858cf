"""``python -m campuskg`` is the ``campuskg`` command."""

from campuskg.cli import main

if __name__ == "__main__":
    main()
