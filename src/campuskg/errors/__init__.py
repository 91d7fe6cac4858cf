"""What can go wrong, said in French and English, with its place.

Exception tree (every class is for a caller of the package; the command line turns each into one message and an exit code)::

    CampuskgError            base; knows its exit code and how to say itself
    ├── ProblemsFound        the input was read and is wrong: a list of Problem (exit 1)
    ├── UsageProblem         the call makes no sense (exit 2)
    ├── MissingInput         a folder, a release or a program is not there (exit 3)
    └── InternalFault        a fault of ours that nothing foresaw (exit 4)

Exit codes: 0 all well, 1 problems in the data, 2 wrong call, 3 something needed is missing, 4 internal fault, 130 interrupted.
"""

from campuskg.errors.lang import Lang, Text, default_lang, pick
from campuskg.errors.messages import catalogue, template
from campuskg.errors.paths import no_file
from campuskg.errors.problem import (
    EXIT_INTERRUPTED,
    CampuskgError,
    InternalFault,
    MissingInput,
    Place,
    Problem,
    ProblemsFound,
    Severity,
    UsageProblem,
    nearest,
)

__all__ = [
    "EXIT_INTERRUPTED",
    "CampuskgError",
    "InternalFault",
    "Lang",
    "MissingInput",
    "Place",
    "Problem",
    "ProblemsFound",
    "Severity",
    "Text",
    "UsageProblem",
    "catalogue",
    "default_lang",
    "nearest",
    "no_file",
    "pick",
    "template",
]
