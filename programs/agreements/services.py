"""Writing down that somebody agreed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from chiron.kernel import clock
from programs.agreements.models import Agreed
from programs.policy.document import Agreement, Policy
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person


def name_of(agreement: Agreement) -> str:
    """What an agreement is known by: its own name, else its title, else the beginning of its text."""
    return (agreement.name or agreement.title or agreement.text)[:200]


def digest_of(agreement: Agreement, policy: Policy) -> str:
    """The fingerprint of an agreement as people of this program read it; another version is another one."""
    read = "\n".join((name_of(agreement), str(agreement.version), policy.filled(agreement.text)))
    return sha256(read.encode()).hexdigest()


def write_down(
    *, person: Person, cycle: Cycle, role: str, agreements: Sequence[Agreement], how: Agreed.How
) -> list[Agreed]:
    """Keep what a person agreed to, for good. It is they who agree, so they are who did it."""
    now, policy = clock.now(), cycle.version.policy
    rows = Agreed.objects.bulk_create(
        Agreed(
            person=person,
            program_id=cycle.program_id,
            session=cycle.name,
            role=role,
            name=name_of(each),
            title=(each.title or "")[:200],
            text=policy.filled(each.text),
            version=each.version,
            kind=each.kind,
            digest=digest_of(each, policy),
            how=how,
            agreed_at=now,
        )
        for each in agreements
    )
    for row in rows:
        audit.record("agreement.agreed", subject=row, actor=person, name=row.name, version=row.version, how=how)
    return rows
