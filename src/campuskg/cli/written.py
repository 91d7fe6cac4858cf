"""Files that a command writes for its reader: whole or not at all, whatever the disk does meanwhile."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from campuskg.errors import MissingInput, no_file


def write_file(out: Path, data: bytes, *, parents: bool = False) -> None:
    """Make the file *out* hold *data*; MissingInput when the disk refuses or *out* is a folder, and then *out* is what it was.

    With *parents*, the folders that lead to it are made. What is no plain file (``/dev/stdout``, a named pipe) is written to as
    it is; ``-`` stands for standard output.
    """
    if str(out) == "-":
        click.echo(data, nl=False)
        return
    if out.is_dir():
        raise no_file(out)
    try:
        if out.exists() and not out.is_file():
            out.write_bytes(data)
            return
        place = out.resolve()  # a link stays a link
        if parents:
            place.parent.mkdir(parents=True, exist_ok=True)
        with _aside(place) as aside:
            with aside.open("xb") as file:
                file.write(data)
            if place.exists():
                aside.chmod(place.stat().st_mode & 0o7777)
            aside.replace(place)
    except OSError as error:
        raise MissingInput("file-unwritable", folder=str(out), reason=error.strerror or "") from error


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """Give the name of a new file beside *place*, and remove it when it was not put in place."""
    aside = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(3)}.new")
    try:
        yield aside
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
