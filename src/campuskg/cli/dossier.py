"""``campuskg dossier``: everything the graph says of a campus, as a file to print and a workbook."""

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import release_option
from campuskg.cli.written import write_file
from campuskg.errors import Lang, UsageProblem

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.publish.dossier import Dossier
    from campuskg.release import Release

_FOLDER = click.Path(path_type=Path)


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the command ``dossier``."""

    @click.command(
        "dossier",
        help=t(
            "Écrire le dossier d'un campus : HTML à imprimer, classeur XLSX, PDF sur demande. Chaque chiffre cite sa requête.",
            "Write the dossier of a campus: HTML to print, XLSX workbook and, on demand, PDF. Each figure cites its query.",
        ),
    )
    @click.option(
        "--campus",
        required=True,
        metavar=t("NOM", "NAME"),
        help=t("Nom, sigle ou identifiant du campus ; all : tous.", "Name, acronym or id of the campus; all: every one."),
    )
    @click.option("--out", type=_FOLDER, default=Path("dossiers"), help=t("Dossier à remplir.", "Folder to fill."))
    @click.option(
        "--at",
        default="",
        metavar="DATE",
        help=t(
            "Date de l'état (AAAA-MM-JJ) ; par défaut celle du document daté le plus récent.",
            "Date of the state (YYYY-MM-DD); by default that of the latest dated document.",
        ),
    )
    @click.option("--pdf", is_flag=True, help=t("Écrire aussi un PDF (demande Chromium).", "Write a PDF too (needs Chromium)."))
    @release_option(t)
    @elsewhere_option(t)
    def dossier_command(release: Path, campus: str, out: Path, at: str, *, pdf: bool) -> None:
        from campuskg.publish.dossier import dossier
        from campuskg.publish.dossier.pdf import browser
        from campuskg.release import open_release

        if pdf:
            browser()  # better told before the work than after it
        if at:
            at = _day(at)
        opened = open_release(release)
        for one in chosen(opened, campus):
            start = time.perf_counter()
            files = write(dossier(opened, one, lang, at), out, pdf=pdf)
            shown = ", ".join(map(str, files))
            seconds = time.perf_counter() - start
            click.echo(t(f"{shown} ({seconds:.1f} s)", f"{shown} ({seconds:.1f} s)"))

    return [dossier_command]


def write(found: "Dossier", out: Path, *, pdf: bool = False) -> list[Path]:
    """Write the files of *found* into the folder *out*; return their paths."""
    from campuskg.publish.dossier import as_html, as_workbook

    page = as_html(found)
    files = {"html": page.encode(), "xlsx": as_workbook(found)}
    if pdf:
        from campuskg.publish.dossier.pdf import as_pdf

        files["pdf"] = as_pdf(page)
    written = []
    for ending, data in files.items():
        path = out / f"dossier-{found.slug}-{found.lang}.{ending}"
        write_file(path, data, parents=True)
        written.append(path)
    return written


def _day(at: str) -> str:
    """Return *at* as the graph writes days, ``2024-01-05``: ISO 8601 has other forms."""
    try:
        return dt.date.fromisoformat(at).isoformat()
    except ValueError as error:
        raise UsageProblem("dossier-date", at=at[:40]) from error


def chosen(release: "Release", name: str) -> list[str]:
    """Return the ids that *name* stands for; UsageProblem with near names for one that is no campus, or for none."""
    from campuskg.publish.dossier import campuses
    from campuskg.queries import find_query, read_values

    if name == "all":
        every = campuses(release)
        if not every:
            raise UsageProblem("dossier-none")
        return every
    found = read_values(find_query("campuses"), {"campus": [name]}, release.store, release.names)
    return [term.value.rpartition("/")[2] for term in found["campus"]]
