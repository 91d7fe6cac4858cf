"""The planted faults: each one edit of the small valid graph in ``base``, with the code and the exact place expected.

``§`` in the new text stands just before the character that the message must point at; it is taken out before the file is
written. A new code of the catalogue that can arise from data needs a fault here (``test_faults.py`` demands it).
"""

# ruff: noqa: E501  one fault a line
# fmt: off

from typing import Final, NamedTuple

from campuskg.errors import Severity

MARK: Final = "§"


class Fault(NamedTuple):
    """One planted fault."""

    name: str
    file: str
    old: str
    new: str
    code: str
    encoding: str = "utf-8"
    severity: Severity = Severity.ERROR
    said: str = ""
    """Words that the English message must hold (for shapes and checks: which one it is)."""


ORG: Final = "organisations.yaml"
ACT: Final = "activities.yaml"
PLA: Final = "places.yaml"
SRC: Final = "sources.yaml"
TABLE: Final = "lines/essai.txt"

DOUBS: Final = "- id: place/doubs\n  type: Place\n  label: Doubs\n  src: essai:3\n"
MEMBERS: Final = "observedValue: 14"
_DEEP: Final = "[" * 30 + "x" + "]" * 30

SOLE_BLOCK = "  stated:\n    - {partnerCategory: partnercat:socio-economic, src: editorial:names}\n"

YAML_FAULTS: Final = (
    Fault("tab at the head of a value", PLA, "label: Doubs", "label: Doubs\n§\t\tnote: x", "yaml-bad-character"),
    Fault("at sign at the head of a value", PLA, "label: Doubs", "label: §@Doubs", "yaml-bad-character"),
    Fault("backquote at the head of a value", PLA, "label: Doubs", "label: §`Doubs`", "yaml-bad-character"),
    Fault("percent at the head of a value", PLA, "label: Doubs", "label: §%Doubs", "yaml-bad-character"),
    Fault("no colon after a key", PLA, "  type: Place\n  label: Doubs\n", "  type: Place\n  §label Doubs\n", "yaml-missing-colon"),
    Fault("a colon in an unquoted value", PLA, "label: Doubs", "label: Doubs§: département", "yaml-misplaced-colon"),
    Fault("too little indentation", PLA, "  label: Doubs\n", " §label: Doubs\n", "yaml-indent"),
    Fault("a key beside the list", ORG, "  label: École Ronchamp\n", "§label: École Ronchamp\n", "yaml-indent"),
    Fault("an open bracket", ORG, 'altLabel: [LEGT Vauban, "Cité scolaire Vauban"]', "altLabel: §[LEGT Vauban", "yaml-unclosed"),
    Fault("an open brace", PLA, "{within: place/doubs, src: editorial:geography}", "§{within: place/doubs, src: editorial:geography", "yaml-unclosed"),
    Fault("a missing comma", ORG, '[LEGT Vauban, "Cité scolaire Vauban"]', '§["LEGT Vauban" "Cité scolaire Vauban"]', "yaml-unclosed"),
    Fault("an open double quote", ORG, '"https://region.example.org/"', '§"https://region.example.org/', "yaml-unclosed-quote"),
    Fault("an open single quote", PLA, "label: Doubs", "label: §'Doubs", "yaml-unclosed-quote"),
    Fault("an unknown escape", PLA, "label: Doubs", 'label: "Do§\\qubs"', "yaml-invalid"),
    Fault("an alias without anchor", PLA, "label: Doubs", "label: §*nom", "yaml-unknown-alias"),
    Fault("an alias inside its own anchor", ACT, "altLabel: &noms [Horizon]", "altLabel: &noms [Horizon, §*noms]", "yaml-unknown-alias"),
    Fault("too many aliases", ACT, "altLabel: &noms [Horizon]", "altLabel: [&nom Horizon" + ", *nom" * 200 + ", §*nom]", "yaml-too-many-aliases"),
    Fault(
        "an alias bomb",
        ACT,
        "altLabel: &noms [Horizon]",
        "note: [&a [" + "x," * 99 + "x], &b [" + "*a," * 79 + "*a], &c [" + "*b," * 48 + "§*b" + ",*b" * 31 + "]]",
        "yaml-too-many-nodes",
    ),
    Fault("too deep", PLA, "label: Doubs", "label: " + _DEEP.replace("[" * 30, "[" * 23 + "§" + "[" * 7), "yaml-too-deep"),
    Fault("too large", PLA, "- id: place/doubs", "§- id: place/doubs  # " + "x" * (8 * 1024 * 1024), "yaml-too-large"),
    Fault("a tag", PLA, "label: Doubs", "label: §!!str Doubs", "yaml-tag"),
    Fault("a Python tag", PLA, "label: Doubs", 'label: §!!python/object/apply:os.system ["true"]', "yaml-tag"),
    Fault("a tagged key", PLA, "  label: Doubs", "  §!!str label: Doubs", "yaml-key-not-text"),
    Fault("a key that is a list", PLA, "  label: Doubs", "  §[label]: Doubs", "yaml-key-not-text"),
    Fault("a merge key", PLA, "  label: Doubs", "  label: Doubs\n  §<<: Doubs", "unknown-key"),
    Fault("a key twice", PLA, "  label: Doubs\n", "  label: Doubs\n  §label: Département du Doubs\n", "yaml-duplicate-key"),
    Fault("two documents", PLA, "- id: place/besancon", "§---\n- id: place/besancon", "yaml-two-documents"),
    Fault("a NUL", PLA, "label: Doubs", "label: Do§\0ubs", "yaml-control-character"),
    Fault("a bell", PLA, "label: Doubs", 'label: "Do§\x07ubs"', "yaml-control-character"),
    Fault("Latin-1", ORG, "  label: Lycée Vauban", "  label: Lyc§ée Vauban", "bad-encoding", "latin-1"),
    Fault("UTF-16", PLA, "- id: place/doubs", "§- id: place/doubs", "bad-encoding", "utf-16"),
)

