"""``campuskg import``: open data in tables into triples, every row accounted for."""

import importlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import Decorator, stacked
from campuskg.errors import Lang, MissingInput, UsageProblem, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.ingest.accounts import Accounts
    from campuskg.ingest.mapping import Importer

_SHOWN = 3


def _file_options(t: "Translate") -> Decorator:
    """Return the options of the files written, and of what is read with them."""
    return stacked(
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            help=t("Fichier N-Triples à écrire (.nt, ou .nt.gz).", "N-Triples file to write (.nt, or .nt.gz)."),
        ),
        click.option(
            "--report",
            type=click.Path(path_type=Path),
            help=t(
                "Rapport des lignes et cellules rejetées (.csv ou .json).", "Report of rejected rows and cells (.csv or .json)."
            ),
        ),
        click.option(
            "--version",
            "stated",
            default="",
            metavar="TEXT",
            help=t(
                "Version du jeu, par exemple 2026-05-27 (par défaut celle du nom du fichier, sinon son empreinte).",
                "Version of the data set, for example 2026-05-27 (by default that of the file's name, else its digest).",
            ),
        ),
        click.option(
            "--with",
            "companion",
            type=click.Path(path_type=Path),
            help=t(
                "Second fichier joint au premier (SIRENE : les unités légales).", "Second file joined (SIRENE: the legal units)."
            ),
        ),
    )


def _other_options(t: "Translate") -> Decorator:
    """Return the options of what is asked besides an import."""
    return stacked(
        click.option("--list", "listed", is_flag=True, help=t("Donner la liste des importeurs.", "List the importers.")),
        click.option(
            "--template",
            type=click.Path(path_type=Path),
            help=t("Écrire le tableau à remplir (partners).", "Write the table to fill in (partners)."),
        ),
    )


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "import",
        help=t(
            "Changer en triplets les fichiers d'un jeu de données ouvert. Chaque ligne est importée ou rejetée avec sa raison. "
            "JEU : le nom d'un importeur (--list les donne) ; FICHIER : CSV, XLSX ou JSON, compressé ou non. Le résultat "
            "se joint à une livraison par campuskg build --with.\n\n"
            "Codes de sortie : 0 importé, même si des lignes sont rejetées ; 1 le fichier n'est pas ce jeu ; 2 appel qui n'a pas "
            "de sens ; 3 fichier absent, ou disque qui refuse. Le fichier de triplets paraît entier, ou pas du tout.",
            "Turn the files of an open data set into triples. Every row is imported, or rejected with its reason. "
            "DATASET: the name of an importer (--list gives them); FILE: CSV, XLSX or JSON, packed or not. The result goes "
            "into a release by campuskg build --with.\n\n"
            "Exit codes: 0 imported, even with rejected rows; 1 the file is not this data set; 2 a call that makes no sense; 3 a "
            "file that is not there, or a disk that refuses. The file of triples appears whole, or not at all.",
        ),
    )
    @click.argument("dataset", required=False, metavar=t("JEU", "DATASET"))
    @click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar=t("FICHIER…", "FILE…"))
    @_file_options(t)
    @_other_options(t)
    def import_command(  # noqa: PLR0913  one parameter an option
        *,
        dataset: str | None,
        files: tuple[Path, ...],
        out: Path | None,
        report: Path | None,
        stated: str,
        companion: Path | None,
        listed: bool,
        template: Path | None,
    ) -> None:
        from campuskg.ingest.mapping import importer

        if listed:
            _list(lang)
            return
        if dataset is None:
            raise UsageProblem("import-call", missing=t("JEU", "DATASET"))
        made = importer(dataset)
        if template is not None:
            _write_template(made, template, t, lang)
            return
        if not files or out is None:
            raise UsageProblem("import-call", missing=t("FICHIER", "FILE") if not files else "--out")
        _need_polars()
        from campuskg.ingest.engine import run

        start = time.perf_counter()
        shown = _Rows(t)
        accounts = run(made, files, out, report=report, version=stated, companion=companion, progress=shown)
        shown.done()
        _tell(t, lang, out, accounts, time.perf_counter() - start, report)

    return [import_command]


def _list(lang: Lang) -> None:
    """Name the importers."""
    from campuskg.ingest.mapping import importers

    for name, made in importers().items():
        click.echo(f"{name:<26}{pick(made.title, lang)} ({made.publisher})")


def _write_template(made: "Importer", template: Path, t: "Translate", lang: Lang) -> None:
    from campuskg.ingest.template import write_template

    write_template(made, template, lang)
    click.echo(t(f"{template} : tableau à remplir.", f"{template}: table to fill in."))


def _need_polars() -> None:
    try:
        importlib.import_module("polars")
    except ModuleNotFoundError as error:
        raise MissingInput("import-extra") from error


class _Rows:
    """Shows on a terminal how many rows are done; silent in a pipe."""

    def __init__(self, t: "Translate") -> None:
        self._t, self._live, self._last = t, sys.stderr.isatty(), 0.0

    def __call__(self, done: int, rows: int) -> None:
        now = time.monotonic()
        if self._live and (now - self._last > 0.2 or done == rows):  # noqa: PLR2004  five times a second
            self._last = now
            click.echo(self._t(f"\r  {done} / {rows} lignes", f"\r  {done} / {rows} rows"), nl=False, err=True)

    def done(self) -> None:
        """End the line."""
        if self._live and self._last:
            click.echo(err=True)


def _tell(t: "Translate", lang: Lang, out: Path, accounts: "Accounts", seconds: float, report: Path | None) -> None:
    """Say what became of the rows; name the first problems when no report was asked for."""
    rows, imported, rejected = accounts.rows, accounts.imported, accounts.rejected
    dropped, repaired = accounts.dropped.total(), accounts.repaired.total()
    click.echo(
        t(
            f"{out} : {rows} lignes, {imported} importées, {rejected} rejetées ; {accounts.triples} triplets ; "
            f"{dropped} cellule(s) écartée(s), {repaired} réparée(s).",
            f"{out}: {rows} rows, {imported} imported, {rejected} rejected; {accounts.triples} triples; "
            f"{dropped} cell(s) left out, {repaired} repaired.",
        )
    )
    if sys.stderr.isatty():
        click.echo(t(f"Durée : {seconds:.2f} s", f"Time: {seconds:.2f} s"), err=True)
    if report is not None:
        click.echo(t(f"Rapport : {report}", f"Report: {report}"))
        return
    for reject in accounts.first[:_SHOWN]:
        cells = reject.cells()
        click.echo(f"  {reject.file}:{reject.row}: {cells[lang]} [{reject.code}]", err=True)
    if accounts.reasons.total() > _SHOWN:
        click.echo(t("  … --report FICHIER.csv donne tout.", "  … --report FILE.csv gives all of them."), err=True)
