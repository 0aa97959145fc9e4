"""`littoral users`: accounts; list, invite, suspend, bulk import."""

from __future__ import annotations

import argparse
import csv
import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from littoral.cli import say
from littoral.cli.people import (
    add_import,
    add_records,
    add_template,
    guarded,
    told,
    who,
    write_template,
)

if TYPE_CHECKING:
    from littoral.store.people.accounts import Account, Membership
    from littoral.store.people.directory import Directory

WAY = "/#accept="  # in the fragment, which no server or proxy writes down


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("users", help="accounts: list, invite, roles, suspend, import")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="all accounts with their roles of today")
    add_records(listing)
    listing.add_argument("--json", action="store_true")
    invite = verbs.add_parser("invite", help="make an account and print its link")
    invite.add_argument("login")
    invite.add_argument("--name", required=True)
    invite.add_argument(
        "--role",
        action="append",
        required=True,
        metavar="ROLE:UNIT[:AGENCY]",
        help="as watch_officer:460100; may be given several times",
    )
    invite.add_argument(
        "--local", action="store_true", help="these roles stay whatever an OpenID provider says"
    )
    invite.add_argument("--language", default="zh", choices=("zh", "en"))
    add_records(invite)
    _add_address(invite)
    again = verbs.add_parser("link", help="a new link: an invitation's, or to set a password anew")
    again.add_argument("login")
    again.add_argument(
        "--clear-second-factors", metavar="WHY", help="remove authenticator and passkeys too"
    )
    add_records(again)
    _add_address(again)
    suspend = verbs.add_parser("suspend", help="no sign-in any more; open sessions end at once")
    suspend.add_argument("login")
    suspend.add_argument("--reason", required=True)
    add_records(suspend)
    reinstate = verbs.add_parser("reinstate", help="end a suspension")
    reinstate.add_argument("login")
    add_records(reinstate)
    _add_roles(verbs)
    _add_pairs(verbs)
    out = verbs.add_parser("export", help="write accounts and roles as a sheet to take back")
    out.add_argument("file", type=Path, metavar="FILE", help="to write: xlsx")
    add_records(out)
    bring = verbs.add_parser("import", help="look at a file of users; with --apply invite them")
    add_import(bring)
    bring.add_argument(
        "--links", type=Path, metavar="FILE", help="with --apply: CSV to write, login and link"
    )
    add_records(bring)
    _add_address(bring)
    sheet = verbs.add_parser("template", help="write an empty sheet to fill in")
    add_template(sheet)
    return p


def _add_roles(verbs) -> None:
    for name, what in (
        ("grant", "give a role in a unit"),
        ("revoke", "take a role away"),
    ):
        one = verbs.add_parser(name, help=what)
        one.add_argument("login")
        one.add_argument("role", metavar="ROLE:UNIT[:AGENCY]")
        if name == "grant":
            one.add_argument(
                "--local", action="store_true", help="it stays whatever an OpenID provider says"
            )
        add_records(one)
    ending = verbs.add_parser("end-sessions", help="sign an account out everywhere")
    ending.add_argument("login")
    add_records(ending)


def _add_pairs(verbs) -> None:
    waiting = verbs.add_parser("changes", help="what waits for a second person")
    waiting.add_argument("--batch", metavar="ID", help="what of an import waits, one by one")
    add_records(waiting)
    waiting.add_argument("--json", action="store_true")
    decide = verbs.add_parser("decide", help="agree to what waits, or refuse it")
    decide.add_argument("change", metavar="ID", help="of a change, or of an import as a whole")
    decide.add_argument("--refuse", action="store_true")
    decide.add_argument(
        "--but",
        action="append",
        default=[],
        metavar="ID",
        help="of an import: a change to refuse where the rest is agreed to; once for each",
    )
    decide.add_argument(
        "--links", type=Path, metavar="FILE", help="of an import: CSV to write, login and link"
    )
    decide.add_argument("--note", default="")
    add_records(decide)
    _add_address(decide)


def _add_address(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--address", default="http://127.0.0.1:8765", metavar="URL", help="of the server's page"
    )


def run(args: argparse.Namespace) -> int:
    if args.verb == "template":
        return write_template(args, "users")
    verbs = {
        "list": _list, "invite": _invite, "link": _link, "suspend": _suspend,
        "reinstate": _reinstate, "import": _import, "export": _export, "grant": _grant,
        "revoke": _revoke, "end-sessions": _end_sessions, "changes": _changes, "decide": _decide,
    }  # fmt: skip
    return guarded(args, verbs[args.verb])


def link(address: str, token: str) -> str:
    return f"{address.rstrip('/')}{WAY}{token}"


def _list(args: argparse.Namespace, directory: Directory) -> int:
    after = ""
    while page := directory.accounts(after, 500):
        for account in page:
            _print(args, account)
        after = page[-1].login
    return 0


