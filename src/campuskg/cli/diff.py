"""``campuskg diff`` and ``campuskg patch``: what changed between two releases, and applying it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.written import write_file
from campuskg.errors import Lang, no_file

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.publish.changes import Change, QueryImpact
    from campuskg.release.difference import Difference

_FOLDER = click.Path(path_type=Path)


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "diff",
        help=t(
            "Dire en phrases ce qui a changé entre deux livraisons, et quelles questions du catalogue répondent autrement.",
            "Say in sentences what changed between two releases, and which questions of the catalogue answer otherwise.",
        ),
    )
    @click.argument("old", metavar=t("ANCIENNE", "OLD"), type=_FOLDER)
    @click.argument("new", metavar=t("NOUVELLE", "NEW"), type=_FOLDER)
    @click.option(
        "--patch",
        "patch_file",
        type=_FOLDER,
        help=t("Écrire aussi le correctif (RDF Patch).", "Write the patch (RDF Patch) too."),
    )
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=t("Forme.", "Form."))
    def diff_command(old: Path, new: Path, patch_file: Path | None, form: str) -> None:
        from campuskg.publish.changes import changes, consequences, query_impact
        from campuskg.release import open_release
        from campuskg.release.difference import difference

        before, after = open_release(old), open_release(new)
        found = difference(old, new)
        if patch_file is not None:
            write_file(patch_file, found.patch().encode())
        said = changes(found, before, after, lang)
        impact = list(query_impact(before, after)) if found else []
        if form == "json":
            click.echo(json.dumps(_as_json(found, said, impact, lang), ensure_ascii=False, indent=1))
            return
        click.echo(
            t(f"De {found.old[:12]} à {found.new[:12]} : ", f"From {found.old[:12]} to {found.new[:12]}: ")
            + t(
                f"{len(found.added)} quadruplets ajoutés, {len(found.removed)} retirés.",
                f"{len(found.added)} quads added, {len(found.removed)} removed.",
            )
        )
        for change in said:
            click.echo(f"\n{change.say(lang)}\n  {change.node}")
        for line in consequences(found, lang):
            click.echo(f"\n{line}")
        if impact:
            click.echo(t("\nQuestions dont la réponse change :", "\nQuestions whose answer changes:"))
        for one in impact:
            click.echo(f"  {one.query.name} (+{one.added} −{one.removed}) {one.query.asked(lang)}")

    @click.command(
        "patch",
        help=t(
            "Appliquer un correctif à une livraison : écrit le jeu de données de la suivante.",
            "Apply a patch to a release: writes the dataset of the next one.",
        ),
    )
    @click.argument("old", metavar=t("ANCIENNE", "OLD"), type=_FOLDER)
    @click.argument("patch_file", metavar=t("CORRECTIF", "PATCH"), type=_FOLDER)
    @click.option("--out", type=_FOLDER, required=True, help=t("Fichier N-Quads à écrire.", "N-Quads file to write."))
    def patch_command(old: Path, patch_file: Path, out: Path) -> None:
        from campuskg.release.difference import apply_patch

        data = [_bytes(old / "dataset.nq"), _bytes(patch_file)]
        write_file(out, apply_patch(data[0], data[1].decode(errors="replace")))

    return [diff_command, patch_command]


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise no_file(path)
    return path.read_bytes()


def _as_json(found: "Difference", said: "list[Change]", impact: "list[QueryImpact]", lang: Lang) -> dict[str, object]:
    return {
        "old": found.old,
        "new": found.new,
        "added": len(found.added),
        "removed": len(found.removed),
        "changes": [
            {"kind": c.kind, "node": c.node, "sentence": c.sentence, "added": c.added, "removed": c.removed} for c in said
        ],
        "queries": [
            {"name": i.query.name, "question": i.query.asked(lang), "added": i.added, "removed": i.removed} for i in impact
        ],
    }
