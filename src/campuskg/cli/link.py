"""``campuskg link``: which imported thing is which curated one, for a person to decide; decisions are never written over."""

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.options import RELEASE_FOLDER
from campuskg.errors import Lang, MissingInput, no_file

if TYPE_CHECKING:
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "link",
        help=t(
            "Rapprocher les organisations importées de celles du graphe : par identifiant d'abord, puis par nom, lieu et type. "
            "Écrit un fichier à relire ; rien n'est fusionné. Ce qui est déjà relu dans --out est gardé, et n'est plus proposé. "
            "Une fois relu, le fichier va à campuskg build --links. LIVRAISON : dossier d'une livraison ; TRIPLETS : fichiers "
            "de campuskg import.",
            "Match imported organisations with those of the graph: by identifier first, then by name, place and type. "
            "Writes a file to read; nothing is merged. What is reviewed in --out already is kept, and not proposed again. Once "
            "reviewed, the file goes to campuskg build --links. RELEASE: folder of a release; TRIPLES: files of campuskg import.",
        ),
    )
    @click.argument("release", type=click.Path(path_type=Path), default=Path(RELEASE_FOLDER), metavar=t("LIVRAISON", "RELEASE"))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar=t("TRIPLETS…", "TRIPLES…"))
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Fichier YAML à écrire (par défaut la sortie standard).", "YAML file to write (standard output by default)."),
    )
    def link_command(*, release: Path, files: tuple[Path, ...], out: Path | None) -> None:
        from campuskg.ingest.link import as_yaml, curated, imported, link, proposals_left, read_review
        from campuskg.release import open_release

        if out is not None and out.is_dir():
            raise no_file(out)
        opened = open_release(release)
        earlier = read_review(out) if out is not None and out.exists() else None
        links = link(imported(files), curated(opened))
        digests = {file.name: sha256(file.read_bytes()).hexdigest() for file in files}
        written = as_yaml(links, lang, release=opened.digest, files=digests, earlier=earlier)
        if out is None:
            click.echo(written, nl=False)
            return
        _write(out, written)
        decided = earlier.decided if earlier else []
        counts = Counter(one.decision for one in proposals_left(links, decided))
        kept = len(decided)
        click.echo(
            t(
                f"{out} : {counts['accept']} rapprochements proposés, {counts['unsure']} douteux, {counts['reject']} écartés"
                + (f" ; {kept} décisions gardées." if kept else "."),
                f"{out}: {counts['accept']} matches proposed, {counts['unsure']} doubtful, {counts['reject']} set aside"
                + (f"; {kept} decisions kept." if kept else "."),
            )
        )

    return [link_command]


def _write(out: Path, text: str) -> None:
    """Write aside first, then put in place: a file that someone reviews is never half written."""
    aside = out.with_name(f".{out.name}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(out)
    except OSError as error:
        raise MissingInput("import-unwritable", folder=str(out.parent), reason=error.strerror or "") from error
