"""Where the real extracts are, if they are at hand; a function that imports a small file of our own."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from campuskg.ingest.accounts import Accounts
from campuskg.ingest.engine import run
from campuskg.ingest.mapping import importer

Importing = Callable[[str, str | bytes], tuple[Accounts, str, list[dict[str, str]]]]
"""Imports text as a file of a dataset; returns the accounts, the triples and the report."""


@pytest.fixture(scope="session")
def extracts(root: Path) -> Path:
    """Return the folder of the real extracts."""
    folder = root.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real extracts are not at hand: they are not in the repository")
    return folder


@pytest.fixture(scope="session")
def datasets(extracts: Path) -> Mapping[str, list[Path]]:
    """Return the files of every importer."""
    rncp, acce = extracts / "rncp_export_fiches_csv_sample_2024-02-22", extracts / "acce_sample_2024"
    patterns = {
        "annuaire-education": (extracts, "fr-en-annuaire*"),
        "etablissements-superieur": (extracts, "fr-esr*"),
        "communes": (extracts, "bfc_communes.csv"),
        "epci": (extracts, "bfc_communes.csv"),
        "departements": (extracts, "departements*"),
        "lycees-geo": (extracts, "bfc_lycees_geo.csv"),
        "ips-lycees": (extracts, "fr-en-ips-lycees*"),
        "ips-colleges": (extracts, "fr-en-ips-colleges*"),
        "certifinfo": (extracts, "certifinfo*"),
        "diplomes-professionnels": (extracts, "diplomes*"),
        "rome": (extracts, "rome*"),
        "ror": (extracts, "ror*"),
        "partners": (extracts, "response*"),
        "sirene": (extracts, "sirene*"),
        "cordis-projects": (extracts, "cordis_proj*"),
        "cordis-organisations": (extracts, "cordis_org*"),
        "rncp-standard": (rncp, "*Standard*"),
        "rncp-certificateurs": (rncp, "*Certificateurs*"),
        "rncp-partenaires": (rncp, "*Partenaires*"),
        "rncp-blocs": (rncp, "*Blocs*"),
        "rncp-rome": (rncp, "*Rome*"),
        "rncp-nsf": (rncp, "*Nsf*"),
        "rncp-formacode": (rncp, "*Formacode*"),
        "rncp-ccn": (rncp, "*CCN*"),
        "rncp-voies": (rncp, "*Voix*"),
        "rncp-renouvellements": (rncp, "*Ancienne*"),
        "acce-uai": (acce, "ACCE_UAI.csv"),
        "acce-meres": (acce, "*MERE*"),
        "acce-filles": (acce, "*FILLE*"),
        "acce-specificites": (acce, "*SPEC*"),
        "acce-zones": (acce, "*ZONE*"),
    }
    return {name: sorted(folder.glob(pattern)) for name, (folder, pattern) in patterns.items()}


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """Return a function that imports a text, or bytes, as a file of a dataset."""
    import csv

    def go(name: str, text: str | bytes) -> tuple[Accounts, str, list[dict[str, str]]]:
        made = importer(name)
        file = tmp_path / f"given.{made.form}"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        out, report = tmp_path / "out.nt", tmp_path / "report.csv"
        accounts = run(made, [file], out, report=report)
        with report.open(encoding="utf-8", newline="") as lines:
            return accounts, out.read_text(encoding="utf-8"), list(csv.DictReader(lines))

    return go
