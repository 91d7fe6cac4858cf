"""The dossier of a campus: everything the graph says of it at a date, on paper, with the query and the proof of each figure."""

from campuskg.publish.dossier.compose import Dossier, campuses, dossier
from campuskg.publish.dossier.page import as_html, security_of
from campuskg.publish.dossier.workbook import as_workbook

__all__ = ["Dossier", "as_html", "as_workbook", "campuses", "dossier", "security_of"]
