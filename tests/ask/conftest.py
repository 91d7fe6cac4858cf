"""Fixtures of the tests of questions: one who answers them, about the project's own release."""

import pytest

from campuskg.ask import Asker
from campuskg.release import Release


@pytest.fixture(scope="session")
def asker(release: Release) -> Asker:
    """Return who answers questions about the project's own release."""
    return Asker(release.store)