def _print(args: argparse.Namespace, account: Account) -> None:
    import time

    held = [m for m in account.memberships if m.valid(time.time_ns() // 1000)]
    places = [":".join(filter(None, (m.role, m.unit, m.agency))) for m in held]
    if args.json:
        say.json_line(
            {
                "id": account.id,
                "login": account.login,
                "name": account.name,
                "status": account.status,
                "roles": places,
            }
        )
    else:
        print(f"{account.login:<24} {account.status:<10} {account.name}  {' '.join(places)}")


def _invite(args: argparse.Namespace, directory: Directory) -> int:
    roles = [_role(written, args.local) for written in args.role]
    _, token = directory.invite(args.login, args.name, roles, who(), args.language)
    print(link(args.address, token))
    return 0


def _role(written: str, local: bool = False) -> Membership:
    from littoral.store.people.accounts import AccountRefused, Membership
    from littoral.store.people.words import LOCAL

    role, _, rest = written.partition(":")
    unit, _, agency = rest.partition(":")
    if not unit:
        raise AccountRefused(f"write ROLE:UNIT[:AGENCY], not {written!r}", "role")
    return Membership(role, unit, agency or None, source=LOCAL if local else None)


def _grant(args: argparse.Namespace, directory: Directory) -> int:
    directory.grant(_account(args, directory).id, _role(args.role, args.local), who())
    print(f"given: {args.role}")
    return 0


def _revoke(args: argparse.Namespace, directory: Directory) -> int:
    wanted, account = _role(args.role), _account(args, directory)
    place = (wanted.role, wanted.unit, wanted.agency)
    ended = [
        m
        for m in account.memberships
        if (m.role, m.unit, m.agency) == place and directory.end_membership(m.id, who())
    ]
    if not ended:
        say.error(f"{args.login} does not hold {args.role}")
        return 2
    print(f"taken away: {args.role}")
    return 0


def _end_sessions(args: argparse.Namespace, directory: Directory) -> int:
    print(f"ended: {directory.end_sessions(_account(args, directory).id, who())} sessions")
    return 0


def _changes(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.account_changes import WAITING
    from littoral.store.people.exporting import MOST

    if args.batch is None:
        for batch in directory.batches():
            if n := batch.states[WAITING]:
                roles = ", ".join(
                    f"{role} {count:,}" for role, count in sorted(batch.roles.items())
                )
                if args.json:
                    shown = {"batch": batch.id, "changes": n, "roles": dict(batch.roles)}
                    say.json_line({**shown, "why": batch.why})
                else:
                    print(f"{batch.id}  import of {n:,}: {roles}  {batch.why}")
    for change in directory.changes(WAITING, args.batch, limit=MOST):
        account = directory.account(change.account)
        role = change.role
        what = change.kind if role is None else f"{role.role}:{role.unit}"
        if args.json:
            shown = {"id": change.id, "login": account.login, "change": what, "why": change.why}
            say.json_line(shown)
        else:
            print(f"{change.id}  {account.login:<24} {what:<32} {change.why}")
    return 0


def _decide(args: argparse.Namespace, directory: Directory) -> int:
    if any(batch.id == args.change for batch in directory.batches()):
        return _decide_batch(args, directory)
    if args.but:
        say.error("--but: for an import as a whole")
        return 2
    change, token = directory.decide(args.change, not args.refuse, args.note, who())
    print(f"{change.state}: {change.kind}")
    if token is not None:
        print(link(args.address, token))
    return 0


def _decide_batch(args: argparse.Namespace, directory: Directory) -> int:
    if not args.refuse and args.links is None:
        say.error("--links FILE: say where the links of those invited are to be written")
        return 2
    # Opened first: links that cannot be written down would be lost.
    with _private(args.links) if args.links is not None else nullcontext() as file:
        batch, invited = directory.decide_batch(
            args.change, not args.refuse, args.but, args.note, who()
        )
        if file is not None:
            _write_links(args, file, invited)
    print(f"made: {batch.states['made']:,}, refused: {batch.states['refused']:,}")
    return 0


def _write_links(args: argparse.Namespace, file: TextIO, invited: list[tuple[str, str]]) -> None:
    rows = [(login, link(args.address, token)) for login, token in invited]
    csv.writer(file).writerows([("login", "link"), *rows])


def _export(args: argparse.Namespace, directory: Directory) -> int:
    import time

    from littoral.store.people.exporting import MOST, users_book

    found = directory.accounts("", MOST)
    args.file.write_bytes(users_book(found, time.time_ns() // 1000))
    print(f"{len(found):,} accounts: {args.file}")
    return 0


def _link(args: argparse.Namespace, directory: Directory) -> int:
    account = _account(args, directory)
    if args.clear_second_factors is not None:
        directory.clear_second_factors(account.id, who(), args.clear_second_factors)
    print(link(args.address, directory.link_again(account.id, who())))
    return 0


def _suspend(args: argparse.Namespace, directory: Directory) -> int:
    directory.suspend(_account(args, directory).id, who(), args.reason)
    print(f"suspended: {args.login}")
    return 0


def _reinstate(args: argparse.Namespace, directory: Directory) -> int:
    directory.reinstate(_account(args, directory).id, who())
    print(f"reinstated: {args.login}")
    return 0


def _import(args: argparse.Namespace, directory: Directory) -> int:
    import time

    from littoral.store.people.importing import carry_out, plan_users

    known = directory.logins()
    plan = plan_users(
        args.file.read_bytes(),
        args.file.name,
        directory.organisation(),
        known,
        time.time_ns() // 1000,
    )
    new = len(plan.users) - len(plan.known)
    what = f"{new:,} invited, {len(plan.known):,} that are there get their roles"
    done = told(args, plan, what)
    if done is not None:
        return done
    if new and args.links is None:
        say.error("--links FILE: say where the links of those invited are to be written")
        return 2
    # Opened first: links that cannot be written down would be lost.
    with _private(args.links) if args.links is not None else nullcontext() as file:
        invited = carry_out(directory, plan, who())
        if file is not None:
            _write_links(args, file, invited)
    print(f"taken: {what}")
    return 0


def _private(path: Path) -> TextIO:
    """A new file that its owner alone may read. OSError when there is one of the name."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(made, "w", encoding="utf-8-sig", newline="")


def _account(args: argparse.Namespace, directory: Directory) -> Account:
    from littoral.store.people.accounts import AccountRefused

    account = directory.account_of(args.login)
    if account is None:
        raise AccountRefused(f"there is no account {args.login!r}", "login")
    return account
