"""Analysis of the documented network, for planners: who bridges, who depends on whom, which chains lead where, what is missing.

Every result carries the activities and the passages that prove it, and what no source tells stays unknown. networkx is imported
only here.
"""

from campuskg.analysis.campuses import Isolated, Overlap, around_campuses, isolated, overlap, shared_by_campuses
from campuskg.analysis.coverage import Cell, coverage, coverage_gaps
from campuskg.analysis.dependence import SinglePoint, single_funders, single_partners, single_people, single_points
from campuskg.analysis.gaps import Finder, Reason, Suggestion, finder, gaps
from campuskg.analysis.measures import (
    Bridge,
    Measures,
    Standing,
    articulation,
    betweenness,
    communities,
    measures,
    modularity,
)
from campuskg.analysis.money import Concentration, Share, concentration, hhi
from campuskg.analysis.named import organisation_named
from campuskg.analysis.network import Link, Network
from campuskg.analysis.partnerships import network_of, participations, partnerships
from campuskg.analysis.paths import NoPath, Path, paths
from campuskg.analysis.reports import REPORTS, Line, Report, report
from campuskg.analysis.rules import Rule, Rules, default_rules
from campuskg.analysis.sentences import Teller
from campuskg.analysis.surroundings import Surroundings, organisations, surroundings

__all__ = [
    "REPORTS",
    "Bridge",
    "Cell",
    "Concentration",
    "Finder",
    "Isolated",
    "Line",
    "Link",
    "Measures",
    "Network",
    "NoPath",
    "Overlap",
    "Path",
    "Reason",
    "Report",
    "Rule",
    "Rules",
    "Share",
    "SinglePoint",
    "Standing",
    "Suggestion",
    "Surroundings",
    "Teller",
    "around_campuses",
    "articulation",
    "betweenness",
    "communities",
    "concentration",
    "coverage",
    "coverage_gaps",
    "default_rules",
    "finder",
    "gaps",
    "hhi",
    "isolated",
    "measures",
    "modularity",
    "network_of",
    "organisation_named",
    "organisations",
    "overlap",
    "participations",
    "partnerships",
    "paths",
    "report",
    "shared_by_campuses",
    "single_funders",
    "single_partners",
    "single_people",
    "single_points",
    "surroundings",
]
