"""Only operators see the console; to everybody else there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from chiron.console.models import Operator

P = ParamSpec("P")


class OperatorRequest(HttpRequest):
    """A request whose sender operates the platform. Never made: views are told that theirs is one."""

    operator: Operator


def operators(
    view: Callable[Concatenate[OperatorRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For operators: others sign in first."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        operator = Operator.objects.filter(account_id=str(request.user.pk)).first()
        if operator is None:
            raise Http404
        request.operator = operator  # type: ignore[attr-defined]
        return view(cast(OperatorRequest, request), *args, **kwargs)

    return wrapped
