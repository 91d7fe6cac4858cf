"""Each trap of real files, in small files of our own: repaired and counted, or refused with its reason; never passed over."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from campuskg.errors import CampuskgError, MissingInput, ProblemsFound
from campuskg.ingest.engine import run
from campuskg.ingest.mapping import importer
from campuskg.ingest.template import write_template
from ingest.conftest import Importing

HEAD = "nom;code_insee;uai;siret;siren;ror;site;depuis\n"


def test_a_good_row(importing: Importing) -> None:
    accounts, triples, told = importing(
        "partners", HEAD + "Lycée Jules Haag;25056;0250011B;;192500825;05813w841;www.haag.fr;2021-09\n"
    )
    assert (accounts.rows, accounts.imported, accounts.rejected, told) == (1, 1, 0, [])
    assert '<https://w3id.org/cmq/ontology#uai> "0250011B"' in triples
    assert "<https://w3id.org/cmq/id/place/commune-25056>" in triples
    assert "<http://xmlns.com/foaf/0.1/page> <http://www.haag.fr>" in triples
    assert '"Lycée Jules Haag"@fr' in triples


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("siret", "2,17003E+13", "import-scientific"),
        ("siret", "2.17003E+13", "import-scientific"),
        ("siret", "24250036100018", "import-siret"),
        ("siren", "242500362", "import-siren"),
        ("uai", "0250011C", "import-uai"),
        ("ror", "05813w842", "import-ror"),
        ("code_insee", "1004", "import-insee"),
        ("site", "mairie@example.org", "import-url"),
        ("depuis", "31/02/2021", "import-date"),
    ],
)
def test_a_bad_cell_is_left_out_and_told(importing: Importing, column: str, cell: str, code: str) -> None:
    accounts, triples, told = importing("partners", f"nom;{column}\nENSMM;{cell}\n")
    assert (accounts.imported, accounts.rejected) == (1, 0)
    assert [(row["column"], row["value"], row["effect"], row["code"]) for row in told] == [(column, cell, "dropped", code)]
    assert f'"{cell}"' not in triples


def test_a_siret_that_begins_with_a_tab(importing: Importing) -> None:
    text = '"Numero_Fiche";"Siret_Certificateur";"Nom_Certificateur"\n"RNCP509";"\t11004301500012";"MINISTERE"\n'
    accounts, triples, _ = importing("rncp-certificateurs", text)
    assert '#siret> "11004301500012"' in triples
    assert accounts.repaired["siret"] == 1


def test_la_poste_has_its_own_key(importing: Importing) -> None:
    accounts, triples, told = importing("partners", "nom;siret\nLa Poste;35600000049837\n")
    assert told == []
    assert '"35600000049837"' in triples
    assert accounts.imported == 1


def test_double_encoding_is_undone(importing: Importing) -> None:
    accounts, triples, _ = importing("partners", "nom\nAide Ã  la santÃ© et Å“uvres dâ€™art\nChâteau-Âge\n")
    assert '"Aide à la santé et œuvres d’art"@fr' in triples
    assert '"Château-Âge"@fr' in triples
    assert accounts.repaired["name"] == 1


def test_latin_1_and_old_line_ends(importing: Importing) -> None:
    _, triples, told = importing("partners", "nom;adresse\r\nCollège Rémy;1 rue de l'Œuvre\r\n".encode("cp1252"))
    assert '"Collège Rémy"@fr' in triples
    assert told == []


def test_decimal_commas(importing: Importing) -> None:
    head = "uai;nom;code_insee;lat;lon;adresse;type_lycee\n"
    _, triples, told = importing("lycees-geo", head + "0250011B;Haag;25056;47,25;6,02;;LPO\n")
    assert '"47.25"^^<http://www.w3.org/2001/XMLSchema#decimal>' in triples
    assert told == []


def test_two_points_of_a_pair(importing: Importing) -> None:
    made = importer("etablissements-superieur")
    names = [column.names[0] for column in made.columns.values()]
    cells = dict.fromkeys(names, "") | {
        "etablissement_id_paysage": "x1",
        "uo_lib": "UB",
        "coordonnees": "47.3, 5.06",
        "uai": "0211237F;0900424X",
    }
    head = list(cells)
    _, triples, told = importing(
        "etablissements-superieur", ";".join(head) + "\n" + ";".join(f'"{cells[n]}"' for n in head) + "\n"
    )
    assert told == []
    assert '#latitude> "47.3"' in triples
    assert '#longitude> "5.06"' in triples
    assert '#uai> "0211237F"' in triples
    assert '/identifier> "0900424X"' in triples


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("", "import-empty-row"),
        ("a;b", "import-cells"),
        ("a;b;c;d", "import-cells"),
        (";b;c", "import-required"),
        (";;", "import-empty-row"),
    ],
)
def test_a_row_that_is_none(importing: Importing, row: str, code: str) -> None:
    accounts, triples, told = importing("partners", f"nom;adresse;pays\nUn;2 rue;FR\n{row}\nTrois;4 rue;FR\n")
    assert (accounts.rows, accounts.imported, accounts.rejected) == (3, 2, 1)
    assert [(line["row"], line["code"], line["effect"]) for line in told] == [("2", code, "rejected")]
    assert '"Un"@fr' in triples
    assert '"Trois"@fr' in triples


def test_a_quote_in_a_cell_and_a_line_end_in_quotes(importing: Importing) -> None:
    accounts, triples, told = importing("partners", 'nom;adresse\n"Un ""vrai""\nnom";2 rue "A"\nDeux;écran 27" plat\n')
    assert (accounts.rows, accounts.imported, told) == (2, 2, [])
    assert r'"Un \"vrai\" nom"@fr' in triples
    assert r'"écran 27\" plat"' in triples


def test_packed_files(importing: Importing, tmp_path: Path) -> None:
    accounts, _, _ = importing("partners", gzip.compress(b"nom\nUn\n"))
    assert accounts.imported == 1
    file = tmp_path / "broken.gz"
    file.write_bytes(gzip.compress(b"nom\nUn\n" * 100)[:-9])
    with pytest.raises(ProblemsFound, match="import-packed"):
        run(importer("partners"), [file], tmp_path / "out.nt")


def sheet(rows: str, more: dict[str, str] | None = None) -> bytes:
    """Return a workbook with *rows* in SpreadsheetML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>')
        for name, text in (more or {}).items():
            book.writestr(name, text)
    return data.getvalue()


