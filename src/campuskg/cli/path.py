"""``campuskg path``: the best chains of partners between two organisations, in sentences, each hop with its proof."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import format_option, release_option
from campuskg.cli.results import as_csv, as_json, say
from campuskg.errors import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from campuskg.analysis import Path as Chain
    from campuskg.analysis import Teller
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "path",
        help=t(
            "Dire comment A et B sont reliés : les meilleures chaînes de partenaires, chaque étape avec sa preuve.",
            "Say how A and B are linked: the best chains of partners, each step with its evidence.",
        ),
    )
    @click.argument("a", metavar="A")
    @click.argument("b", metavar="B")
    @release_option(t)
    @elsewhere_option(t)
    @click.option("-k", type=click.IntRange(1, 50), default=3, help=t("Nombre de chaînes au plus.", "Number of chains at most."))
    @click.option(
        "--avoid",
        multiple=True,
        metavar=t("NOM", "NAME"),
        help=t("Ne pas passer par cette organisation (plusieurs fois).", "Do not pass through this organisation (repeatable)."),
    )
    @click.option(
        "--minimum",
        type=click.IntRange(min=1),
        default=1,
        help=t("Activités communes au moins pour un lien.", "Shared activities at least for a link."),
    )
    @format_option(t, "table", "json", "csv")
    def path_command(  # noqa: PLR0913  the options of the command
        *,
        a: str,
        b: str,
        release: Path,
        k: int,
        avoid: tuple[str, ...],
        minimum: int,
        form: str,
    ) -> None:
        from campuskg.analysis import NoPath, Teller, organisation_named, partnerships, paths
        from campuskg.release import open_release

        opened = open_release(release)
        ends = organisation_named(opened, a), organisation_named(opened, b)
        around = [organisation_named(opened, name) for name in avoid]
        try:
            found = paths(partnerships(opened, minimum), *ends, k=k, avoid=around)
        except NoPath as why:
            raise why.named(opened.names) from None
        teller = Teller(opened.names, lang)
        if form == "json":
            click.echo(as_json([record(path, teller) for path in found]))
        elif form == "csv":
            headings = (t("Chaîne", "Chain"), t("Étape", "Step"), t("Phrase", "Sentence"), t("Preuve", "Evidence"))
            click.echo(as_csv(headings, _rows(found, teller)), nl=False)
        else:
            say("\n\n".join(_said(path, teller) for path in found))

    return [path_command]


def record(path: "Chain", teller: "Teller") -> dict[str, object]:
    """Return one chain for machines."""
    from campuskg.analysis.reports import plain

    hops = [{**plain(link), "sentence": told} for link, told in zip(path.links, teller.hops(path), strict=True)]
    return {"nodes": path.nodes, "sentence": teller.path(path), "hops": hops}


def _rows(found: "Sequence[Chain]", teller: "Teller") -> list[tuple[object, ...]]:
    return [
        (number, step, told, " ".join(link.passages))
        for number, path in enumerate(found, start=1)
        for step, (link, told) in enumerate(zip(path.links, teller.hops(path), strict=True), start=1)
    ]


def _said(path: "Chain", teller: "Teller") -> str:
    lines = [teller.path(path)]
    for link, told in zip(path.links, teller.hops(path), strict=True):
        lines += [f"  {told}", f"    {teller.proof(link.passages)}"]
    return "\n".join(lines)
