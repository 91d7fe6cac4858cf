"""``campuskg publish``: a release as a static site."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import Decorator, stacked
from campuskg.cli.storage import storage_options
from campuskg.errors import Lang, Text, UsageProblem, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.publish.site import Counted
    from campuskg.server.inside import Inside

_FOLDER = click.Path(path_type=Path)


def _site_options(t: "Translate") -> Decorator:
    """Return the options of the site."""
    return stacked(
        click.option("--out", type=_FOLDER, required=True, help=t("Dossier du site.", "Folder of the site.")),
        click.option(
            "--base",
            required=True,
            metavar="URL",
            help=t("Adresse publique du site, avec son chemin.", "Public address of the site, with its path."),
        ),
        click.option(
            "--corrections",
            default="",
            metavar="URL",
            help=t("Où proposer une correction (mailto: ou https:).", "Where to suggest a correction (mailto: or https:)."),
        ),
        click.option(
            "--forms",
            default="ttl,jsonld,nt,rdf,linkset",
            metavar=t("LISTE", "LIST"),
            help=t(
                "Formes RDF de chaque document, la première par défaut, et « linkset » pour ses liens (RFC 9264).",
                "RDF forms of each document, the first by default, and “linkset” for its links (RFC 9264).",
            ),
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=0),
            default=0,
            help=t("Processus ; 0 : un par cœur.", "Processes; 0: one for each core."),
        ),
    )


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the command ``publish``."""

    @click.command(
        "publish",
        help=t(
            "Publier LIVRAISON en fichiers pour tout hébergeur : pages, données, recherche, SPARQL dans le navigateur. "
            "Les fichiers inchangés ne sont pas réécrits ; un site déjà à jour est laissé tel quel.",
            "Publish RELEASE as files for any web host: pages, data, search, SPARQL in the browser. "
            "Unchanged files are not rewritten; a site that is up to date is left as it is.",
        ),
    )
    @click.argument("release", metavar=t("LIVRAISON", "RELEASE"), type=_FOLDER)
    @_site_options(t)
    @storage_options(t)
    @elsewhere_option(t, whole=True)
    def publish_command(release: Path, out: Path, base: str, corrections: str, forms: str, jobs: int) -> None:
        start = time.perf_counter()
        from campuskg.publish.site import origin, publish_site, standing, uncollected

        with uncollected():
            chosen = _chosen(base, forms)
            made_of = origin(release, (base, corrections, *chosen))
            same = standing(out, made_of)
            if same is not None:
                _say_standing(out, same, t)
                return
            inside = _inside(release, base.rstrip("/"), corrections)
        shown = Progress(lang)
        done = publish_site(inside.published, inside, out, forms=chosen, jobs=jobs, origin=made_of, progress=shown)
        shown.done()
        _say_done(out, done, time.perf_counter() - start, t)

    return [publish_command]


def _inside(release: Path, base: str, corrections: str) -> "Inside":
    """Return who answers for *release*: it is read by the engine and templates are compiled while code is loaded."""
    from campuskg.publish.pages import compiled_templates, load_compiled
    from campuskg.publish.site import begun

    compiling = begun(compiled_templates)  # before there are threads: a process that parts from them has none of them
    from campuskg.release import open_release

    with ThreadPoolExecutor(1) as aside:
        opening = aside.submit(open_release, release, quotations=False)
        from campuskg.server.inside import Inside
        from campuskg.server.tables import routes

        routes()
        load_compiled(compiling())
        opened = opening.result()
    return Inside(opened, base, corrections)


def _chosen(base: str, forms: str) -> list[str]:
    """Return the forms of RDF asked for; UsageProblem for one that there is not, or when *base* is no address of a site."""
    from campuskg.publish.rdf_forms import RDF_FORMS
    from campuskg.publish.site import LINKSETS

    if not base.startswith(("http://", "https://")) or any(c in base for c in '?#"<> '):
        raise UsageProblem("site-base", base=base)
    chosen = [form for form in forms.split(",") if form]
    if not set(chosen) & RDF_FORMS.keys() or not set(chosen) <= {*RDF_FORMS, LINKSETS}:
        raise UsageProblem("site-forms", forms=forms, known=", ".join((*RDF_FORMS, LINKSETS)))
    return chosen


def _say_standing(out: Path, same: "Counted", t: "Translate") -> None:
    size = same.bytes / 1_000_000
    click.echo(
        t(
            f"{out} : rien à faire, {same.files} fichiers ({size:.0f} Mo) de cette livraison sont en place.",
            f"{out}: nothing to do, {same.files} files ({size:.0f} MB) of this release are in place.",
        )
    )


def _say_done(out: Path, done: "Counted", seconds: float, t: "Translate") -> None:
    for address in done.lost:
        click.echo(t(f"Lien vers rien : {address}", f"Link to nothing: {address}"), err=True)
    size = done.bytes / 1_000_000
    click.echo(
        t(
            f"{out} : {done.files} fichiers ({size:.0f} Mo) en {seconds:.1f} s : "
            f"{done.written} écrits, {done.unchanged} inchangés, {done.removed} retirés.",
            f"{out}: {done.files} files ({size:.0f} MB) in {seconds:.1f} s: "
            f"{done.written} written, {done.unchanged} unchanged, {done.removed} removed.",
        )
    )


class Progress:
    """Shows how far the work is on a terminal; silent in a pipe."""

    def __init__(self, lang: Lang) -> None:
        """Show words in *lang*."""
        self._lang = lang
        self._live = sys.stderr.isatty()

    def __call__(self, what: Text, done: int, count: int) -> None:
        """Show that *done* of *count* pieces are done."""
        if self._live:
            click.echo(f"\r  {pick(what, self._lang)} {100 * done // count:3d} %", nl=False, err=True)

    def done(self) -> None:
        """End the line."""
        if self._live:
            click.echo("", err=True)
