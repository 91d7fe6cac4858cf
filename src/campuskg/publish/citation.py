"""How to cite a release, for tools that read ``CITATION.cff``."""

from campuskg.content import BASE_IRI
from campuskg.publish.answers import LICENCE_IRI
from campuskg.publish.published import Published


def citation_file(published: Published, base: str) -> bytes:
    """Return how to cite the release that is at the address *base* (Citation File Format 1.2.0).

    https://citation-file-format.github.io/
    """
    digest = published.release.digest
    lines = [
        "cff-version: 1.2.0",
        'message: "To cite these data, name the release. / Pour citer ces données, nommez la livraison."',
        "type: dataset",
        'title: "Campus des métiers et des qualifications : graphe de connaissances sourcé"',
        "authors:",
        '  - name: "campuskg contributors"',
        f'version: "{digest[:16]}"',
        f"date-released: {published.date}",
        f'url: "{base}/"',
        "license: etalab-2.0",
        f'license-url: "{LICENCE_IRI}"',
        "identifiers:",
        "  - type: url",
        f'    value: "{BASE_IRI}{published.version}"',
        '    description: "IRI of the release"',
        "  - type: other",
        f'    value: "sha256:{digest}"',
        '    description: "SHA-256 of dataset.nq"',
    ]
    return ("\n".join(lines) + "\n").encode()
