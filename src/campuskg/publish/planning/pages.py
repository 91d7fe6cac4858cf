"""The planners' pages by their names in addresses."""

from collections.abc import Mapping
from typing import Final

from campuskg.publish.planning import board, compare, moment, paths, reports, suggestions
from campuskg.publish.planning.page import PlanningPage

PAGES: Final[Mapping[str, PlanningPage]] = {
    one.PAGE.name: one.PAGE for one in (paths, suggestions, reports, compare, moment, board)
}
