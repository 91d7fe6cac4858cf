"""``campuskg generate``: a made-up national ecosystem, for trials of scale."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.errors import Lang, MissingInput, no_file

if TYPE_CHECKING:
    from campuskg.cli.app import Translate

_TRIPLES = 1_000_000


def commands(t: "Translate", lang: Lang) -> list[click.Command]:  # noqa: ARG001  every module has this signature
    """Return the commands of this module."""

    @click.command(
        "generate",
        help=t(
            "Inventer un écosystème national de la taille voulue, à partir de la structure d'une vraie LIVRAISON : pour "
            "essayer à grande échelle, jamais pour publier. À joindre par `campuskg build --with`.",
            "Make up a national ecosystem of the wanted size from the structure of a real RELEASE: for trials of scale, never "
            "for publication. To be added by `campuskg build --with`.",
        ),
    )
    @click.argument("release", type=click.Path(path_type=Path), metavar=t("LIVRAISON", "RELEASE"))
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        metavar=t("FICHIER", "FILE"),
        required=True,
        help=t("Fichier .nq.", "File (.nq)."),
    )
    @click.option(
        "--triples",
        type=click.IntRange(1_000),
        default=_TRIPLES,
        help=t("Nombre d'énoncés, à peu près.", "Number of statements, about."),
    )
    @click.option("--seed", type=int, default=1, help=t("Graine : la même, les mêmes octets.", "Seed: the same, the same bytes."))
    def generate_command(release: Path, out: Path, triples: int, seed: int) -> None:
        from campuskg.release.opened import whole_release
        from campuskg.synthetic import generate

        if out.is_dir():
            raise no_file(out)
        whole_release(release)
        aside = out.with_name(f".{out.name}.new")
        count = 0
        try:
            with aside.open("w", encoding="utf-8", newline="\n") as file:
                for line in generate(release, triples, seed):
                    file.write(line)
                    count += 1
            aside.replace(out)
        except OSError as error:
            raise MissingInput("file-unwritable", folder=str(out.parent), reason=error.strerror or "") from error
        finally:
            with suppress(OSError):  # a read-only folder refuses this too
                aside.unlink(missing_ok=True)
        click.echo(t(f"{out} : {count} énoncés.", f"{out}: {count} statements."))

    return [generate_command]
