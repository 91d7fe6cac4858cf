"""``campuskg viz``: the views, listed, shown as tables, and written as pages and files that other programs open."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import format_option, release_option
from campuskg.cli.query import texts_given
from campuskg.cli.table import text_table
from campuskg.cli.written import write_file
from campuskg.errors import Lang, pick

if TYPE_CHECKING:
    from campuskg.cli.app import Translate
    from campuskg.viz import Picture

Out = tuple[str, Path | None]
_FORMS: Final = ("html", "gexf", "graphml", "json", "csv")


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""
    draw = _draw_command(t, lang)

    class Views(click.Group):
        """Takes the name of a view where no command has that name: ``campuskg viz partnerships --html out.html``."""

        def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
            """Return the command that the arguments name, or the one that draws."""
            if args and args[0] not in self.commands and not args[0].startswith("-"):
                return draw.name, draw, args
            return super().resolve_command(ctx, args)

    group = Views(
        "viz",
        help=t(
            "Lister les vues, les lire en tableau, les écrire en page autonome ou en fichiers. "
            "campuskg viz NOM --html page.html : la vue en une page qui s'ouvre partout, sans réseau.",
            "List the views, read them as tables, write them as a standalone page or as files. "
            "campuskg viz NAME --html page.html: the view as one page that opens anywhere, offline.",
        ),
    )
    for command in (_list_command(t, lang), _show_command(t, lang), _layout_command(t), draw):
        group.add_command(command)
    return [group]


def _list_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command("list", help=t("Lister les vues.", "List the views."))
    @format_option(t, "table", "json")
    def list_command(form: str) -> None:
        from campuskg.viz import views

        if form == "json":
            told = [
                {"name": view.name, "title": view.title._asdict(), "drawing": view.drawing, "query": view.query}
                for view in views().values()
            ]
            click.echo(json.dumps(told, ensure_ascii=False, indent=1))
            return
        rows = [(view.name, pick(view.title, lang), view.drawing, view.query) for view in views().values()]
        click.echo(text_table((t("Nom", "Name"), t("Titre", "Title"), t("Dessin", "Drawing"), t("Question", "Query")), rows))

    return list_command


def _show_command(t: "Translate", lang: Lang) -> click.Command:
    @click.command("show", help=t("Montrer une vue : ses mots, ses liens.", "Show a view: its words and links."))
    @click.argument("name", metavar=t("NOM", "NAME"))
    @_param_option(t)
    @release_option(t)
    @elsewhere_option(t)
    def show_view(name: str, given: tuple[str, ...], release: Path) -> None:
        click.echo(_table(_picture(name, given, release, lang), t))

    return show_view


def _draw_command(t: "Translate", lang: Lang) -> click.Command:
    command = click.command(
        "draw",
        help=t(
            "Écrire une vue dans des fichiers ; sans fichier, la montrer en tableau. Le nom de la vue suffit : campuskg viz NOM.",
            "Write a view to files; without a file, show it as a table. The name of the view is enough: campuskg viz NAME.",
        ),
    )

    def draw(name: str, given: tuple[str, ...], release: Path, **files: Path | None) -> None:
        drawn = _picture(name, given, release, lang)
        wanted = [(form, out) for form, out in files.items() if out is not None]
        if not wanted:
            click.echo(_table(drawn, t))
        for form, out in wanted:
            for path, data in _written(drawn, form, out):
                write_file(path, data)
                click.echo(t(f"{path} écrit ({len(data)} octets)", f"{path} written ({len(data)} bytes)"), err=True)

    decorated: Callable[..., None] = draw
    for form in reversed(_FORMS):
        decorated = click.option(f"--{form}", type=click.Path(path_type=Path), default=None, help=_form_help(t, form))(decorated)
    decorated = release_option(t)(elsewhere_option(t)(_param_option(t)(decorated)))
    return command(click.argument("name", metavar=t("NOM", "NAME"))(decorated))


def _form_help(t: "Translate", form: str) -> str:
    return {
        "html": t("Page autonome (pyvis), sans réseau.", "Standalone page (pyvis), offline."),
        "gexf": t("GEXF 1.3, pour Gephi.", "GEXF 1.3, for Gephi."),
        "graphml": t("GraphML.", "GraphML."),
        "json": t("JSON nœuds-liens (networkx).", "Node-link JSON (networkx)."),
        "csv": t(
            "CSV des liens ; celui des éléments est écrit à côté (.nodes.csv).",
            "CSV of the links; that of the items is written beside it (.nodes.csv).",
        ),
    }[form]


def _layout_command(t: "Translate") -> click.Command:
    @click.command(
        "layout",
        help=t(
            "Placer chaque chose dans chaque vue, et garder ces places pour la suite : ce qui était déjà placé reste.",
            "Place each thing in each view and keep these places for the next release: what already had a place stays there.",
        ),
    )
    @click.option(
        "--write",
        "write",
        type=click.Path(path_type=Path),
        metavar=t("DOSSIER", "DIR"),
        required=True,
        help=t("Livraison à placer.", "Release to lay out."),
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=None,
        help=t("Dossier des places (par défaut viz/layouts).", "Folder of the places (viz/layouts by default)."),
    )
    def layout_command(write: Path, out: Path | None) -> None:
        from campuskg.release import open_release
        from campuskg.viz.seeds import layouts

        for path, data, fresh in layouts(open_release(write), out):
            write_file(path, data, parents=True)
            click.echo(t(f"{path} : {fresh} nouvelle(s) place(s)", f"{path}: {fresh} new place(s)"))

    return layout_command


def _param_option(t: "Translate") -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--param",
        "given",
        multiple=True,
        metavar=t("nom=valeur", "name=value"),
        help=t("Valeur d'un paramètre de la question de la vue.", "Value of a parameter of the view's query."),
    )


def _picture(name: str, given: tuple[str, ...], release: Path, lang: Lang) -> "Picture":
    from campuskg.queries import find_query, read_values
    from campuskg.release import open_release
    from campuskg.viz import find_view, picture

    view, texts = find_view(name), texts_given(given)
    opened = open_release(release)
    return picture(opened, view, lang, read_values(find_query(view.query), texts, opened.store, opened.names))


def _table(drawn: "Picture", t: "Translate") -> str:
    """Return the view for a terminal: title, how to read it, its links or its things."""
    names = {node.id: node.label for node in drawn.nodes}
    head = f"{pick(drawn.view.title, drawn.lang)}\n{pick(drawn.view.about, drawn.lang)}"
    count = t(f"{len(drawn.nodes)} éléments, {len(drawn.edges)} liens", f"{len(drawn.nodes)} items, {len(drawn.edges)} links")
    if drawn.edges:
        titles = (t("De", "From"), t("Lien", "Link"), t("Vers", "To"), t("Mesure", "Measure"), t("Preuves", "Proofs"))
        rows = [(names[e.source], e.relation, names[e.target], f"{e.weight:g}", ", ".join(e.passages)) for e in drawn.edges]
    else:
        titles = (t("Élément", "Item"), t("Début", "Start"), t("Fin", "End"), t("Mesure", "Measure"), t("Groupe", "Group"))
        rows = [(n.label, n.begins, n.ends, f"{n.size:g}", n.group) for n in drawn.nodes]
    return f"{head}\n\n{text_table(titles, rows)}\n\n{count}"


def _written(drawn: "Picture", form: str, out: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of one form."""
    from campuskg import viz

    if form == "csv":
        yield out, viz.edges_csv(drawn)
        yield out.with_suffix(f".nodes{out.suffix}"), viz.nodes_csv(drawn)
    elif form == "html":
        from campuskg.viz.standalone import to_html

        yield out, to_html(drawn)
    else:
        writers = {"gexf": viz.to_gexf, "graphml": viz.to_graphml, "json": viz.to_json}
        yield out, writers[form](drawn)
