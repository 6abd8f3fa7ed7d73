import pytest

from dvrip_proto import FrameKind, RequestError
from dvrip_proto.simulator import Quirks


async def test_live_video_of_every_model(sim, device):
    channel = sim.channels - 1
    async with device.monitor.open(channel, "Extra1") as stream:
        assert (stream.channel, stream.stream) == (channel, "Extra1")
        kinds = set()
        async for frame in stream:
            kinds.add(frame.kind)
            if {FrameKind.I, FrameKind.P} <= kinds:
                break
        assert sim.monitors[channel, "Extra1"] == 1
    assert sim.monitors[channel, "Extra1"] == 0
    assert not device.closed


async def test_a_channel_without_camera_is_refused(sim, device):
    sim.quirks = Quirks(offline_channels=frozenset({0}))
    with pytest.raises(RequestError) as refusal:
        async with device.monitor.open(0):
            pytest.fail("not reached")
    assert refusal.value.ret == 121
