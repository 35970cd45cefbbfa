"""The command `chiron society`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.commanding import AS_JSON, count, say_json, with_database

if TYPE_CHECKING:
    from tenants.models import Society


@click.group()
def society() -> None:
    """Create, look at, export, restore and let go of societies.

    Each society has a schema and a database role of its own. They are known by their slug, the first part of
    their address: sierra for sierra.localhost.
    """


@society.command()
@click.argument("name")
@click.option("--slug", required=True, help="The first part of its address: small letters, digits, hyphens.")
@click.option("--host", default="", help="A host of its own, such as mentoring.example.org, besides <slug>.<our host>.")
@click.option("--owner-mail", default="", help="Who may sign in as its owner, and is its contact.")
@click.option("--time-zone", default="", help="Such as America/Los_Angeles; its deadlines end with the day there.")
@AS_JSON
@with_database
def create(*, name: str, slug: str, host: str, owner_mail: str, time_zone: str, as_json: bool) -> None:
    """Create a society called NAME.

    It takes a spare schema. Where none lies ready one is made, which needs DATABASE_ADMIN_URL (a running
    `chiron up` lends its own).

    \b
    Example: chiron society create "Sierra Medical Society" --slug sierra --owner-mail ann@sierra.example.org
    """
    from tenants.provisioning.services import NoSpareSchema, provision_society
    from tenants.provisioning.spares import make_spare

    facts = {"name": name, "slug": slug, "host": host, "owner_mail": owner_mail}
    if time_zone:
        facts["time_zone"] = time_zone
    try:
        made = provision_society(**facts)
    except NoSpareSchema:
        make_spare()
        made = provision_society(**facts)
    _answer(made, f"{made.name} is at {made.url()}", as_json=as_json)


@society.command("list")
@AS_JSON
@with_database
def list_(*, as_json: bool) -> None:
    """List all societies, those that left included."""
    from tenants import context
    from tenants.models import Society

    with context.platform():
        societies = Society.objects.filter(rehearses=None)
        found = [_facts(society) for society in societies.defer("logo").prefetch_related("domains")]
    if as_json:
        say_json(found)
        return
    if not found:
        click.echo("There are no societies yet. `chiron society create` makes one.")
    for each in found:
        click.echo(f"{each['slug']:<20} {each['state']:<10} {each['url']:<44} {each['name']}")


@society.command()
@click.argument("slug")
@AS_JSON
@with_database
def show(*, slug: str, as_json: bool) -> None:
    """Show one society: its state, hosts, people, and whether its schema is current."""
    from tenants import context
    from tenants.migration.executors import missing_here
    from tenants.people.models import Person

    found = _find(slug)
    facts = _facts(found)
    if found.dropped_at is None and found.left_at is None:
        with context.society(found):
            facts |= {"people": Person.objects.count(), "migrations_behind": len(missing_here())}
    if as_json:
        say_json(facts)
        return
    for key, value in facts.items():
        click.echo(f"{key.replace('_', ' '):<18} {_in_words(value)}")


@society.command()
@click.argument("slug")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; <slug>-<day>.zip if none is named.")
@AS_JSON
@with_database
def export(*, slug: str, out: Path | None, as_json: bool) -> None:
    """Copy everything of one society into a zip file: lines of JSON for each table, and its files.

    It shows the society as it was at one moment, while people go on working. Who is signed in is left out. The file
    is readable by you alone; `chiron society restore` brings it back. Needs DATABASE_ADMIN_URL.
    """
    from tenants.archive.export import export_society

    target = out or Path(f"{slug}-{clock.today()}.zip")
    manifest = export_society(_find(slug), target)
    rows = sum(manifest.tables.values())
    if as_json:
        say_json({"file": str(target), "rows": rows, "files": manifest.files, "tables": manifest.tables})
    else:
        click.echo(f"{target}: {count(rows, 'row')} of {len(manifest.tables)} tables, {count(manifest.files, 'file')}.")


@society.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--slug", default="", help="Another slug than the one in the archive.")
@click.option("--name", default="", help="Another name than the one in the archive.")
@click.option("--host", default="", help="A host of its own; none is taken from the archive.")
@AS_JSON
@with_database
def restore(*, archive: Path, slug: str, name: str, host: str, as_json: bool) -> None:
    """Bring a society back from the file that `chiron society export` wrote.

    It comes back at the version it had and is then migrated to today's. Where the society still stands, the copy goes
    beside it under another --slug. Needs DATABASE_ADMIN_URL.
    """
    from tenants.archive.restore import restore_society

    restored = restore_society(archive, name=name, slug=slug, host=host)
    _answer(restored, f"{restored.name} is back, at {restored.url()}", as_json=as_json)


@society.command()
@click.argument("slug")
@click.option("--undo", is_flag=True, help="It stays after all: open its door again.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@AS_JSON
@with_database
def leave(*, slug: str, undo: bool, yes: bool, as_json: bool) -> None:
    """Close a society's portal; 30 days later its data is deleted.

    Its database role loses all access at once. Until the data is deleted, --undo opens the door again; afterwards
    only an export can bring it back. Needs DATABASE_ADMIN_URL.
    """
    from tenants.archive.leaving import GRACE, come_back, leave

    found = _find(slug)
    if undo:
        back = come_back(found)
        _answer(back, f"{back.name} is open again, at {back.url()}", as_json=as_json)
        return
    if not yes:
        click.confirm(f"Close {found.name}, and delete its data in {GRACE.days} days?", abort=True, err=True)
    left = leave(found)
    _answer(left, f"{left.name} is closed. Its data will be deleted in {GRACE.days} days.", as_json=as_json)


@society.command()
@AS_JSON
@with_database
def purge(*, as_json: bool) -> None:
    """Delete the data of the societies that left 30 days ago or earlier. Needs DATABASE_ADMIN_URL."""
    from tenants.archive.leaving import drop_who_left

    dropped = drop_who_left()
    if as_json:
        say_json(dropped)
    else:
        click.echo(f"Deleted: {', '.join(dropped)}." if dropped else "There was nothing to delete.")


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return "–" if value in (None, "") else str(value)


def _find(slug: str) -> Society:
    from tenants import context
    from tenants.models import Society

    with context.platform():
        found = Society.objects.filter(slug=slug).first()
    if found is None:
        raise DomainError(f"There is no society “{slug}”. `chiron society list` shows those there are.", field="slug")
    return found


def _answer(society: Society, sentence: str, *, as_json: bool) -> None:
    if as_json:
        say_json(_facts(society))
    else:
        click.echo(sentence)


def _facts(society: Society) -> dict[str, Any]:
    from tenants import context

    with context.platform():
        hosts = [domain.domain for domain in society.domains.all()]
    return {
        "id": society.pk,
        "slug": society.slug,
        "name": society.name,
        "state": society.state,
        "host": society.host,
        "hosts": hosts,
        "url": society.url(),
        "contact_mail": society.contact_mail,
        "time_zone": society.time_zone,
        "schema": society.schema_name,
        "created_at": society.created_at,
        "last_active_at": society.last_active_at,
        "left_at": society.left_at,
        "dropped_at": society.dropped_at,
    }
