"""Earlier releases that a server keeps, so that the addresses that cite them still answer."""

from pathlib import Path

from campuskg.errors import CampuskgError
from campuskg.server.source import check_source


def kept_releases(folder: Path | None, served: str) -> dict[str, Path]:
    """Return the releases in *folder* (one a subfolder) by digest, but for the one that is *served*; what is none is left out."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            try:
                source = check_source(path)
            except CampuskgError:
                continue
            if source.manifest is not None and source.digest != served:
                found[source.digest] = path
    return found
