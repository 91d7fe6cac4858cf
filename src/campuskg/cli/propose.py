"""``campuskg propose``: candidate statements from a new text, for a person to accept."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from campuskg.cli.build import Stages
from campuskg.cli.options import format_option, release_option
from campuskg.cli.written import write_file
from campuskg.errors import Lang, MissingInput, Place, Problem, ProblemsFound, UsageProblem, no_file

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.curation.propose import Proposal

_SOURCE_ID: Final = re.compile(r"[a-z][a-z0-9-]*")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "propose",
        help=t(
            "Proposer des enregistrements à partir d'un nouveau texte. Rien n'entre dans le graphe : "
            "une personne relit, corrige et déplace ce qu'elle accepte. FICHIER : un texte en UTF-8.",
            "Propose records from a new text. Nothing enters the graph: a person reads, mends and moves what they accept. "
            "FILE: a text in UTF-8.",
        ),
    )
    @click.argument("file", type=click.Path(path_type=Path), metavar=t("FICHIER", "FILE"))
    @click.option(
        "--source",
        required=True,
        metavar="ID",
        help=t("Identifiant sous lequel le texte sera cité.", "Id under which the text will be cited."),
    )
    @release_option(t)
    @click.option(
        "--known-from",
        multiple=True,
        metavar="ID",
        help=t(
            "Ne tenir pour connu que ce que ce texte nomme (répétable ; par défaut tout).",
            "Hold for known only what this text names (repeatable; everything by default).",
        ),
    )
    @click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=0.5,
        help=t("Confiance minimale, de 0 à 1.", "Least confidence, from 0 to 1."),
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Fichier à écrire (par défaut la sortie standard).", "File to write (standard output by default)."),
    )
    @format_option(t, "yaml", "json")
    def propose_command(  # noqa: PLR0913  one parameter an option
        *, file: Path, source: str, release: Path, known_from: tuple[str, ...], min_confidence: float, out: Path | None, form: str
    ) -> None:
        if not _SOURCE_ID.fullmatch(source):
            raise UsageProblem("source-id", value=source)
        if out is not None and _in_graph(out):
            raise UsageProblem("propose-into-graph", file=str(out))
        data, text = _read(file)
        shown = Stages(lang)
        proposed = _propose(text, source, release, known_from, min_confidence, shown)
        shown.done()
        from campuskg.curation.yaml_out import as_json, as_yaml
        from campuskg.graph import load_sources

        digest = "" if source in load_sources() else hashlib.sha256(data).hexdigest()
        written = as_json(proposed) if form == "json" else as_yaml(proposed, lang, file=file.name, sha256=digest)
        if out is None:
            click.echo(written, nl=False)
            return
        _write(out, written)
        new = sum(not e.known for e in proposed.entities)
        known, statements = len(proposed.entities) - new, len(proposed.statements)
        click.echo(
            t(
                f"{out} : {new} choses nouvelles, {known} connues, {statements} relations à relire.",
                f"{out}: {new} new things, {known} known ones, {statements} statements to read.",
            )
        )

    return [propose_command]


def _propose(
    text: str, source: str, folder: Path, known_from: tuple[str, ...], min_confidence: float, shown: Stages
) -> "Proposal":
    """Open the release and run the rules."""
    from campuskg.curation.known import already_stated, gazetteer, text_sources
    from campuskg.curation.propose import propose
    from campuskg.release import open_release

    release = open_release(folder)
    texts = text_sources(release)
    for name in known_from:
        if name not in texts:
            raise UsageProblem("known-from", value=name, known=", ".join(sorted(texts)))
    return propose(
        text,
        gazetteer(release, known_from),
        source,
        min_confidence=min_confidence,
        stated=lambda candidate: already_stated(release, candidate),
        progress=shown,
    )


def _read(file: Path) -> tuple[bytes, str]:
    """Return the bytes and the text of *file*, or say what is wrong with it and where."""
    if file.is_dir() or not file.exists():
        raise no_file(file)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ProblemsFound([Problem("file-unreadable", Place(str(file)), {"reason": error.strerror or ""})]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        place = Place(str(file), before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = data[error.start : error.start + 1].hex()
        raise ProblemsFound([Problem("bad-encoding", place, {"byte": byte})]) from error
    if not text.strip():
        raise ProblemsFound([Problem("text-empty", Place(str(file)))])
    return data, text.replace("\r\n", "\n")


def _write(out: Path, text: str) -> None:
    try:
        write_file(out, text.encode())
    except MissingInput as error:
        if error.code != "file-unwritable":
            raise
        raise MissingInput("proposal-unwritable", file=str(out), reason=error.params["reason"]) from error


def _in_graph(out: Path) -> bool:
    """Tell whether *out* lies in a curated folder, where the next build would take it for accepted."""
    return any((parent / "sources.yaml").is_file() for parent in out.resolve().parents)
