"""A dossier as PDF, printed by a headless Chromium: the one program that is not ours, asked for only when a PDF is."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from campuskg.errors import InternalFault, MissingInput

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
"""Names under which Chromium and its kin are installed, in the order in which they are looked for."""
_SECONDS: Final = 120
_SAID: Final = 300


def browser() -> str:
    """Return the program that prints; MissingInput when none is on the path."""
    found = next((program for name in PROGRAMS if (program := shutil.which(name))), None)
    if found is None:
        raise MissingInput("pdf-browser", known=", ".join(PROGRAMS))
    return found


def as_pdf(page: str) -> bytes:
    """Return *page* printed; InternalFault with what the browser said when it fails."""
    program = browser()
    with tempfile.TemporaryDirectory(prefix="campuskg-pdf-") as folder:
        source, out = Path(folder) / "dossier.html", Path(folder) / "dossier.pdf"
        source.write_text(page, encoding="utf-8", newline="\n")
        call = [
            program, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}",
        ]  # fmt: skip
        # Chromium refuses its sandbox to root; the page is ours and holds no script.
        call += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        try:
            done = subprocess.run(  # noqa: S603  a browser on the reader's own path, and arguments of ours
                [*call, source.as_uri()], capture_output=True, timeout=_SECONDS, check=False, text=True, errors="replace"
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InternalFault("pdf-failed", program=program, said=type(error).__name__) from error
        if done.returncode != 0 or not out.is_file():
            raise InternalFault("pdf-failed", program=program, said=done.stderr.strip()[-_SAID:] or str(done.returncode))
        return out.read_bytes()
