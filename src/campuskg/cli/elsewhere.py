"""``--endpoint`` of the commands that open a release: it is then the one that a SPARQL service holds."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campuskg.errors import Lang, Problem

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.release import Release


def elsewhere_option(t: "Translate", *, whole: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return ``--endpoint URL`` (also CAMPUSKG_ENDPOINT): the command opens its release by it, without knowing.

    *whole*: the files of the release are needed too, so a folder of another release is refused instead of left aside.
    """
    lang: Lang = "fr" if t("fr", "en") == "fr" else "en"

    def warn(problem: Problem) -> None:
        from campuskg.store.failures import RemoteFailed

        if whole:
            raise RemoteFailed(problem.code, **problem.params)
        click.echo(problem.say(lang), err=True)

    def choose(context: click.Context, _: click.Parameter, url: str | None) -> None:
        if not url:
            return
        from campuskg.release.elsewhere import opening_by

        def opened(folder: Path) -> "Release":
            from campuskg.release.remote import open_remote

            return open_remote(url, folder if whole or (folder / "manifest.json").is_file() else None, warn=warn)

        context.with_resource(opening_by(opened))

    return click.option(
        "--endpoint",
        metavar="URL",
        envvar="CAMPUSKG_ENDPOINT",
        expose_value=False,
        callback=choose,
        help=t(
            "Service SPARQL où la livraison a été chargée (campuskg push) ; toutes les requêtes lui sont envoyées.",
            "SPARQL service into which the release was loaded (campuskg push); all queries are sent to it.",
        ),
    )
