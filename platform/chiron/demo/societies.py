"""The three societies of the demonstration. Names, people and colors are invented."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from chiron.design import logos
from programs.enrollment.importing import samples
from tenants.accounts.demonstration import Somebody
from tenants.people.models import StaffRole

Kind = StaffRole.Kind


@dataclass(frozen=True)
class Staff:
    """Somebody who works for a society."""

    given_name: str
    family_name: str
    kind: StaffRole.Kind


@dataclass(frozen=True)
class Example:
    """A society: its look, its program and its people."""

    slug: str
    name: str
    time_zone: str
    postal_address: str
    brand_color: str
    accent_color: str
    template: str
    staff: tuple[Staff, ...]

    @property
    def contact(self) -> str:
        return f"mentorship@{self.slug}.example.org"

    def logo(self) -> bytes:
        """Its logo, as an upload would be kept."""
        return logos.prepare((files("chiron.design") / "static/design/logos" / f"{self.slug}.png").read_bytes())

    def sheet(self, name: str) -> bytes:
        """One of its sample sheets: roster, mentors or mentees."""
        return (files(samples) / f"{self.slug}-{name}.csv").read_bytes()


OPERATOR = Somebody("Quincy Vandermeer", "operator@chiron.example.org")

EXAMPLES = (
    Example(
        slug="sierra",
        name="Sierra Valley Medical Society",
        time_zone="America/Los_Angeles",
        postal_address="1201 Orchard Street, Sierra Valley, CA 95900",
        brand_color="#7b1e3a",
        accent_color="#c98a2b",
        template="mentorship-in-medicine",
        staff=(
            Staff("Marguerite", "Ellison", Kind.OWNER),
            Staff("Theo", "Nakagawa", Kind.MANAGER),
            Staff("Imani", "Prescott", Kind.COMMITTEE),
            Staff("Wes", "Dunleavy", Kind.SUPPORT),
        ),
    ),
    Example(
        slug="commonwealth",
        name="Commonwealth Medical Society",
        time_zone="America/New_York",
        postal_address="88 Commonwealth Row, Suite 400, Boston, MA 02199",
        brand_color="#1d3f72",
        accent_color="#b5452c",
        template="physician-to-physician-pilot",
        staff=(
            Staff("Rosalind", "Achebe", Kind.OWNER),
            Staff("Jonah", "Feldstein", Kind.MANAGER),
            Staff("Beatriz", "Lindqvist", Kind.COMMITTEE),
            Staff("Curtis", "Maddox", Kind.SUPPORT),
        ),
    ),
    Example(
        slug="northstar",
        name="Northstar Academy of Family Physicians",
        time_zone="America/Chicago",
        postal_address="PO Box 4400, Northfield, MN 55057",
        brand_color="#1e6b52",
        accent_color="#d99a1c",
        template="premed-mentorship",
        staff=(
            Staff("Hollis", "Bergstrom", Kind.OWNER),
            Staff("Amara", "Keita", Kind.MANAGER),
            Staff("Silas", "Thorne", Kind.COMMITTEE),
            Staff("Nell", "Fairbanks", Kind.SUPPORT),
        ),
    ),
)
