"""The options that say how much memory a release may take and where larger ones are kept, with their progress on a terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.errors import Lang, Text, pick

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from campuskg.cli.app import Translate
    from campuskg.store.storage import Storage


def storage_options(t: "Translate") -> "Callable[[Callable[..., Any]], Callable[..., Any]]":
    """Return ``--memory-budget`` and ``--store``: the rule for whatever the command opens, handed over behind its back."""
    lang: Lang = "fr" if t("fr", "en") == "fr" else "en"

    def budget(context: click.Context, _: click.Parameter, value: int | None) -> None:
        from dataclasses import replace

        rule(context, replace(chosen(context), budget_mib=value))

    def folder(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        from dataclasses import replace

        rule(context, replace(chosen(context), folder=value))

    def chosen(context: click.Context) -> "Storage":
        from campuskg.store.storage import Storage

        found: Storage = context.meta.get(__name__) or Storage(progress=Shown(lang))
        return found

    def rule(context: click.Context, storage: "Storage") -> None:
        from campuskg.store.storage import using

        context.meta[__name__] = storage
        context.with_resource(using(storage))

    memory_help = t(
        "Mémoire qu'une livraison peut prendre, en MiB (par défaut : la moitié de ce qui est libre) ; "
        "une plus grande est lue depuis un magasin sur disque, préparé une fois.",
        "Memory that a release may take, in MiB (by default: half of what is free); "
        "a larger one is read from a store on disk, prepared once.",
    )
    store_help = t(
        "Dossier des magasins sur disque (par défaut dans le cache de l'utilisateur).",
        "Folder of the stores on disk (by default in the user's cache).",
    )

    def decorate(command: "Callable[..., Any]") -> "Callable[..., Any]":
        command = click.option(
            "--store",
            type=click.Path(path_type=Path),
            envvar="CAMPUSKG_STORE",
            expose_value=False,
            callback=folder,
            help=store_help,
        )(command)
        return click.option(
            "--memory-budget",
            type=click.IntRange(min=1),
            metavar="MIB",
            envvar="CAMPUSKG_MEMORY",
            expose_value=False,
            callback=budget,
            help=memory_help,
        )(command)

    return decorate


class Shown:
    """Shows how far a store on disk is: a line that is rewritten on a terminal, one line for each stage in a log."""

    def __init__(self, lang: Lang) -> None:
        """Show words in *lang*."""
        self._lang = lang
        self._live = sys.stderr.isatty()
        self._last = ""

    def __call__(self, what: Text, done: int, count: int) -> None:
        """Show that *done* of *count* are done."""
        words = pick(what, self._lang)
        if self._live:
            end = done == count
            click.echo(f"\r  {words} {100 * done // max(count, 1):3d} %", nl=end and words != self._last, err=True)
            self._last = words if end else ""
        elif words != self._last:
            self._last = words
            click.echo(words, err=True)