def test_a_workbook(importing: Importing) -> None:
    shared = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>nom</t></si><si><r><t>EN</t></r><r><t>SMM</t></r></si></sst>'
    rows = (
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>siret</t></is></c></row>'
        '<row><c r="A2" t="s"><v>1</v></c><c r="C2"><v>2.4250036100017E13</v></c></row>'
    )
    accounts, triples, told = importing("partners", sheet(rows, {"xl/sharedStrings.xml": shared}))
    assert accounts.imported == 1, told
    assert '"ENSMM"@fr' in triples
    assert '"24250036100017"' in triples


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04nothing",
        sheet("<row><c>"),
        sheet('<!DOCTYPE x [<!ENTITY a "aa">]><row/>'),
        sheet('<row><c t="s"><v>9</v></c></row>'),
    ],
)
def test_no_workbook(importing: Importing, data: bytes) -> None:
    with pytest.raises(ProblemsFound, match="import-workbook"):
        importing("partners", data)


def test_persons_stay_out(tmp_path: Path) -> None:
    names = [c.names[0] for c in importer("sirene").columns.values() if not c.derived and not c.optional]

    def row(**cells: str) -> str:
        return ",".join(cells.get(name, "") for name in names)

    common = {"statutDiffusionEtablissement": "O", "enseigne1Etablissement": "NOM"}
    rows = [
        row(siret="24250036100017", siren="242500361", **common),
        row(siret="13002736000010", siren="130027360", **common),
        row(siret="35600000049837", siren="356000000", **common),
    ]
    (tmp_path / "stock.csv").write_text(",".join(names) + "\n" + "\n".join(rows) + "\n")
    units = (
        "siren,categorieJuridiqueUniteLegale,denominationUniteLegale,sigleUniteLegale\n242500361,7344,GBM,\n130027360,1000,,\n"
    )
    (tmp_path / "units.csv").write_text(units)
    made, out = importer("sirene"), tmp_path / "out.nt"
    accounts = run(made, [tmp_path / "stock.csv"], out, companion=tmp_path / "units.csv")
    assert (accounts.imported, accounts.rejected, dict(accounts.reasons)) == (1, 2, {"import-person": 2})
    assert '"GBM"@fr' in out.read_text(encoding="utf-8")
    assert run(made, [tmp_path / "stock.csv"], out).imported == 0


def test_the_template_can_be_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    write_template(importer("partners"), file, "fr")
    with file.open("a", encoding="utf-8", newline="") as text:
        text.write("ENSMM;msi;;école;enseignement supérieur;25056\r\n".replace("\r\n", ";" * 10 + "\r\n"))
    accounts = run(importer("partners"), [file], tmp_path / "out.nt")
    assert (accounts.imported, dict(accounts.reasons)) == (1, {"import-guide": 1})
    assert "campus/msi" in (tmp_path / "out.nt").read_text(encoding="utf-8")


def test_the_wrong_file_is_named(importing: Importing) -> None:
    with pytest.raises(ProblemsFound, match="rome"):
        importing("annuaire-education", "code_rome;code_ogr;libelle_rome\nA1101;6;x\n")
    with pytest.raises(ProblemsFound, match="Nom_etablissment"):
        importing("annuaire-education", "Identifiant_de_l_etablissement;Nom_etablissment;Adresse_1\n0250011B;x;y\n")
    with pytest.raises(ProblemsFound, match="import-empty-file"):
        importing("partners", "")


def test_nothing_half_written(importing: Importing, tmp_path: Path) -> None:
    out = tmp_path / "out.nt"
    out.write_text("before")
    with pytest.raises(CampuskgError):
        importing("partners", "adresse\nx\n")
    assert out.read_text() == "before"
    assert not list(tmp_path.glob(".out*"))
    with pytest.raises(MissingInput, match="file-missing"):
        run(importer("partners"), [tmp_path / "none.csv"], out)


def test_no_formula_in_the_report(importing: Importing) -> None:
    _, _, told = importing("partners", "nom;uai\nENSMM;=HYPERLINK(1)\n")
    assert told[0]["value"] == "'=HYPERLINK(1)"


def test_ror_of_both_schemas(importing: Importing) -> None:
    new = '{"id":"https://ror.org/05813w841","names":[{"types":["ror_display","label"],"value":"ENSMM"},{"types":["acronym"],"value":"X"}],"types":["education"],"status":"active","links":[],"established":1902}'
    old = '{"id":"https://ror.org/020120f86","name":"ISAT","acronyms":["I"],"types":["Education"],"status":"active","external_ids":{"Wikidata":{"preferred":null,"all":["Q3152566"]}}}'
    accounts, triples, told = importing("ror", f"{new}\n{old}\nnot json\n[]\n")
    assert (accounts.rows, accounts.imported, accounts.rejected) == (4, 2, 2)
    assert [row["code"] for row in told] == ["import-json", "import-json"]
    assert '"Q3152566"' in triples
    assert '#acronym> "X"@fr' in triples
