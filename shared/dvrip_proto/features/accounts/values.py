"""Users and groups as values, what differs between them and a wish, and the rules that a device enforces."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...config.catalog import USER
from ...config.change import Change
from ...config.plan import Plan, plan
from ...config.spec import Spec
from ...errors import UsageError
from ...values import Json, flag, plain_text
from ...wire.shapes import things

# Who may manage accounts: without anybody who has it, a device can only be reset.
ADMINISTRATION = "Account"
PASSWORD = "Password"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account; `reserved` ones cannot be removed. The hash is the password for all the device cares."""

    name: str
    group: str
    memo: str
    sharable: bool
    authorities: frozenset[str]
    reserved: bool
    password_hash: str = field(repr=False)
    raw: Mapping[str, Json] = field(repr=False, compare=False)

    @property
    def administrator(self) -> bool:
        """Whether the account may manage accounts."""
        return ADMINISTRATION in self.authorities


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group: its authorities are the limit of its users'."""

    name: str
    memo: str
    authorities: frozenset[str]
    raw: Mapping[str, Json] = field(repr=False, compare=False)


def read_user(raw: Mapping[str, Json]) -> User:
    """User of one entry of a device's list."""
    return User(
        name=plain_text(raw.get("Name")),
        group=plain_text(raw.get("Group")),
        memo=plain_text(raw.get("Memo")),
        sharable=flag(raw.get("Sharable"), otherwise=True),
        authorities=frozenset(names(raw.get("AuthorityList"))),
        reserved=flag(raw.get("Reserved")),
        password_hash=plain_text(raw.get(PASSWORD)),
        raw=raw,
    )


def read_group(raw: Mapping[str, Json]) -> Group:
    """Group of one entry of a device's list."""
    return Group(
        name=plain_text(raw.get("Name")),
        memo=plain_text(raw.get("Memo")),
        authorities=frozenset(names(raw.get("AuthorityList"))),
        raw=raw,
    )


def usual_letters(raw: Mapping[str, Json], spec: Spec) -> dict[str, Json]:
    """An entry whose members that are known have the letters that they are written with."""
    known = {path.casefold(): path for path in spec.fields}
    return {known.get(key.casefold(), key): value for key, value in raw.items()}


def compare(spec: Spec, name: str, raw: Mapping[str, Json] | None, wish: Mapping[str, Json]) -> Plan:
    """Plan for an entry of the device, or for a new one."""
    if raw is None:
        usual = {"Memo": "", "Sharable": True, "Reserved": False} if spec is USER else {"Memo": ""}
        found = plan(spec, {}, {"Name": name, "AuthorityList": [], **usual, **wish}, allow_new=True)
    else:
        found = plan(spec, dict(raw), wish, allow_new=True)
    if raw is None or raw.get(PASSWORD):
        # This device tells hashes, so that its answer proves what it has.
        return dataclasses.replace(found, unverifiable=())
    return found


def removal(spec: Spec, name: str, raw: Mapping[str, Json] | None) -> Plan:
    """Plan that removes an entry; nothing when the device has none. Its payload is None."""
    changes = () if raw is None else (Change("Name", name, None),)
    return Plan(spec=spec, current=raw, desired=None, payload=None, changes=changes)


def still_missing(wanted: Plan, raw: Mapping[str, Json] | None) -> tuple[Change, ...]:
    """Changes of a plan that the device's entry still lacks. Of a password a login is the proof."""
    if wanted.payload is None or raw is None:
        return wanted.changes if (wanted.payload is None) != (raw is None) else ()
    meant = {change.path for change in wanted.changes} - {PASSWORD}
    again = plan(wanted.spec, dict(raw), wanted.desired, allow_new=True)
    return tuple(change for change in again.changes if change.path in meant)


def check_known(wanted: Iterable[str], known: Sequence[str]) -> None:
    """UsageError for authorities that the device does not know, with those it does."""
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"the device knows no authority {', '.join(unknown)}; it knows: {', '.join(known)}")


def check_within(user: str, wanted: Iterable[str], group: Group) -> None:
    """UsageError for authorities beyond the group's: devices answer 213 and do not say which."""
    beyond = sorted(set(wanted) - group.authorities)
    if beyond:
        raise UsageError(
            f"user {user}: {', '.join(beyond)} is beyond the group {group.name}, "
            f"which has: {', '.join(sorted(group.authorities)) or 'none'}"
        )


def check_lock_out(users: Iterable[User], old: User, authorities: Iterable[str], in_use: str) -> None:
    """UsageError when a change would take account management from who needs it."""
    if not old.administrator or ADMINISTRATION in authorities:
        return
    if old.name == in_use:
        raise UsageError(f"user {old.name} is the account in use here: it would lose {ADMINISTRATION}")
    _check_administrator_left(users, old.name)


def check_removal(users: Iterable[User], name: str, in_use: str) -> None:
    """UsageError when the account must stay."""
    users = list(users)
    if name == in_use:
        raise UsageError(f"user {name} is the account in use here: it is never removed")
    if any(user.name == name and user.reserved for user in users):
        raise UsageError(f"user {name} is reserved: the device never removes it")
    _check_administrator_left(users, name)


def check_members(group: str, users: Iterable[User], authorities: Iterable[str] | None) -> None:
    """UsageError when users of a group have more than its new authorities; None stands for its removal."""
    members = sorted((user for user in users if user.group == group), key=lambda user: user.name)
    if authorities is None:
        if members:
            raise UsageError(f"group {group} still has users: {', '.join(user.name for user in members)}")
        return
    limit = set(authorities)
    for user in members:
        beyond = sorted(user.authorities - limit)
        if beyond:
            raise UsageError(
                f"group {group}: its user {user.name} has {', '.join(beyond)}: change the user first"
            )


def _check_administrator_left(users: Iterable[User], name: str) -> None:
    if {user.name for user in users if user.administrator} == {name}:
        raise UsageError(f"user {name} is the last administrator, the last one with {ADMINISTRATION}")


def names(value: Json) -> list[str]:
    """Names in a device's list, each once, in its order; what is no text is none.

    One text has commas between them; an object has a flag for each.
    """
    if isinstance(value, str):
        value = [name.strip() for name in value.split(",") if name.strip()]
    elif isinstance(value, Mapping) and not things(value):
        value = [name for name, on in value.items() if flag(on)]
    return list(dict.fromkeys(plain_text(name) for name in things(value) if isinstance(name, str)))
