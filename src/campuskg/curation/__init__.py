"""Tools for curators: what of a text is cited, where a word stands, how a new record begins."""

from campuskg.curation.coverage import LONGEST_SILENCE, Coverage, Gap, LineState, Section, coverage_html, measure_coverage
from campuskg.curation.scaffold import free_id, quoted, scaffold
from campuskg.curation.search import Hit, find_text

__all__ = [
    "LONGEST_SILENCE",
    "Coverage",
    "Gap",
    "Hit",
    "LineState",
    "Section",
    "coverage_html",
    "find_text",
    "free_id",
    "measure_coverage",
    "quoted",
    "scaffold",
]
