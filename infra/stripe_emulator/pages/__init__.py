"""What people see in a browser: Checkout, the portal, an invoice."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from stripe_emulator.world import World


def answer(world: World, request: Request) -> Response:
    return Response("Not found", status=404)
