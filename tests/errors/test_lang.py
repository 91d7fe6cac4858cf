"""How the reader's language is chosen."""

import pytest

from campuskg.errors import Text, default_lang, pick


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "POSIX"}, "fr"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "EN_GB"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "en_US", "LC_ALL": "fr_FR"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LC_MESSAGES": "en_GB", "LC_ALL": "fr_FR"}, "fr"),
        ({"LC_ALL": "", "LANG": "en_GB"}, "en"),
        ({"CAMPUSKG_LANG": "en", "LC_ALL": "fr_FR"}, "en"),
        ({"CAMPUSKG_LANG": "fr", "LC_ALL": "en_GB"}, "fr"),
    ],
)
def test_default_language(environ: dict[str, str], lang: str) -> None:
    assert default_lang(environ) == lang


def test_tests_run_in_french() -> None:
    assert default_lang() == "fr"


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUSKG_LANG", "en")
    assert default_lang() == "en"


def test_pick() -> None:
    assert (pick(Text("oui", "yes"), "fr"), pick(Text("oui", "yes"), "en")) == ("oui", "yes")
