"""The bare work beside ours: the same rows, the same XML, the same PDFs, with nothing around.

Run in the process and database of a finished run; usage: python -m bench.floors. Prints JSON.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TABLES = ("invoicing_invoice", "invoicing_invoiceline", "invoicing_invoicefile", "audit_entry")


def main() -> dict[str, Any]:
    """Documents or invoices per second of each floor."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    from hamn.agreement.invoicing.models import Invoice

    count = Invoice.objects.count()
    return {
        "invoices": count,
        "rows_per_s": count / _rows(),
        "xml_per_s": _xml(),
        "pdf_per_s": _pdf(),
    }


def _rows() -> float:
    """Seconds to insert the run's own rows again, in one transaction, with the bare driver."""
    from django.db import connection

    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            rows[table] = (len(cursor.description), cursor.fetchall())
    if connection.vendor == "sqlite":
        return _sqlite_rows(rows)
    return _postgresql_rows(rows)


def _sqlite_rows(rows: dict[str, Any]) -> float:
    bare = sqlite3.connect(Path(os.environ["HAMN_HOME"]) / "floor.sqlite3")
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    for table, (width, _rows) in rows.items():
        bare.execute(f"CREATE TABLE {table} ({', '.join(f'c{n}' for n in range(width))})")
    start = time.perf_counter()
    with bare:
        for table, (width, values) in rows.items():
            bare.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * width)})", values)
    return time.perf_counter() - start


def _postgresql_rows(rows: dict[str, Any]) -> float:
    import psycopg

    # executemany in psycopg 3 is pipelined: the barest that keeps one statement for each row.
    with psycopg.connect(os.environ["HAMN_DATABASE"]) as bare, bare.cursor() as cursor:
        for table in rows:
            cursor.execute(f"CREATE TEMP TABLE floor_{table} AS SELECT * FROM {table} LIMIT 0")
        start = time.perf_counter()
        for table, (width, values) in rows.items():
            marks = ",".join(["%s"] * width)
            plain = [[_plain(value) for value in row] for row in values]
            cursor.executemany(f"INSERT INTO floor_{table} VALUES ({marks})", plain)
        bare.commit()
        return time.perf_counter() - start


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _xml() -> float:
    """Documents per second that lxml alone serialises from ready trees."""
    from lxml.etree import fromstring, tostring

    from hamn.agreement.invoicing.models import InvoiceFile

    files = InvoiceFile.objects.filter(format="xml")[:1_000]
    trees = [fromstring(bytes(row.content)) for row in files]
    return _rate(lambda tree: tostring(tree, xml_declaration=True, encoding="UTF-8"), trees)


def _pdf() -> float:
    """Papers per second that Typst alone compiles from ready inputs."""
    from typst import Compiler

    from hamn.agreement.invoicing import paper
    from hamn.agreement.invoicing.document import from_data
    from hamn.agreement.invoicing.models import Invoice
    from hamn.papers import pdf

    inputs = []
    for row in Invoice.objects.prefetch_related("files").order_by("pk")[:300]:
        document = from_data(row.document, row.explanation)
        xml = next(bytes(one.content) for one in row.files.all() if one.format == "xml")
        attached = [pdf._as_text(paper._e_invoice(xml))]
        page = paper.page_data(document)
        inputs.append({"data": json.dumps(page), "attachments": json.dumps(attached)})
    compiler = Compiler(
        paper.TEMPLATE,
        root=paper.TEMPLATE.parent,
        font_paths=pdf._fonts(with_more_fonts=False),
        ignore_system_fonts=True,
    )

    def compiled(one: dict[str, str]) -> object:
        return compiler.compile(format="pdf", sys_inputs=one, pdf_standards=["ua-1", "a-3a"])

    return _rate(compiled, inputs)


def _rate(work: Callable[[Any], object], things: list[Any]) -> float:
    start = time.perf_counter()
    for thing in things:
        work(thing)
    return len(things) / (time.perf_counter() - start)


if __name__ == "__main__":
    print(json.dumps(main()))
