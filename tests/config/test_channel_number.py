"""A single channel that an object keeps counts from one where people read it, and raw trees stay wishes."""

import pytest

from dvrip_proto import CATALOG, UsageError, plan, readable
from dvrip_proto.config.texts import CHANNEL


@pytest.mark.parametrize(
    ("name", "tree", "patch"),
    [
        ("NetWork.RemoteDeviceV3", {"Decoder": [{"Channel": 2, "Port": 34567}]}, {"Decoder": [{"Channel": "channel 4"}]}),
        ("NetWork.RemoteDevice", {"Channel": "0x00000002"}, {"Channel": "Channel 4"}),
    ],
)  # fmt: skip
def test_the_channel_of_a_camera_counts_from_one_where_people_read(name, tree, patch):
    spec = CATALOG[name]
    assert "channel 3" in str(readable(tree, spec))
    made = plan(spec, tree, patch, channel=0)
    assert [(change.before, change.after) for change in made.changes] == [("channel 3", "channel 4")]
    assert made.payload in ({"Decoder": [{"Channel": 3, "Port": 34567}]}, {"Channel": "0x00000003"})
    assert not plan(spec, tree, tree, channel=0).changed, "a raw tree is a wish, too"


@pytest.mark.parametrize("wish", ["channel 0", "channel 257", -1, 256, True, "third"])
def test_what_is_no_channel_is_refused(wish):
    assert not CHANNEL.accepts(wish)
    with pytest.raises(UsageError, match='must be "channel 1" to "channel 256"'):
        plan(CATALOG["NetWork.RemoteDevice"], {"Channel": 2}, {"Channel": wish}, channel=0)
