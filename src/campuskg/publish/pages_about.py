"""The pages about the atlas itself: « À propos » (method, sources, contradictions, limits, citation) and accessibility."""

from campuskg.publish import words
from campuskg.publish.coverage import coverage
from campuskg.publish.drawn import address
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_entity import cite
from campuskg.publish.published import Published

PARTS = ("method", "sources", "contradictions", "limits", "silence", "persons", "cite")
"""The parts of « À propos », by the key of their words."""
STEPS = ("read", "write", "check", "infer", "publish")
CHECKED = ("axe", "keyboard", "phone", "script", "languages", "contrast", "motion", "pictures", "print")
"""What tests check at each change, by the key of its words."""
NOT_CHECKED = ("audit", "readers", "zoom", "downloads", "canvas")
"""What nobody has checked yet."""


def render_about(frame: Frame, published: Published | None) -> str:
    """Return the page « À propos » of what is *published*; without a release it has no figures."""
    said = interface_words(frame.lang)
    titles = {key: said[f"about_{key}_title"] for key in PARTS}
    steps = [said[f"about_step_{key}"] for key in STEPS]
    if published is None:
        return render("about.html", frame, titles=titles, steps=steps, covered=None, citation=None)
    covered, lang, name = coverage(published.release), frame.lang, published.release.names.name
    documents = [
        {
            "name": name(row["document"], lang),
            "href": address(row["document"]),
            "issued": _day(row.get("issued", ""), frame),
            "publisher": row.get("publisher", ""),
            "lines": words.number(row.get("size", ""), lang),
            "passages": words.number(row["passages"], lang),
            "proved": words.number(row["statements"], lang),
            "alone": words.number(row.get("alone", ""), lang),
        }
        for row in covered.documents
    ]
    figures = {
        "documents": documents,
        "share": words.percent(str(covered.share), lang),
        "contradictions": words.number(str(covered.contradictions), lang),
    }
    citation = cite(said["product"], published.version, published, lang)
    return render("about.html", frame, titles=titles, steps=steps, covered=figures, citation=citation)


def _day(text: str, frame: Frame) -> str:
    return words.date(text, frame.lang) if text.count("-") > 1 else text


def render_accessibility(frame: Frame) -> str:
    """Return the page that says how accessible these pages are, how that is known, and what nobody has checked."""
    said = interface_words(frame.lang)
    checked = [said[f"access_checked_{key}"] for key in CHECKED]
    return render("accessibility.html", frame, checked=checked, left=[said[f"access_left_{key}"] for key in NOT_CHECKED])