FORM_FAULTS: Final = (
    Fault("a text among records", PLA, "- id: place/besancon", "- §bonjour\n- id: place/besancon", "not-records"),
    Fault("a whole file of text", "texte.yaml", "", "§bonjour\n", "not-records"),
    Fault("an unknown key", ORG, "altLabel: [LEGT", "§altLabels: [LEGT", "unknown-key", said="Near names: altLabel"),
    Fault("an unknown key in a block", ORG, "{locatedIn: place/besancon,", "{§locatedin: place/besancon,", "unknown-key", said="locatedIn"),
    Fault("an unknown key in a nested statement", ORG, MEMBERS, "§obsevedValue: 14", "unknown-key", said="observedValue"),
    Fault("a key of another class", PLA, "{within: place/doubs,", "{§leadsTo: place/doubs,", "unknown-key"),
    Fault("a nested key under another class", PLA, "  label: Doubs\n", "  label: Doubs\n  §fundings: []\n", "unknown-key"),
    Fault("an unknown class", ORG, "type: HigherEducationInstitution", "type: §HigherEducationInstitute", "unknown-class", said="HigherEducationInstitution"),
    Fault("a definition that is no class", ORG, "type: HigherEducationInstitution", "type: §src", "unknown-class"),
    Fault("a class that is never a record", ORG, "type: HigherEducationInstitution", "type: §QualifiedStatement", "unknown-class"),
    Fault("an unknown code", ORG, "ind:members-in-office", "§ind:member-in-office", "unknown-code", said="ind:members-in-office"),
    Fault("a code of another list", ACT, "commitmentKind: clause:reporting", "commitmentKind: §prole:partner", "unknown-code"),
    Fault("a code without prefix", ACT, "fundingStage: stage:granted", "fundingStage: §granted", "unknown-code", said="stage:granted"),
    Fault("a rank that is none", ORG, "{locatedIn: place/besancon,", "{claimRank: §rk:bad, locatedIn: place/besancon,", "unknown-code"),
    Fault("an unknown organisation", ACT, "participant: organisation/lycee-vauban", "participant: §organisation/lycee-vaubann", "unknown-reference", said="organisation/lycee-vauban"),
    Fault("an unknown place", PLA, "within: place/doubs", "within: §place/dubs", "unknown-reference", said="place/doubs"),
    Fault("more on an unknown record", ACT, "about: organisation/association-vauban", "about: §organisation/association-vaubann", "unknown-reference", said="organisation/association-vauban"),
    Fault("no type", PLA, "- id: place/doubs\n  type: Place\n", "- §id: place/doubs\n", "missing-key", said="type"),
    Fault("no id", ACT, "- id: event/ouverture-horizon\n  type: Event\n", "- §type: Event\n", "missing-key", said="id"),
    Fault("no label", PLA, "- id: place/doubs\n  type: Place\n  label: Doubs\n", "- §id: place/doubs\n  type: Place\n", "missing-label"),
    Fault("no label on a nested thing", ACT, "    id: budget/horizon\n    label: Budget du projet Horizon\n", "    §id: budget/horizon\n", "missing-label"),
    Fault("no evidence for a record", PLA, DOUBS, DOUBS.replace("- id", "- §id").replace("  src: essai:3\n", ""), "missing-evidence"),
    Fault("no evidence for a block", PLA, "{within: place/doubs, src: editorial:geography}", "§{within: place/doubs}", "missing-evidence"),
    Fault("no evidence for a statement", ORG, "{indicator: ind:members-in-office, observedValue: 14, unit: uom:organisation, on: 2021, src: essai:12}",
          "§{indicator: ind:members-in-office, observedValue: 14, unit: uom:organisation, on: 2021}", "missing-evidence"),
    Fault("no evidence for more on a record", ACT, "- about: organisation/association-vauban\n", "- about: organisation/association-vauban\n  note: §en plus\n", "missing-evidence"),
    Fault("no evidence for the dates of a record", ACT, "- about: organisation/association-vauban\n", "- about: organisation/association-vauban\n  from: §2019\n", "missing-evidence"),
    Fault("a class that its holder refuses", ACT, "{amount: 8000,", "{type: §BudgetLine, amount: 8000,", "wrong-type-here"),
    Fault("a block where a text belongs", PLA, "label: Doubs", "label: §{fr: Doubs}", "wrong-structure"),
    Fault("a text where a block belongs", ACT, "  commitments:\n    - obligor: organisation/association-vauban\n      commitmentKind: clause:reporting\n      description: rendre compte\n      src: essai:15\n",
          "  commitments: §rendre compte\n", "wrong-structure"),
    Fault("a list where one number belongs", ORG, MEMBERS, "observedValue: §[14, 15]", "wrong-structure"),
    Fault("the wrong kind of id", PLA, DOUBS, "- id: §lieu/doubs\n  type: Place\n  label: Le Doubs\n  src: essai:3\n" + DOUBS, "wrong-kind", said="place/"),
    Fault("an empty label", PLA, "label: Doubs", "label:§ ", "empty-value"),
    Fault("an empty list of blocks", ORG, SOLE_BLOCK, "  stated: §[]\n", "empty-value"),
    Fault("an address that is none", ORG, '"https://region.example.org/"', "§region.example.org", "bad-value"),
    Fault("an address with a space", ORG, '"https://region.example.org/"', '§"https://region example.org/"', "bad-value"),
    Fault("a reference with capitals", PLA, "within: place/doubs", "within: §place/Doubs", "bad-reference"),
    Fault("a reference with an accent", PLA, "within: place/doubs", "within: §lieu/doubé", "bad-reference"),
    Fault("an id with a space", PLA, DOUBS, DOUBS + "- id: §place/haute saone\n  type: Place\n  label: Haute-Saône\n  src: essai:3\n", "bad-reference"),
    Fault("a key that is no word", ACT, "{amount: 8000,", "{key: §Été 2021, amount: 8000,", "bad-value"),
)

