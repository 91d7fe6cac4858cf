"""``campuskg gaps``: partnerships that readable rules suggest, with their reasons and the proof of each."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campuskg.cli.elsewhere import elsewhere_option
from campuskg.cli.options import format_option, release_option
from campuskg.cli.results import as_csv, as_json, say
from campuskg.cli.table import text_table
from campuskg.errors import Lang, UsageProblem, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from campuskg.analysis import Rules, Suggestion, Teller
    from campuskg.cli.app import Translate


def commands(t: "Translate", lang: Lang) -> list[click.Command]:
    """Return the commands of this module."""

    @click.command(
        "gaps",
        help=t(
            "Suggérer des partenariats non documentés, par des règles lisibles, chacun avec ses raisons et leurs preuves.",
            "Suggest partnerships that are not documented, by readable rules, each with its reasons and their evidence.",
        ),
    )
    @click.option(
        "--focus",
        default="",
        show_default=False,
        metavar=t("NOM", "NAME"),
        help=t(
            "Seulement autour de cette organisation, ou de ce campus et de ses membres.",
            "Only around this organisation, or this campus and its members.",
        ),
    )
    @click.option(
        "--rule",
        "given",
        multiple=True,
        metavar=t("règle=poids", "rule=weight"),
        help=t("Changer le poids d'une règle ; 0 la laisse de côté.", "Change the weight of a rule; 0 leaves it out."),
    )
    @click.option(
        "--km",
        type=float,
        default=None,
        show_default=False,
        help=t(
            "Distance au-delà de laquelle la règle distance ne dit rien.", "Distance beyond which the rule distance is silent."
        ),
    )
    @click.option("--limit", type=click.IntRange(1, 1000), default=20, help=t("Nombre de suggestions.", "Number of suggestions."))
    @click.option("--rules", "tell", is_flag=True, help=t("Dire les règles et leurs poids.", "Tell the rules and their weights."))
    @release_option(t)
    @elsewhere_option(t)
    @format_option(t, "table", "json", "csv")
    def gaps_command(  # noqa: PLR0913  the options of the command
        *,
        focus: str,
        given: tuple[str, ...],
        km: float | None,
        limit: int,
        tell: bool,
        release: Path,
        form: str,
    ) -> None:
        from campuskg.analysis import Teller, default_rules, gaps, organisation_named
        from campuskg.release import open_release

        rules = default_rules().adjusted(_weights(given), km)
        if tell:
            click.echo(_rules_table(rules, t, lang))
            return
        opened = open_release(release)
        found = gaps(opened, rules, organisation_named(opened, focus) if focus else None, limit)
        _write(found, Teller(opened.names, lang, rules), form, t)

    return [gaps_command]


def _weights(given: tuple[str, ...]) -> dict[str, float]:
    """Return what ``--rule`` says; UsageProblem for a text that is no ``rule=weight``."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageProblem("parameter-pair", value=text)
        try:
            found[name.strip()] = float(value.replace(",", "."))
        except ValueError:
            raise UsageProblem("rule-weight", name=name.strip(), value=value) from None
    return found


def _rules_table(rules: "Rules", t: "Translate", lang: Lang) -> str:
    rows = [
        (rule.name, f"{rule.weight:g}", pick(rule.label, lang), pick(rule.about, lang).format(km=f"{rules.km:g}"))
        for rule in rules.rules.values()
    ]
    return text_table((t("Règle", "Rule"), t("Poids", "Weight"), t("Nom", "Name"), t("Sens", "Meaning")), rows, 200)


def record(one: "Suggestion", teller: "Teller") -> dict[str, object]:
    """Return one suggestion for machines."""
    from campuskg.analysis.reports import plain

    reasons = [{**plain(reason), "sentence": teller.reason(reason)} for reason in one.reasons]
    return {**plain(one), "score": round(one.score, 6), "reasons": reasons, "sentence": teller.suggestion(one)}


def _write(found: "Sequence[Suggestion]", teller: "Teller", form: str, t: "Translate") -> None:
    if form == "json":
        click.echo(as_json([record(one, teller) for one in found]))
        return
    if form == "csv":
        headings = ("A", "B", "Score", t("Phrase", "Sentence"), t("Non jugé", "Not judged"), t("Preuve", "Evidence"))
        rows = [
            (
                teller.name(one.a),
                teller.name(one.b),
                f"{one.score:.3f}",
                teller.suggestion(one),
                " ".join(one.unknown),
                " ".join(p for reason in one.reasons for p in reason.passages),
            )
            for one in found
        ]
        click.echo(as_csv(headings, rows), nl=False)
        return
    if not found:
        click.echo(teller.say("answer", "empty"))
        return
    click.echo(teller.caveat("sources-silent"))
    for number, one in enumerate(found, start=1):
        say("\n" + _said(number, one, teller))


def _said(number: int, one: "Suggestion", teller: "Teller") -> str:
    """Return one suggestion for a terminal: who, how strongly, each reason with its proof, what was not judged."""
    lines = [f"{number}. {teller.name(one.a)} – {teller.name(one.b)} ({one.score:.2f})"]
    for reason in one.reasons:
        proof = teller.proof(reason.passages[:4]) + (f" +{len(reason.passages) - 4}" if len(reason.passages) > 4 else "")  # noqa: PLR2004
        lines.append(f"   – {teller.reason(reason)}" + (f" [{proof}]" if proof else ""))
    return "\n".join([*lines, *([f"   – {unknown}"] if (unknown := teller.unknown(one)) else [])])
