"""``campuskg push``."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

import click

from campuskg.cli.options import RELEASE_FOLDER, Decorator, stacked
from campuskg.errors import Lang, Text, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.store.exchange import Exchange
    from campuskg.store.push import GraphReport, Push
    from campuskg.store.upload import Uploader

_OUTCOMES = {
    "present": Text("déjà là", "already there"),
    "identical": Text("chargé, identique", "loaded, identical"),
    "same-values": Text("chargé, mêmes valeurs écrites autrement", "loaded, same values in other spellings"),
    "differs": Text("DIFFÈRE", "DIFFERS"),
}


def update_address(endpoint: str) -> str:
    """Return where a service most likely takes updates: beside ``…/query``, else at the same address.

    >>> update_address("http://localhost:7878/query"), update_address("http://localhost/sparql-auth")
    ('http://localhost:7878/update', 'http://localhost/sparql-auth')
    """
    parts = urlsplit(endpoint)
    head, _, last = parts.path.rpartition("/")
    return urlunsplit(parts._replace(path=f"{head}/update")) if last == "query" else endpoint


def _service_options(t: "Translate") -> Decorator:
    """Return the options that say where the release goes, and how it is written there."""
    return stacked(
        click.option(
            "--endpoint",
            required=True,
            metavar="URL",
            help=t("Adresse qui répond aux requêtes.", "Address that answers queries."),
        ),
        click.option(
            "--update",
            metavar="URL",
            help=t(
                "Adresse qui prend les mises à jour (par défaut …/update à côté de …/query, sinon celle de --endpoint).",
                "Address that takes updates (by default …/update beside …/query, else that of --endpoint).",
            ),
        ),
        click.option("--gsp", metavar="URL", help=t("Adresse du protocole Graph Store.", "Address of the Graph Store Protocol.")),
        click.option(
            "--protocol",
            type=click.Choice(["auto", "gsp", "update"]),
            default="auto",
            help=t("Comment écrire ; auto : gsp si --gsp est donné.", "How to write; auto: gsp when --gsp is given."),
        ),
    )


def _sending_options(t: "Translate") -> Decorator:
    """Return the options of how it is sent."""
    return stacked(
        click.option("--user", envvar="CAMPUSKG_ENDPOINT_USER", default="", help=t("Nom d'utilisateur.", "User name.")),
        click.option(
            "--batch", type=click.IntRange(1, 1_000_000), default=2_000, help=t("Triplets par envoi.", "Triples in one request.")
        ),
        click.option(
            "--timeout", type=click.FloatRange(min=1), default=300.0, help=t("Secondes par demande.", "Seconds for a request.")
        ),
        click.option(
            "--prune",
            is_flag=True,
            help=t(
                "Retirer aussi les graphes de campuskg que la livraison n'a pas.",
                "Also take away graphs of campuskg that the release does not have.",
            ),
        ),
        click.option(
            "--state",
            type=click.Path(path_type=Path),
            help=t(
                "Fichier qui retient où l'on en est (par défaut dans le dossier d'état de l'utilisateur).",
                "File that keeps how far it got (by default in the user's state folder).",
            ),
        ),
    )


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "push",
        help=t(
            "Charger une LIVRAISON dans un service SPARQL, graphe par graphe, puis relire et comparer. "
            "Interrompue, la même commande reprend où elle en était. "
            "Nom et mot de passe : CAMPUSKG_ENDPOINT_USER et CAMPUSKG_ENDPOINT_PASSWORD, ou CAMPUSKG_ENDPOINT_TOKEN.",
            "Load a RELEASE into a SPARQL service, graph by graph, then read it back and compare. "
            "Interrupted, the same command goes on where it stopped. "
            "User and password: CAMPUSKG_ENDPOINT_USER and CAMPUSKG_ENDPOINT_PASSWORD, or CAMPUSKG_ENDPOINT_TOKEN.",
        ),
    )
    @click.argument("release", metavar=t("LIVRAISON", "RELEASE"), type=click.Path(path_type=Path), default=Path(RELEASE_FOLDER))
    @_service_options(t)
    @_sending_options(t)
    def push_command(  # noqa: PLR0913  one parameter an option
        *,
        release: Path,
        endpoint: str,
        update: str | None,
        gsp: str | None,
        protocol: Literal["auto", "gsp", "update"],
        user: str,
        batch: int,
        timeout: float,
        prune: bool,
        state: Path | None,
    ) -> int:
        from dataclasses import replace

        from campuskg.content import BASE_IRI
        from campuskg.release import open_release
        from campuskg.release.remote import described, description
        from campuskg.store.credentials import Credentials
        from campuskg.store.exchange import Exchange, Limits
        from campuskg.store.push import Push, PushState, state_path
        from campuskg.store.readback import GraphReader
        from campuskg.store.remote import RemoteStore
        from campuskg.store.service import ABOUT_RELEASE, HttpService

        opened = open_release(release)
        credentials = replace(Credentials.from_environment(), user=user)
        limits = Limits(total=timeout)
        by_store = protocol == "gsp" or (protocol == "auto" and gsp is not None)
        address = gsp or endpoint if by_store else update or update_address(endpoint)
        uploader = _uploader(Exchange(address, credentials=credentials, limits=limits), opened.digest[:12], by_store=by_store)
        shown = Bars(lang)
        asked = HttpService(endpoint, credentials=credentials, limits=limits)
        told = described(asked)
        if told and told["manifest.json"]["outputs"]["dataset.nq"] != opened.digest:
            uploader.drop(ABOUT_RELEASE)  # until all of the new one is there
        push = Push(
            release / "dataset.nq",
            reader=GraphReader(RemoteStore(service=asked, graphs=())),
            uploader=uploader,
            state=PushState(state or state_path(address, opened.digest, batch)),
            batch=batch,
            progress=shown,
        )
        reports = list(_reported(push, shown, t, lang))
        if all(report.good for report in reports):
            uploader.begin(ABOUT_RELEASE)
            uploader.add(ABOUT_RELEASE, list(description(opened)))
            uploader.finish(ABOUT_RELEASE)
        for graph in push.prune(f"{BASE_IRI}graph/") if prune else ():
            click.echo(t(f"{graph} : retiré", f"{graph}: taken away"))
        return _conclude(reports, opened.digest, t)

    return [push_command]


def _uploader(exchange: "Exchange", mark: str, *, by_store: bool) -> "Uploader":
    """Return who writes: by the Graph Store Protocol, or by updates that *mark* what is not whole yet."""
    from campuskg.store.upload import StoreUploader, UpdateUploader

    return StoreUploader(exchange) if by_store else UpdateUploader(exchange, mark)


def _reported(push: "Push", shown: "Bars", t: "Translate", lang: Lang) -> "Iterator[GraphReport]":
    """Yield the report of each graph once it was said."""
    for report in push.run():
        shown.done()
        _say(report, t, lang)
        yield report


def _conclude(reports: "Sequence[GraphReport]", digest: str, t: "Translate") -> int:
    """Say whether all graphs are there, and return the exit code."""
    bad = [report for report in reports if not report.good]
    total = sum(report.ours.exact.count for report in reports)
    click.echo(
        t(f"{len(bad)} graphe(s) sur {len(reports)} diffèrent.", f"{len(bad)} of {len(reports)} graphs differ.")
        if bad
        else t(f"{total} triplets vérifiés, empreinte {digest}", f"{total} triples verified, digest {digest}")
    )
    return 1 if bad else 0


def _say(report: "GraphReport", t: "Translate", lang: Lang) -> None:
    ours, theirs = report.ours.exact, report.theirs.exact
    outcome = pick(_OUTCOMES[report.outcome], lang)
    if report.good:
        click.echo(t(f"{report.graph} : {ours.count} triplets, {outcome}", f"{report.graph}: {ours.count} triples, {outcome}"))
        return
    click.echo(
        t(
            f"{report.graph} : {outcome} : {ours.count} triplets ici ({ours}), {theirs.count} là-bas ({theirs})",
            f"{report.graph}: {outcome}: {ours.count} triples here ({ours}), {theirs.count} there ({theirs})",
        ),
        err=True,
    )


class Bars:
    """Shows how far each graph is, on one line of a terminal; silent in a pipe."""

    def __init__(self, lang: Lang) -> None:
        """Show words in *lang*."""
        self._lang = lang
        self._live = sys.stderr.isatty()

    def __call__(self, graph: str, sent: int, total: int) -> None:
        """Show that *sent* of *total* triples of *graph* went out."""
        if self._live:
            words = pick(Text("triplets", "triples"), self._lang)
            click.echo(f"\r  {graph.rpartition('/')[2]} : {sent}/{total} {words}\x1b[K", nl=False, err=True)

    def done(self) -> None:
        """Take the line away."""
        if self._live:
            click.echo("\r\x1b[K", nl=False, err=True)
