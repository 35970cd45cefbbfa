"""The command `chiron up`."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack, suppress

import click

from chiron.kernel import clock
from chiron.settings.env import SettingError
from chiron.supervisor.desk import LOCK, open_for_commands
from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import SPACE_TO_START, make_home, only_one, require_space
from chiron.supervisor.plan import Plan, Wishes, chiron
from chiron.supervisor.processes import heed_stop_signals, run_to_end
from chiron.supervisor.services import require_free
from chiron.supervisor.supervisor import Supervisor

EPILOG = """\b
Exit status: 0 stopped as asked · 69 port in use · 70 a process did not start
74 disk full · 75 data folder in use · 77 not allowed · 78 a setting is wrong

The data, logs, passwords and caught mail lie in CHIRON_HOME (.chiron here). With DATABASE_URL (and
DATABASE_ADMIN_URL), CELERY_BROKER_URL, EMAIL_URL or STRIPE_SECRET_KEY set, that part is not started but
used where it is."""


class Voice:
    """Tells what happens, to a person or, a JSON object a line, to a program."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def __call__(self, event: str, sentence: str, **facts: object) -> None:
        line = {"event": event, "at": clock.now().isoformat(), "message": sentence, **facts}
        with suppress(OSError):  # a closed terminal is no reason to leave anything undone
            click.echo(json.dumps(line) if self._as_json else sentence)


@click.command(epilog=EPILOG)
@click.option("--demo", is_flag=True, help="With the demonstration's three societies.")
@click.option("--json", "as_json", is_flag=True, help="Say what happens as one JSON object a line.")
@click.pass_context
def up(context: click.Context, *, demo: bool, as_json: bool) -> None:
    """Run the whole platform until Ctrl-C: database, broker, web, worker, beat, mail, payments.

    Starts each part when the one before it is ready, starts again what ends by itself, and stops all in order.
    """
    heed_stop_signals()
    say = Voice(as_json=as_json)
    root = context.find_root()
    commands = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
    try:
        run(Wishes.read(os.environ, demo=demo), commands, say)
    except SettingError as error:
        _fail(say, Exit.WRONG_SETTING, error.message, as_json=as_json)
    except Fault as fault:
        _fail(say, fault.exit_status, fault.message, as_json=as_json)


def run(wishes: Wishes, commands: list[str], say: Voice) -> None:
    """Start, stay, stop. A Fault, with nothing left running, when that is not possible."""
    home = make_home(wishes.home)
    with ExitStack() as held:
        held.enter_context(only_one(home / LOCK))
        require_space(home, SPACE_TO_START)
        require_free(wishes.port, otherwise="set CHIRON_PORT to another")
        plan = Plan(wishes, commands)
        supervisor = Supervisor(plan.stages, say=say, terminal=sys.stderr.buffer)

        def when_ready() -> None:
            held.enter_context(open_for_commands(home, plan.for_commands))
            greet(wishes, plan, commands, say)

        supervisor.run(when_ready)


def greet(wishes: Wishes, plan: Plan, commands: list[str], say: Voice) -> None:
    """Say where everything is, and how to come in."""
    places = {"Public site": f"http://{wishes.host}:{wishes.port}/"}
    if "society" in commands:
        places |= {each["name"]: each["url"] for each in societies(plan)}
    mail = wishes.home / "mail" if plan.keeps_mail else None
    lines = ["", "Chiron is running.", "", *(f"  {name:<48} {address}" for name, address in places.items()), ""]
    if wishes.demo:
        lines.append("Sign in at /sign-in/ on any of them: it offers one person of each kind, or sends a code by mail.")
    else:
        lines.append("Sign in at /sign-in/ on any of them: a code comes by mail.")
    if mail:
        read = f" Read it at {places['Public site']}mail/." if wishes.demo else ""
        lines.append(f"Mail stays on this machine, in {mail}.{read}")
    lines.append("Ctrl-C stops everything.")
    say("ready", "\n".join(lines), addresses=places, mail=mail and str(mail))


def societies(plan: Plan) -> list[dict[str, str]]:
    """Names and addresses, asked of the platform itself."""
    with tempfile.TemporaryFile() as said:
        status = run_to_end(chiron("society", "list", "--json"), env=plan.owning, output=said)
        said.seek(0)
        return [each for each in json.load(said) if not each["left_at"]] if status == 0 else []


def _fail(say: Voice, status: Exit, message: str, *, as_json: bool) -> None:
    if as_json:
        say("failed", message, exit_status=int(status))
    else:
        click.echo(f"chiron: {message}", err=True)
    sys.exit(status)
