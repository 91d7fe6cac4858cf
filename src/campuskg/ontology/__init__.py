"""Reader of the ``ontology`` folder: terms, prefixes, code lists, shapes and rules."""

from campuskg.ontology.prefixes import compact, expand, prefixes
from campuskg.ontology.rules import Rule, rules
from campuskg.ontology.shapes import ShapeResult, shape_messages, shape_targets, validate_shapes
from campuskg.ontology.terms import CMQ, Namespace, OntologyTerms, Property, load_terms, vocabulary_files

__all__ = [
    "CMQ",
    "Namespace",
    "OntologyTerms",
    "Property",
    "Rule",
    "ShapeResult",
    "compact",
    "expand",
    "load_terms",
    "prefixes",
    "rules",
    "shape_messages",
    "shape_targets",
    "validate_shapes",
    "vocabulary_files",
]