VALUE_FAULTS: Final = (
    Fault("a locator without line", PLA, DOUBS, DOUBS.replace("essai:3", "§essai"), "bad-source"),
    Fault("a locator with a word for a line", PLA, DOUBS, DOUBS.replace("essai:3", "§essai:trois"), "bad-lines"),
    Fault("line zero", PLA, DOUBS, DOUBS.replace("essai:3", "§essai:0"), "bad-lines"),
    Fault("lines reversed", PLA, DOUBS, DOUBS.replace("essai:3", "§essai:3-2"), "lines-reversed"),
    Fault("a line outside the text", PLA, DOUBS, DOUBS.replace("essai:3", "§essai:17"), "line-outside", said="16"),
    Fault("the second locator outside the text", PLA, DOUBS, DOUBS.replace("essai:3", "[essai:3, §essai:3-99]"), "line-outside"),
    Fault("an unknown source", PLA, DOUBS, DOUBS.replace("essai:3", "§esai:3"), "unknown-source", said="essai"),
    Fault("an unknown editorial key", PLA, "within: place/doubs, src: editorial:geography", "within: place/doubs, src: §editorial:geographie", "unknown-row", said="geography"),
    Fault("a month that is none", ACT, "on: 2021-03,", "on: §2021-13,", "bad-date"),
    Fault("a day that is none", ACT, "from: 2021-02-04", "from: §2021-02-30", "bad-date"),
    Fault("the year zero", ACT, "from: 2021-02-04", 'from: §"0000"', "bad-date"),
    Fault("a French date", ACT, "from: 2021-02-04", "from: §04/02/2021", "bad-date"),
    Fault("a moment that is none", ACT, '"2021-11-08T09:00:00"', "§2021-11-08 à 9 h", "bad-moment"),
    Fault("a moment of the 31 June", ACT, '"2021-11-08T09:00:00"', '§"2021-06-31T09:00:00"', "bad-moment"),
    Fault("a moment and a period", ORG, "on: 2021, src: essai:12", "on: §2021, from: 2020, src: essai:12", "on-with-from"),
    Fault("until before from", ORG, "from: 2019-06, until: 2023-06", "from: 2019-06, until: §2018", "until-before-from"),
    Fault("a number with a unit", ORG, MEMBERS, "observedValue: §14 membres", "bad-number"),
    Fault("a number with a comma", ORG, MEMBERS, 'observedValue: §"14,5"', "bad-number"),
    Fault("a number with a space", ACT, "grantedAmount: 12000", "grantedAmount: §12 000", "bad-number"),
    Fault("a UAI with the wrong letter", ORG, "uai: 0250011B", "uai: §0250011C", "bad-identifier"),
    Fault("a UAI with a changed digit", ORG, "uai: 0250011B", "uai: §0250012B", "bad-identifier"),
    Fault("a SIREN with a changed digit", ORG, 'siren: "242500361"', 'siren: §"242500362"', "bad-identifier"),
    Fault("a SIREN in other digits", ORG, 'siren: "242500361"', 'siren: §"٢٤٢٥٠٠٣٦١"', "bad-identifier"),
    Fault("a SIRET with a changed digit", ORG, 'siret: "24250036100017"', 'siret: §"24250036100018"', "bad-identifier"),
    Fault("a ROR with a changed check digit", ORG, "rorId: 05813w841", "rorId: §05813w842", "bad-identifier"),
    Fault("an INSEE code that is none", PLA, 'inseeCode: "25056"', "inseeCode: §Besançon", "bad-identifier"),
    Fault("an id twice", PLA, DOUBS, DOUBS + DOUBS.replace("id: ", "id: §"), "duplicate-id"),
    Fault("a nested id twice", ACT, "  milestones:\n", "    - {id: §funding/horizon-region, fundingStage: stage:granted, src: essai:8}\n  milestones:\n", "duplicate-id"),
    Fault("the same statement twice", ACT, "  hasBudget:\n", "    - §{milestoneKind: milestone:opened, on: 2021-11-09, src: essai:16}\n  hasBudget:\n", "same-iri"),
)

