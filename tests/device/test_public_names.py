"""What a public call takes and gives has a public name: nobody digs in the modules for a type."""

from __future__ import annotations

import inspect
import typing
from functools import cached_property

import pytest

import dvrip_proto
from dvrip_proto import Device

FEATURES = {
    name: typing.get_type_hints(member.func)["return"]
    for name, member in vars(Device).items()
    if isinstance(member, cached_property) and not name.startswith("_")
}


def named(hint: object) -> typing.Iterator[type]:
    """The library's own classes in an annotation."""
    hint = getattr(hint, "__value__", hint)  # `type X = ...`
    for part in typing.get_args(hint):
        yield from (each for member in (part if isinstance(part, list) else [part]) for each in named(member))
    if isinstance(hint, type) and hint.__module__.startswith("dvrip_proto."):
        yield hint


def hints(of: type) -> typing.Iterator[object]:
    """Annotations of what a class offers: its methods, properties and fields."""
    for name, member in vars(of).items():
        call = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(call):
            yield from typing.get_type_hints(inspect.unwrap(call)).values()
    if not issubclass(of, Exception):
        yield from (hint for name, hint in typing.get_type_hints(of).items() if not name.startswith("_"))


def test_a_device_has_features() -> None:
    assert {"settings", "system", "users", "alarms", "recordings"} <= FEATURES.keys()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_type_of_a_feature_is_exported(feature: str) -> None:
    public = {value for name in dvrip_proto.__all__ if isinstance(value := getattr(dvrip_proto, name), type)}
    missing: dict[str, str] = {}
    seen: set[type] = set()
    ahead = [FEATURES[feature]]
    while ahead:
        of = ahead.pop()
        for found in {each for hint in hints(of) for each in named(hint)} - seen:
            seen.add(found)
            if found is not dvrip_proto.Spec:  # a row of the catalog, which has a page of its own
                ahead.append(found)
            if found not in public:
                missing[f"{found.__module__}.{found.__name__}"] = f"of {of.__name__}"
    assert not missing
