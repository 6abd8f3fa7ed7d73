"""Areas in per cent and "all" channels ask the device what they need to know, and nothing else does."""

from dvrip_proto.wire.ids import MessageId


async def test_a_region_is_written_on_the_device_s_own_grid(sim, device):
    plan, applied = await device.settings.ensure(
        "Detect.MotionDetect", {"Region": [[0, 0, 50, 100]]}, channel=0
    )
    assert applied is not None
    assert plan.after["Region"] in ([[0, 0, 50, 100]], [[0, 0, 57.1, 100]]), "a grid of 22 or of 7 columns"
    (row,) = [row for row in await device.controls.present(["motion_regions"]) if row.channel == 0]
    assert row.value == plan.after["Region"]
    again, nothing = await device.settings.ensure(
        "Detect.MotionDetect", {"Region": [[0, 0, 50, 100]]}, channel=0
    )
    assert (again.changed, nothing) == (False, None)
    await device.settings.ensure("Detect.MotionDetect", {"Region": []}, channel=0)
    (row,) = [row for row in await device.controls.present(["motion_regions"]) if row.channel == 0]
    assert row.value == []


async def test_all_channels_are_as_many_as_the_device_has(sim, device):
    wish = {"EventHandler": {"RecordMask": "all"}}
    plan = await device.settings.plan("Detect.MotionDetect", wish, channel=0)
    count = (await device.system.info()).channel_count
    assert plan.after["EventHandler"]["RecordMask"] == list(range(1, count + 1))


async def test_masks_are_drawn_and_removed(sim, device):
    for wanted in ([[10, 10, 50, 50], [60, 0, 100, 20]], []):
        for plan in await device.controls.plan({"privacy_masks": wanted}, channel=0):
            await device.settings.apply(plan)
        (row,) = [row for row in await device.controls.present(["privacy_masks"]) if row.channel == 0]
        assert row.value == wanted


async def test_plain_wishes_ask_no_more_than_before(sim, device):
    before = len(sim.requests)
    await device.settings.plan("Detect.MotionDetect", {"Level": 4}, channel=0)
    assert [message_id for message_id, *_ in [*sim.requests][before:]] == [MessageId.CONFIG_GET]