SHAPE_FAULTS: Final = (
    Fault("a person takes part", ACT, "participant: organisation/ecole-ronchamp", "participant: §person/alix-durand", "shape", said="exactly one participant"),
    Fault("nobody takes part", ACT, "{participant: organisation/ecole-ronchamp, role", "§{role", "shape", said="exactly one participant"),
    Fault("no role", ACT, "{participant: organisation/ecole-ronchamp, role: prole:partner,", "§{participant: organisation/ecole-ronchamp,", "shape", said="exactly one role"),
    Fault("two roles", ACT, "organisation/ecole-ronchamp, role: prole:partner", "organisation/ecole-ronchamp, role: [§prole:partner, prole:member]", "shape", said="exactly one role"),
    Fault("an organisation holds a mandate", ORG, "holder: person/alix-durand", "holder: §organisation/region", "shape", said="exactly one holder"),
    Fault("a place within an organisation", PLA, "within: place/doubs", "within: §organisation/region", "shape", said="'within' names a place"),
    Fault("a lycée located in a project", ORG, "{locatedIn: place/besancon, src: essai:3}", "{locatedIn: §project/horizon, src: essai:2}", "shape", said="'locatedIn' names a place"),
    Fault("a training that leads to a place", ORG, "leadsTo: qualification/bts-essai", "leadsTo: §place/doubs", "shape", said="'leadsTo' names a qualification"),
    Fault("a label that is a project", ACT, "labelType: programme/label-essai", "labelType: §project/horizon", "shape", said="exactly one label"),
    Fault("a label award without label", ACT, "{labelType: programme/label-essai, durationYears", "§{durationYears", "shape", said="exactly one label"),
    Fault("a negative payment", ACT, "amount: 8000", "amount: §-8000", "shape", said="amount paid is a positive number"),
    Fault("a negative grant", ACT, "grantedAmount: 12000", "grantedAmount: §-12000", "shape", said="granted amount is a positive number"),
    Fault("a share over one hundred", ACT, "      grantedAmount: 12000\n", "      grantedAmount: 12000\n      sharePercent: §130\n", "shape", said="between 0 and 100"),
    Fault("income lines that do not sum", ACT, "totalIncome: 12000", "totalIncome: §12001", "shape", said="Income lines do not sum"),
    Fault("expenditure lines that do not sum", ACT, "totalExpenditure: 12000", "totalExpenditure: §11999", "shape", said="Expenditure lines do not sum"),
    Fault("a budget line without side", ACT, "{lineSide: side:income, amount: 12000,", "§{amount: 12000,", "shape", said="exactly one side"),
    Fault("money granted that was only requested", ACT, "    - id: funding/horizon-region\n      funder: organisation/region\n      beneficiary: organisation/association-vauban\n      fundingStage: stage:granted",
          "    - §id: funding/horizon-region\n      funder: organisation/region\n      beneficiary: organisation/association-vauban\n      fundingStage: stage:requested", "shape", said="only requested or rejected"),
    Fault("two funders", ACT, "funder: organisation/region", "funder: [§organisation/region, organisation/association-vauban]", "shape", said="at most one funder"),
    Fault("a convention without party", ACT, "- id: agreement/convention-essai\n  type: Agreement\n  label: Convention avec l'association Vauban\n  src: essai:14\n  stated:\n    - {agreementParty: [organisation/region, organisation/association-vauban], src: essai:14}\n",
          "- §id: agreement/convention-essai\n  type: Agreement\n  label: Convention avec l'association Vauban\n  src: essai:14\n", "shape", said="at least one party"),
    Fault("an undescribed commitment", ACT, "    - obligor: organisation/association-vauban\n      commitmentKind: clause:reporting\n      description: rendre compte\n",
          "    - §obligor: organisation/association-vauban\n      commitmentKind: clause:reporting\n", "shape", said="described in a few words"),
    Fault("a demoted statement without reason", ORG, "{holder: person/alix-durand,", "{rank: §rk:deprecated, holder: person/alix-durand,", "shape", said="has a reason"),
    Fault("a demoted fact without reason", ORG, "{locatedIn: place/besancon,", "{claimRank: rk:deprecated, locatedIn: §place/besancon,", "shape", said="has a reason"),
    Fault("two names in one language", PLA, "label: Besançon", "label: [§Besançon, Besac]", "shape", said="only one per language"),
    Fault("dates of two blocks that cross", ACT, "    - {from: 2021-11-08, src: essai:16}\n", "    - {from: 2021-11-08, src: essai:16}\n    - {until: §2020, src: essai:16}\n", "shape", said="end comes before the start"),
    Fault("a body of a campus that is none", ACT, "legalBodyOf: campus/essai", "legalBodyOf: §project/horizon", "shape", said="names a campus"),
)

