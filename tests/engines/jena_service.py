"""Jena ARQ over a release, as a service: ``python jena_service.py dataset.nq FOLDER``; FOLDER takes the mended classes.

Debian's jena-core 4.5.0 moved its copy of Xerces to the package ``xerces`` without its message files, so the class
that checks literals fails at its start. The files are copied from the jar to where the moved classes look for them.
"""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import jpype

sys.path.insert(0, str(Path(__file__).parents[1]))
from engines.service import JSON, LONGEST, TRIPLES, Answered, Running, serve

JARS = Path(os.environ.get("CAMPUSKG_JENA_JARS", "/usr/share/java"))
NAMES = (
    "jena-arq",
    "jena-core",
    "jena-base",
    "jena-iri",
    "slf4j-api",
    "slf4j-nop",
    "commons-cli",
    "commons-codec",
    "commons-compress",
    "commons-csv",
    "commons-io",
    "commons-lang3",
    "dexx.collection",
    "gson",
    "guava",
    "httpclient",
    "httpcore",
    "jackson-core",
    "jackson-databind",
    "jackson-annotations",
    "jsonld-java",
    "thrift",
    "protobuf",
    "titanium-json-ld",
)


def class_path(folder: Path) -> list[str]:
    """Return the jars that are there, after a folder with the message files where the moved classes look for them."""
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            old, here, rest = name.partition("org/apache/jena/ext/xerces/")
            if here and not old and rest.endswith(".properties"):
                for package in ("xerces", "org/apache/xerces"):
                    target = folder / package / rest
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(jar.read(name))
    return [str(folder), *(str(JARS / f"{name}.jar") for name in NAMES)]


def dataset(nquads: str) -> Any:  # noqa: ANN401  a Java object
    """Return the release as an ARQ dataset whose default graph is the union of its graphs."""
    arq = jpype.JPackage("org.apache.jena")
    held = arq.query.DatasetFactory.createTxnMem()
    arq.riot.RDFDataMgr.read(held, Path(nquads).as_uri())
    held.begin(arq.query.ReadWrite.WRITE)
    held.getDefaultModel().add(held.getUnionModel())
    held.commit()
    held.end()
    return held


def main(nquads: str, folder: str) -> None:
    """Start the JVM, load *nquads* and serve."""
    jpype.startJVM(
        "-Xmx1500m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", classpath=class_path(Path(folder))
    )
    arq = jpype.JPackage("org.apache.jena")
    streams = jpype.JPackage("java.io")
    held = dataset(nquads)

    def answer(query: str, running: Running) -> Answered:
        held.begin(arq.query.ReadWrite.READ)
        execution = arq.query.QueryExecutionFactory.create(arq.query.QueryFactory.create(query), held)
        out = streams.ByteArrayOutputStream()
        try:
            running.cancel = execution.abort
            execution.setTimeout(LONGEST * 1000)
            asked = execution.getQuery()
            media = JSON
            if asked.isSelectType():
                arq.query.ResultSetFormatter.outputAsJSON(out, execution.execSelect())
            elif asked.isAskType():
                arq.query.ResultSetFormatter.outputAsJSON(out, execution.execAsk())
            else:
                media = TRIPLES
                model = execution.execConstruct() if asked.isConstructType() else execution.execDescribe()
                arq.riot.RDFDataMgr.write(out, model, arq.riot.Lang.NTRIPLES)
        finally:
            execution.close()
            held.end()
        return media, bytes(out.toByteArray())

    serve(answer, fork=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
