"""``campuskg serve``: the graph on HTTP, with a SPARQL endpoint that stays up."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from campuskg.cli.options import Decorator, stacked
from campuskg.cli.storage import storage_options
from campuskg.errors import Lang, UsageProblem, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.server.limits import Limits
    from campuskg.server.run import Settings


_MAY_BE_ZERO: Final = ("cache", "parked")


def _data_options(t: "Translate") -> Decorator:
    """Return the options that say where the data are."""
    return stacked(
        click.option(
            "--endpoint",
            default=None,
            metavar="URL",
            envvar="CAMPUSKG_ENDPOINT",
            help=t(
                "Service SPARQL où la livraison a été chargée (campuskg push) ; toutes les requêtes lui sont envoyées.",
                "SPARQL service into which the release was loaded (campuskg push); all queries are sent to it.",
            ),
        ),
        click.option(
            "--credentials",
            type=click.Path(path_type=Path),
            default=None,
            metavar=t("FICHIER", "FILE"),
            help=t(
                "Fichier de lignes CAMPUSKG_ENDPOINT_USER=…, _PASSWORD=…, _TOKEN=… (par défaut, l'environnement).",
                "File of lines CAMPUSKG_ENDPOINT_USER=…, _PASSWORD=…, _TOKEN=… (by default, the environment).",
            ),
        ),
    )


def _address_options(t: "Translate") -> Decorator:
    """Return the options of the address."""
    return stacked(
        click.option("--host", default="127.0.0.1", help=t("Adresse où écouter.", "Address to listen on.")),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=7878,
            help=t("Port ; 0 en choisit un libre.", "Port; 0 picks a free one."),
        ),
        click.option(
            "--base",
            default=None,
            metavar="URL",
            help=t("Adresse publique, d'où viennent tous les liens.", "Public address, where all links come from."),
        ),
    )


def _trust_options(t: "Translate") -> Decorator:
    """Return the options of the log, and of whom the server believes and may call."""
    return stacked(
        click.option(
            "--log",
            type=click.Choice(["error", "info"]),
            default="error",
            help=t("Journal : nos fautes seulement, ou chaque demande.", "Log: our own faults only, or every request."),
        ),
        click.option(
            "--trusted-proxy",
            "proxies",
            multiple=True,
            metavar="IP",
            help=t("Relais dont l'en-tête X-Forwarded-For est cru.", "Proxy whose X-Forwarded-For header is believed."),
        ),
        click.option(
            "--service-allow",
            "services",
            multiple=True,
            metavar="URL",
            help=t(
                "Adresse que SERVICE peut appeler ; sans cette option, les requêtes n'appellent personne.",
                "Address that SERVICE may call; without this option queries call nobody.",
            ),
        ),
    )


def _answer_options(t: "Translate") -> Decorator:
    """Return the options of what is answered."""
    return stacked(
        click.option(
            "--keep",
            type=click.Path(path_type=Path),
            default=None,
            help=t(
                "Dossier de livraisons antérieures : les adresses qui les citent répondent encore.",
                "Folder of earlier releases: the addresses that cite them still answer.",
            ),
        ),
        click.option(
            "--corrections",
            default="",
            metavar="URL",
            help=t(
                "Où proposer une correction : adresse mailto: ou page de tickets ; les pages y mènent, préremplies.",
                "Where to suggest a correction: a mailto: address or a page of issues; pages lead there, filled in.",
            ),
        ),
        click.option(
            "--quotations",
            is_flag=True,
            help=t(
                "Montrer aussi les lignes citées, quand la livraison les a : pour un usage interne, elles ne sont pas à nous.",
                "Show the cited lines too, where the release has them: for use in house, they are not ours.",
            ),
        ),
        click.option(
            "--allow-unsafe-workers",
            "allow_unsafe",
            is_flag=True,
            help=t(
                "Servir même si le système ne peut pas enfermer les requêtes.",
                "Serve even where the system cannot lock the queries in.",
            ),
        ),
    )


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the command ``serve``; its limits are those of the server's table, each an option."""

    @click.command(
        "serve",
        help=t(
            "Servir SOURCE sur HTTP : un point d'accès SPARQL et les questions du catalogue. "
            "SOURCE est le dossier d'une livraison, ou un fichier RDF (.nq, .trig, .ttl, .nt). Avec --endpoint, chaque question "
            "va à ce service, qui tient la livraison ; SOURCE, facultatif, en donne alors les fichiers.",
            "Serve SOURCE on HTTP: a SPARQL endpoint and the questions of the catalogue. "
            "SOURCE is the folder of a release, or an RDF file (.nq, .trig, .ttl, .nt). With --endpoint every question goes to "
            "that service, which holds the release; SOURCE, optional, then gives its files.",
        ),
    )
    @click.argument("source", type=click.Path(path_type=Path), required=False)
    @_data_options(t)
    @_address_options(t)
    @_trust_options(t)
    @_answer_options(t)
    @storage_options(t)
    def serve_command(source: Path | None, endpoint: str | None, credentials: Path | None, **options: object) -> None:
        from campuskg.server.run import serve, serve_elsewhere

        settings, limits = _told(options)
        served = endpoint or str(source)

        def ready(address: str) -> None:
            click.echo(t(f"{served} : {address}", f"{served}: {address}"))

        if endpoint:
            from campuskg.server.remote import check_endpoint
            from campuskg.store.credentials import into_environment

            if credentials is not None:
                into_environment(credentials)
            elsewhere = check_endpoint(endpoint, source, lambda problem: click.echo(problem.say(lang), err=True))
            serve_elsewhere(elsewhere, settings, limits, ready)
        elif source is None:
            raise UsageProblem("serve-nothing")
        else:
            serve(source, settings, limits, ready)

    serve_command.params += _limit_options(lang)
    return [serve_command]


def _told(options: Mapping[str, Any]) -> "tuple[Settings, Limits]":
    """Return what *options* say: the settings, and the limits of the server's table."""
    from campuskg.server.limits import Limits
    from campuskg.server.run import Settings

    names = {limit.name for limit in Limits().table()}
    settings = Settings(**{name: value for name, value in options.items() if name not in names})
    return settings, Limits(**{name: value for name, value in options.items() if name in names})


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
