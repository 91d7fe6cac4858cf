"""Options that several commands share, with their words in the reader's language."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campuskg.cli.storage import storage_options

if TYPE_CHECKING:
    from campuskg.cli.app import Translate

RELEASE_FOLDER = "release"

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def stacked(*options: Decorator) -> Decorator:
    """Return *options* as one decorator; the help shows them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def release_option(t: "Translate") -> Decorator:
    """Return ``--release DIR``: the release that a command reads (also CAMPUSKG_RELEASE), with the options of its storage."""
    release = click.option(
        "--release",
        type=click.Path(path_type=Path),
        default=Path(RELEASE_FOLDER),
        envvar="CAMPUSKG_RELEASE",
        help=t("Dossier de la livraison.", "Folder of the release."),
    )
    storage = storage_options(t)
    return lambda command: release(storage(command))


def endpoint_option(t: "Translate") -> Decorator:
    """Return ``--endpoint URL``: a SPARQL service to ask instead of the release (also CAMPUSKG_ENDPOINT)."""
    return click.option(
        "--endpoint",
        default=None,
        metavar="URL",
        envvar="CAMPUSKG_ENDPOINT",
        help=t("Service SPARQL à interroger à la place de la livraison.", "SPARQL service to ask instead of the release."),
    )


def graph_option(t: "Translate") -> Decorator:
    """Return ``--graph DIR``: the curated folder, given to the command as *folder*."""
    return click.option(
        "--graph",
        "folder",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Dossier du graphe curé (par défaut celui du projet).", "Folder of the curated graph (the project's by default)."),
    )


def sources_option(t: "Translate") -> Decorator:
    """Return ``--sources DIR``: the folder with the source texts."""
    return click.option(
        "--sources",
        type=click.Path(path_type=Path),
        default=None,
        help=t(
            "Dossier des textes sources : chaque citation y est vérifiée.",
            "Folder of the source texts: every citation is checked there.",
        ),
    )


def strict_option(t: "Translate") -> Decorator:
    """Return ``--strict``: warnings are refused too."""
    return click.option("--strict", is_flag=True, help=t("Refuser aussi les avertissements.", "Refuse warnings too."))


def format_option(t: "Translate", *forms: str) -> Decorator:
    """Return ``--format``, given to the command as *form*: one of *forms*, the first by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        help=t("Forme de la sortie.", "Form of the output."),
    )
