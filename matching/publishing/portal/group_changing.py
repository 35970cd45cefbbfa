"""Change or end a group after publishing: first the mails, then the second press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chiron.kernel.errors import DomainError
from matching.groups import waiting_in
from matching.publishing import group_changing
from matching.publishing.models import Change
from matching.publishing.previews import Preview, undone
from matching.showing.groups import Row, rows_in
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from tenants.people.access import SocietyRequest

ADD, MOVE, OUT, END = "add", "move", "out", "end"


class GroupForm(forms.Form):
    """What becomes of a group; only what is possible is offered."""

    what = forms.ChoiceField(label=gettext_lazy("What should happen?"), widget=forms.RadioSelect)
    joins = forms.ChoiceField(label=gettext_lazy("Who joins"), required=False)
    leaves = forms.ChoiceField(label=gettext_lazy("Who moves or leaves"), required=False)
    to = forms.ChoiceField(label=gettext_lazy("To which group"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why, for your colleagues"), max_length=200)
    words = forms.CharField(
        label=gettext_lazy("A few words to whoever moves or leaves"),
        help_text=gettext_lazy("They stand in the mail. Nobody reads why."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, row: Row, others: Sequence[Row], waiting: Sequence[Enrollment], initial: Any
    ) -> None:
        super().__init__(data, initial=initial)
        here = [each.enrollment for each in row.members if each.enrollment.role != Role.MENTOR]
        self.people = {str(each.pk): each for each in (*here, *waiting)}
        self.groups = {str(each.mentorship.pk): each for each in others if each.mentorship}
        self._offer("joins", [(str(each.pk), each.person.name) for each in waiting])
        self._offer("leaves", [(str(each.pk), each.person.name) for each in here])
        self._offer("to", [(pk, _called(each)) for pk, each in self.groups.items()])
        possible = [
            (ADD, _("Somebody who waits joins it"), "joins" in self.fields),
            (MOVE, _("Somebody moves to another group"), {"leaves", "to"} <= self.fields.keys()),
            (OUT, _("Somebody leaves it, and waits for another"), "leaves" in self.fields),
            (END, _("The group ends, and all of it wait for another"), True),
        ]
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [(name, label) for name, label, there in possible if there]

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose…")), *choices]
        if not choices:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        needed = {ADD: ("joins",), MOVE: ("leaves", "to"), OUT: ("leaves",)}.get(said.get("what", ""), ())
        for name in needed:
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("Choose one."))
        return said


def change_group(request: SocietyRequest, cycle: Cycle, found: Mentorship) -> HttpResponse:
    """The form; then what it would write; then it is done."""
    rows = [each for each in rows_in(cycle) if not each.ended]
    row = next((each for each in rows if each.mentorship == found), None)
    if row is None:
        messages.info(request, _("This group has ended already."))
        return redirect("desk:pairs", cycle.pk)
    others = [each for each in rows if each is not row]
    data = request.POST if request.method == "POST" and "again" not in request.POST else None
    form = GroupForm(data, row=row, others=others, waiting=waiting_in(cycle), initial=request.POST.dict())
    context: dict[str, object] = {"cycle": cycle, "form": form, "row": row}
    if data is not None and form.is_valid():
        try:
            if "do" in request.POST:
                _work(request, found, form)
                messages.success(request, _("Done. The mails are on their way."))
                return redirect("desk:pairs", cycle.pk)
            mails = undone(lambda: _work(request, found, form))
            context |= {"looked": True, "mails": [Preview(_("At once"), mail) for mail in mails]}
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return render(request, "publishing/change_group.html", context, status=422 if form.errors else 200)


def _work(request: SocietyRequest, group: Mentorship, form: GroupForm) -> Change:
    said, by = form.cleaned_data, request.person
    reason = said["reason"]
    told = {"reason": reason, "words": said["words"], "by": by}
    if said["what"] == ADD:
        return group_changing.add(group=group, enrollment=form.people[said["joins"]], reason=reason, by=by)
    if said["what"] == MOVE:
        to = form.groups[said["to"]].mentorship
        assert to is not None
        leaves = form.people[said["leaves"]]
        return group_changing.move(group=group, enrollment=leaves, to=to, **told)
    if said["what"] == OUT:
        return group_changing.take_out(group=group, enrollment=form.people[said["leaves"]], **told)
    return group_changing.end(group=group, **told)


def _called(row: Row) -> str:
    names = ", ".join(each.enrollment.person.name for each in row.members)
    return _("Group %(number)d: %(names)s") % {"number": row.number, "names": names}
