"""The list of dossiers: one line a campus, with the page to print and the workbook in both languages."""

from collections.abc import Sequence

from campuskg.content import BASE_IRI
from campuskg.publish.dossier.plan import words
from campuskg.publish.pages import Frame, render
from campuskg.release import Release


def render_shelf(frame: Frame, release: Release, slugs: Sequence[str]) -> str:
    """Return the page that lists the dossiers of the campuses *slugs*, by name."""
    named = sorted((release.names.name(f"{BASE_IRI}id/campus/{slug}", frame.lang), slug) for slug in slugs)
    return render("dossiers.html", frame, t=words(frame.lang), campuses=named)
