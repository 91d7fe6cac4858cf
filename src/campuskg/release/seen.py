"""Which large files of a release were seen to be whole, by size and time, so that each opening need not read them again.

Only a release that is read from a store on disk keeps such a note, beside the store: there, reading the files for their
digests would take longer than everything else. Whoever changes a file changes its time, and it is read again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_LARGE: Final = 1 << 20
"""A smaller file is always read."""


class Seen:
    """The note about the files of one release, beside its *store* on disk."""

    def __init__(self, store: Path) -> None:
        """Read the note; a note that cannot be read says nothing."""
        self._path = store.with_name(f"{store.name}.seen.json")
        self._known: Mapping[str, object] = {}
        with suppress(OSError, ValueError):
            said = json.loads(self._path.read_bytes())
            self._known = said if isinstance(said, dict) else {}
        self._now: dict[str, list[int]] = {}

    def knows(self, path: Path, digest: str) -> bool:
        """Tell whether *path* is as it was when its digest was last found right; remember how it is now."""
        said = path.stat()
        if said.st_size < _LARGE:
            return False
        key = f"{path.resolve()} {digest}"
        self._now[key] = [said.st_size, said.st_mtime_ns, said.st_ctime_ns, said.st_ino]
        return self._known.get(key) == self._now[key]

    def write(self) -> None:
        """Write the note anew, where the folder lets us; to be called once all files were found right."""
        if self._now != self._known:
            aside = self._path.with_suffix(".new")
            with suppress(OSError):
                aside.write_text(json.dumps(self._now, indent=1, sort_keys=True) + "\n", "utf-8")
                aside.replace(self._path)
