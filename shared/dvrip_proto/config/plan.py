"""The one comparator: what must change for a device's object to be as wanted, and what to write for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import UsageError
from ..values import Json
from .change import Change
from .compare import Walk, missing_channel
from .redact import redact
from .spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What must change and what to write for it. `unverifiable` paths cannot be read back."""

    spec: Spec = field(repr=False)
    channel: int | None = None
    listed: bool = False  # the payload is the list of all channels although one channel is meant
    replace: bool = False
    current: Json = field(repr=False)
    desired: Json = field(repr=False)
    payload: Json = field(repr=False)
    changes: tuple[Change, ...] = ()
    unverifiable: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the object without its channel."""
        return self.spec.name

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.changes)

    @property
    def before(self) -> Json:
        """Device's object with secrets masked, for a diff."""
        return redact(self.current, self.spec)

    @property
    def after(self) -> Json:
        """Object to be written with secrets masked, for a diff."""
        return redact(self.payload, self.spec)

    def summary(self) -> list[str]:
        """One line for each change."""
        return [str(change) for change in self.changes]


def plan(
    spec: Spec,
    current: Json,
    desired: Json,
    *,
    channel: int | None = None,
    listed: bool = False,
    replace: bool = False,
    allow_new: bool = False,
) -> Plan:
    """Compare the device's object with a partial wish in either spelling; UsageError for an impossible wish.

    `channel` says that `current` is the element of one channel, with `listed` the list that holds it. Without
    it a wish that is no list is meant for every channel. `replace` means the whole object, `allow_new`
    permits keys that the device's object does not have.
    """
    label = spec.name if channel is None else f"{spec.name}.[{channel}]"
    walk = Walk(spec, label, replace=replace, allow_new=allow_new)
    if channel is not None and listed:
        payload = walk.one_of(current, channel, desired)
    elif channel is not None and missing_channel(current):
        raise UsageError(f"{label}: the {spec.element} {channel} has no such settings")
    elif channel is None and spec.per_channel and isinstance(current, list):
        payload = walk.channels(current, desired)
    else:
        payload = walk.value("", "", current, desired)
    return Plan(
        spec=spec,
        channel=channel,
        listed=listed,
        replace=replace,
        current=current,
        desired=desired,
        payload=payload,
        changes=tuple(walk.changes),
        unverifiable=tuple(walk.unverifiable),
    )
