"""``campuskg serve``: the graph on HTTP, with a SPARQL endpoint that stays up."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from campuskg.errors import Lang, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


_MAY_BE_ZERO: Final = ("cache", "parked")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the command ``serve``; its limits are those of the server's table, each an option."""

    @click.command(
        "serve",
        help=t(
            "Servir SOURCE sur HTTP : un point d'accès SPARQL et les questions du catalogue. "
            "SOURCE est le dossier d'une livraison, ou un fichier RDF (.nq, .trig, .ttl, .nt).",
            "Serve SOURCE on HTTP: a SPARQL endpoint and the questions of the catalogue. "
            "SOURCE is the folder of a release, or an RDF file (.nq, .trig, .ttl, .nt).",
        ),
    )
    @click.argument("source", type=click.Path(path_type=Path))
    @click.option("--host", default="127.0.0.1", help=t("Adresse où écouter.", "Address to listen on."))
    @click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=7878,
        help=t("Port ; 0 en choisit un libre.", "Port; 0 picks a free one."),
    )
    @click.option(
        "--base",
        default=None,
        metavar="URL",
        help=t("Adresse publique, d'où viennent tous les liens.", "Public address, where all links come from."),
    )
    @click.option(
        "--log",
        type=click.Choice(["error", "info"]),
        default="error",
        help=t("Journal : nos fautes seulement, ou chaque demande.", "Log: our own faults only, or every request."),
    )
    @click.option(
        "--trusted-proxy",
        "proxies",
        multiple=True,
        metavar="IP",
        help=t("Relais dont l'en-tête X-Forwarded-For est cru.", "Proxy whose X-Forwarded-For header is believed."),
    )
    @click.option(
        "--service-allow",
        "services",
        multiple=True,
        metavar="URL",
        help=t(
            "Adresse que SERVICE peut appeler ; sans cette option, les requêtes n'appellent personne.",
            "Address that SERVICE may call; without this option queries call nobody.",
        ),
    )
    @click.option(
        "--keep",
        type=click.Path(path_type=Path),
        default=None,
        help=t(
            "Dossier de livraisons antérieures : les adresses qui les citent répondent encore.",
            "Folder of earlier releases: the addresses that cite them still answer.",
        ),
    )
    @click.option(
        "--corrections",
        default="",
        metavar="URL",
        help=t(
            "Où proposer une correction : adresse mailto: ou page de tickets ; les pages y mènent, préremplies.",
            "Where to suggest a correction: a mailto: address or a page of issues; pages lead there, filled in.",
        ),
    )
    @click.option(
        "--quotations",
        is_flag=True,
        help=t(
            "Montrer aussi les lignes citées, quand la livraison les a : pour un usage interne, elles ne sont pas à nous.",
            "Show the cited lines too, where the release has them: for use in house, they are not ours.",
        ),
    )
    @click.option(
        "--allow-unsafe-workers",
        "allow_unsafe",
        is_flag=True,
        help=t(
            "Servir même si le système ne peut pas enfermer les requêtes.",
            "Serve even where the system cannot lock the queries in.",
        ),
    )
    def serve_command(source: Path, **options: object) -> None:
        from campuskg.server.limits import Limits
        from campuskg.server.run import Settings, serve

        names = {limit.name for limit in Limits().table()}
        limits = Limits(**{name: value for name, value in options.items() if name in names})  # type: ignore[arg-type]
        settings = Settings(**{name: value for name, value in options.items() if name not in names})  # type: ignore[arg-type]
        served = str(source)
        serve(source, settings, limits, lambda address: click.echo(t(f"{served} : {address}", f"{served}: {address}")))

    serve_command.params += _limit_options(lang)
    return [serve_command]


def _limit_options(lang: Lang) -> Sequence[click.Option]:
    """Return one option for each limit, with its meaning and its unit."""
    from campuskg.server.limits import Limits

    options = []
    for limit in Limits().table():
        unit = f" ({limit.unit})" if limit.unit else ""
        words = pick(limit.meaning, lang)
        least = int(limit.name not in _MAY_BE_ZERO)
        kind = click.IntRange(min=least) if isinstance(limit.value, int) else click.FloatRange(min=0.01)
        text = words[0].upper() + words[1:] + unit + "."
        options.append(click.Option([limit.option], type=kind, default=limit.value, help=text, show_default=True))
    return options