CHECK_FAULTS: Final = (
    Fault("one identifier for two schools", ORG, '    - {rorId: 05813w841, src: "fiches:École Ronchamp"}\n',
          '    - {rorId: 05813w841, src: "fiches:École Ronchamp"}\n    - {uai: §0250011B, src: "fiches:Lycée Vauban"}\n', "check", said="same identifier"),
)

EVIDENCE_FAULTS: Final = (
    Fault("another text than the one read", SRC, "  sha256: {essai}", "  sha256: §" + "0" * 64, "source-changed"),
    Fault("a line table of another text", TABLE, "0 39 82 ", "§0 40 82 ", "line-table"),
    Fault("lines that say nothing of it", ORG, "{locatedIn: place/besancon, src: essai:3}", "{locatedIn: §place/besancon, src: essai:6}", "not-in-lines", severity=Severity.WARNING),
    Fault("lines without the figure", ORG, "observedValue: 14, unit: uom:organisation, on: 2021, src: essai:12", "observedValue: 15, unit: uom:organisation, on: 2021, §src: essai:2", "not-in-lines", severity=Severity.WARNING),
    Fault("lines without the amount", ACT, "{amount: 8000, on: 2021-03, src: essai:9}", "{amount: 8001, on: 2021-03, §src: essai:9}", "figure-not-in-lines"),
    Fault("a row that the dataset lacks", ORG, 'uai: 0250011B, src: "fiches:Lycée Vauban"', 'uai: §0250011B, src: "fiches:Lycée Vaubant"', "row-missing"),
)

REGISTRY_FAULTS: Final = (
    Fault("a registry that is a list", SRC, "", "§- essai\n", "not-a-registry"),
    Fault("a source without kind", SRC, "fiches:\n  kind: dataset\n", "§fiches:\n", "missing-key"),
    Fault("a kind of source that is none", SRC, "kind: dataset", "kind: §donnees", "unknown-kind"),
    Fault("a source in a wrong form", SRC, "keys: [names, geography]", "keys: §names", "wrong-structure"),
    Fault("a source issued never", SRC, 'issued: "2021"', 'issued: §"2021-99"', "bad-date"),
    Fault("a line table that is none", TABLE, "0 39 82 ", "§zéro 39 82 ", "line-table"),
)
