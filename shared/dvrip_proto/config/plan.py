"""The one comparator: what must change for a device's object to be as wanted, and what to write for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..values import Json
from .change import Change, Missing
from .compare import Walk
from .guards import Danger
from .kinds import Choice
from .readable import readable
from .spec import Spec, of_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What must change and what to write for it. `unverifiable` paths cannot be read back."""

    spec: Spec = field(repr=False)
    channel: int | None = None
    listed: bool = False  # the payload is the list of all channels although one channel is meant
    replace: bool = False
    exact_lists: bool = False
    skip_missing: bool = False
    current: Json = field(repr=False)
    desired: Json = field(repr=False)
    payload: Json = field(repr=False)
    changes: tuple[Change, ...] = ()
    unverifiable: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()  # what of the wish was left out, with `skip_missing`
    dangers: tuple[Danger, ...] = ()  # what writing it would do to the connection that does it
    seen: int = field(default=0, repr=False, compare=False)  # how much had been written when it was read

    @property
    def name(self) -> str:
        """Name of the object without its channel."""
        return self.spec.name

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.changes)

    @property
    def label(self) -> str:
        """What is planned, as people say it: "Record channel 2"."""
        return self.spec.label(self.channel)

    @property
    def before(self) -> Json:
        """What the device has (of the one channel, when one is meant) as people write it, secrets masked."""
        return self._side(self.current)

    @property
    def after(self) -> Json:
        """What it would have, in the same way."""
        return self._side(self.payload)

    def _side(self, tree: Json) -> Json:
        if self.listed and self.channel is not None:
            tree = tree[self.channel]
        return readable(tree, self.spec)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Words to be written that no known device understands: many store any word, and do nothing."""
        told: list[str] = []
        for change in self.changes:
            row = self.spec.row(of_any(change.path))
            kind = row.kind if row is not None else None
            if isinstance(kind, Choice) and kind.open and change.after not in (None, *kind.values):
                told.append(
                    f"{change.path}: no known device understands {change.after!r}: it may store it and do "
                    f"nothing; known are {', '.join(kind.values)}"
                )
        return tuple(dict.fromkeys(told))

    def partly(self, left: Sequence[Change]) -> tuple[str, ...]:
        """What of it is written where these changes are left, in words."""
        done, count = len(self.changes) - len(left), len(self.changes)
        return (f"{self.label} ({done} of {count} changes)",) if done > 0 else ()

    def summary(self) -> list[str]:
        """One line for each change; channels count from 1."""
        return [str(change) for change in self.changes]


def plan(
    spec: Spec,
    current: Json,
    desired: Json,
    *,
    channel: int | None = None,
    listed: bool = False,
    replace: bool = False,
    exact_lists: bool = False,
    allow_new: bool = False,
    skip_missing: bool = False,
) -> Plan:
    """Compare the device's object with a partial wish in either spelling; UsageError for an impossible wish.

    `channel` says that `current` is the element of one channel, with `listed` the list that holds it. Without
    it a wish that is no list is meant for every channel. `replace` means the whole object, `exact_lists`
    that lists hold nothing else, `allow_new` permits keys that the device's object does not have, and
    `skip_missing` leaves them out.
    """
    walk = Walk(
        spec,
        channel,
        replace=replace,
        exact_lists=exact_lists,
        allow_new=allow_new,
        skip_missing=skip_missing,
    )
    if channel is not None and listed:
        payload = walk.one_of(current, channel, desired)
    elif channel is not None:
        payload = walk.element(current, desired)
    elif spec.per_channel and isinstance(current, list):
        payload = walk.channels(current, desired)
    else:
        payload = walk.value("", "", current, desired)
    if spec.counts and walk.changes:
        payload = _counted(spec, current, payload, walk.changes, channel)
    return Plan(
        spec=spec,
        channel=channel,
        listed=listed,
        replace=replace,
        exact_lists=exact_lists,
        skip_missing=skip_missing,
        current=current,
        desired=desired,
        payload=payload,
        changes=tuple(walk.changes),
        unverifiable=tuple(walk.unverifiable),
        missing=tuple(walk.missing),
    )


def _counted(
    spec: Spec, current: Json, payload: Json, changes: Sequence[Change], channel: int | None
) -> Json:
    """Payload whose counts are true: of each channel, where the object is a list of them."""
    listed = spec.per_channel and isinstance(current, list) and isinstance(payload, list)
    elements = list(zip(current, payload, strict=True)) if listed else [(current, payload)]
    made = []
    for at, (old, new) in enumerate(elements):
        whose = at if listed else channel
        wished = frozenset(change.path for change in changes if change.channel in (whose, None))
        made.append(spec.counted(old, new, wished))
    return made if listed else made[0]
