"""What to say of a path at which a command needs a file and finds none."""

from pathlib import Path

from campuskg.errors.problem import MissingInput


def no_file(path: Path) -> MissingInput:
    """Return the error for *path*, which is no file: a folder stands there, or nothing."""
    return MissingInput("file-is-folder" if path.is_dir() else "file-missing", file=str(path))
