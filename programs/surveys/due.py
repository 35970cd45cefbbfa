"""What becomes due about surveys that were sent."""

from __future__ import annotations

from programs.surveys import waves
from programs.surveys.models import Wave
from tenants import due


@due.handler(waves.CLOSES)
def close(ref: str) -> None:
    """The last day of a survey is over."""
    if wave := Wave.objects.filter(pk=ref).first():
        waves.close_survey(wave=wave)


@due.handler(waves.REMINDS)
def remind(ref: str) -> None:
    """Those who have not answered are asked once more."""
    pk = ref.partition(":")[0]
    if wave := Wave.objects.select_related("cycle__program", "cycle__version").filter(pk=pk).first():
        waves.remind(wave=wave)
