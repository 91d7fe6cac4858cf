"""From a question in French or English to queries of the catalogue, by words alone: no language model."""

from campuskg.ask.answer import MAX_LENGTH, Asker, Outcome, Question, Verdict
from campuskg.ask.match import Candidate
from campuskg.ask.told import Told, told

__all__ = ["MAX_LENGTH", "Asker", "Candidate", "Outcome", "Question", "Told", "Verdict", "told"]
