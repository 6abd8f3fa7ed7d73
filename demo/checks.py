"""What `make demo CHECK=1` demands: one function a claim, tried through Home Assistant's own API."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from . import hls
from .devices import Control
from .entities import View
from .hass_client import Event, HassClient
from .pictures import PLAIN, Video, decode, likeness
from .playbook import Run
from .progress import DemoError, Step, require
from .stage import CLIP, PICTURES

MOTION_LIMIT_S = 1.0
RECORD_S = 5
VIEWERS = 5
MJPEG_BYTES = 20_000
AT_A_TIME = 4
SEGMENT_FRAMES = 40
CLIP_LIKENESS = 6.0
# What provision.yml and inventory.yml ask for.
NTP = "ntp.example.net"
TITLES = {
    "recorder": ["Gate", "Car park", "Loading bay", "Office"],
    "meadow": ["Meadow"],
    "yard": ["Yard"],
}
TASKS = ("Operator account", "Clock from NTP", "Channel titles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The running demo, as the checks see it."""

    hass: HassClient
    views: list[View]
    controls: dict[str, Control]
    media: Path

    def control(self, view: View) -> Control:
        """Control interface of the device behind `view`."""
        return self.controls[view.device.serial]

    @property
    def cameras(self) -> list[tuple[View, str]]:
        """Every enabled camera entity with its channel."""
        return [(view, entity) for view in self.views for entity in view.cameras.values()]


def playbook_diff(step: Step, first: Run, second: Run) -> None:
    """The first run made exactly the expected changes and showed them; the second made none."""
    changes = {(change["host"], change["task"]): change["diff"] for change in first.changes()}
    expected = {(host, task) for host in TITLES for task in TASKS}
    require(changes.keys() == expected, f"changed {sorted(changes)}, expected {sorted(expected)}")
    for (host, task), diff in changes.items():
        before, after = (
            json.dumps([part.get(side) for part in _parts(diff)]) for side in ("before", "after")
        )
        require(before != after, f"{host}: {task!r} shows no difference: {before}")
        for text in {
            "Operator account": ["group: user"],
            "Clock from NTP": [NTP],
            "Channel titles": TITLES[host],
        }[task]:
            require(text in after and text not in before, f"{host}: {task!r} does not show {text!r} as new")
            require(text in first.printed, f"{host}: {text!r} is not in the printed diff")
    require("[WARNING]" not in first.printed + second.printed, "ansible-playbook warned; see its output")
    step.detail["expected_changes"] = {host: len(TASKS) for host in TITLES}
    require(
        {host: one["changed"] for host, one in first.recap.items()} == step.detail["expected_changes"],
        "recap",
    )
    require(second.changed == 0 and not second.changes(), f"the second run changed {second.changes()}")
    require(len(second.results) == len(expected), f"the second run gave {len(second.results)} results")
    step.note(f"{len(changes)} changes on {len(TITLES)} devices, then none")


def _parts(diff: Any) -> list[dict[str, Any]]:
    return diff if isinstance(diff, list) else [diff or {}]


async def hls_pictures(step: Step, demo: Running) -> None:
    """Every camera delivers moving pictures through HLS, and the clip's camera shows the clip."""
    require(
        len({view.shown for view in demo.views}) == PICTURES, f"expected {PICTURES} channels with a camera"
    )
    seen = step.detail["cameras"] = {}
    free = asyncio.Semaphore(AT_A_TIME)

    async def look(view: View, entity: str) -> None:
        async with free:
            video = await asyncio.to_thread(decode, await hls.read(demo.hass, entity))
            seen[entity] = video.as_json()
            video.require_moving(f"HLS of {entity}", frames=SEGMENT_FRAMES)
            if view.video == str(CLIP):
                distance = seen[entity]["distance_to_clip"] = await asyncio.to_thread(likeness, video, CLIP)
                require(
                    distance < CLIP_LIKENESS, f"HLS of {entity} is not {CLIP.name} ({distance} of 255 away)"
                )

    await asyncio.gather(*(look(*camera) for camera in demo.cameras))
    require(any("distance_to_clip" in video for video in seen.values()), "no camera shows the clip")
    step.note(f"{len(seen)} cameras, {sum(video['frames'] for video in seen.values())} frames decoded")


async def snapshots(step: Step, demo: Running) -> None:
    """`camera.snapshot` writes a JPEG for every camera."""
    sizes = step.detail["cameras"] = {}
    for _, entity in demo.cameras:
        begun = time.monotonic()
        target = demo.media / f"{entity}.jpg"
        await demo.hass.action("camera.snapshot", entity_id=entity, filename=str(target))
        took = round(time.monotonic() - begun, 2)
        content = target.read_bytes()
        require(content.startswith(b"\xff\xd8\xff"), f"{entity}: the snapshot is no JPEG")
        picture = await asyncio.to_thread(decode, content)
        require(picture.frames == 1 and picture.contrast > PLAIN, f"{entity}: the snapshot shows nothing")
        size = {"width": picture.width, "height": picture.height, "bytes": len(content)}
        sizes[entity] = size | {"seconds": took}
    step.note(f"{len(sizes)} JPEGs")


async def recordings(step: Step, demo: Running) -> None:
    """`camera.record` writes MP4s with video, and AAC where the camera has sound."""
    chosen = [max(view.cameras.items())[1] for view in demo.views[-2:]]
    found: dict[str, Any] = {}
    step.detail["cameras"] = found
    targets = {entity: demo.media / f"{entity}.mp4" for entity in chosen}
    await asyncio.gather(
        *(
            demo.hass.action(
                "camera.record", entity_id=entity, filename=str(path), duration=RECORD_S, lookback=0
            )
            for entity, path in targets.items()
        )
    )
    for entity, path in targets.items():
        video = await _finished(path)
        found[entity] = video.as_json()
        video.require_moving(f"recording of {entity}", frames=SEGMENT_FRAMES)
        require(video.audio_codec == "aac", f"recording of {entity}: sound is {video.audio_codec}, not AAC")
        require(video.audio_samples > 8000, f"recording of {entity}: {video.audio_samples} samples of sound")
    step.note(f"{len(found)} recordings with H.26x and AAC")


async def _finished(path: Path, *, timeout_s: float = 40.0) -> Video:
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return await asyncio.to_thread(decode, path)
        except (OSError, av.FFmpegError, IndexError):
            if time.monotonic() > deadline:
                raise DemoError(f"{path.name} was not finished within {timeout_s:.0f} s") from None
            await asyncio.sleep(0.5)


async def motion(step: Step, demo: Running) -> None:
    """Motion raised in the simulator turns the sensor on within a second, and off again."""
    delays: dict[str, Any] = {}
    step.detail["sensors"] = delays
    for view in demo.views:
        others = {other.motion for other in demo.views} - {view.motion}
        took = {}
        for active, state in ((True, "on"), (False, "off")):
            took[state] = await _delay(demo, view, active, state)
            require(took[state] <= MOTION_LIMIT_S, f"{view.motion}: {state} after {took[state]:.2f} s")
            states = await demo.hass.states()
            lit = [sensor for sensor in others if states[sensor]["state"] != "off"]
            require(not lit, f"motion on {view.motion} also turned on {lit}")
        delays[view.motion] = took
    slowest = step.detail["slowest_s"] = max(max(took.values()) for took in delays.values())
    step.note(f"{len(delays)} sensors, the slowest change took {slowest * 1000:.0f} ms")


async def _delay(demo: Running, view: View, active: bool, state: str) -> float:
    changed = asyncio.Event()

    def listen(event: Event) -> None:
        if event["data"]["entity_id"] == view.motion and event["data"]["new_state"]["state"] == state:
            changed.set()

    number = await demo.hass.subscribe(listen, "subscribe_events", event_type="state_changed")
    begun = time.monotonic()
    await demo.control(view).alarm(view.channel, active=active)
    try:
        async with asyncio.timeout(10):
            await changed.wait()
    except TimeoutError:
        raise DemoError(f"{view.motion} did not turn {state} within 10 s") from None
    finally:
        await demo.hass.unsubscribe(number)
    return round(time.monotonic() - begun, 3)


async def ptz(step: Step, demo: Running) -> None:
    """A PTZ action arrives at the simulated device, on its channel, with start and stop."""
    seen: dict[str, Any] = {}
    step.detail["moves"] = seen
    for view, direction in zip(
        demo.views, ("left", "right", "up", "down", "zoom_in", "zoom_out"), strict=True
    ):
        control, channel = demo.control(view), str(view.channel)
        before = (await control.state())["ptz"]
        await demo.hass.action(
            "dvrip.ptz_move", entity_id=view.shown, direction=direction, speed=4, duration=0.2
        )
        await demo.hass.action("dvrip.ptz_preset", entity_id=view.shown, preset=7, action="set")
        after = (await control.state())["ptz"]
        new = after[channel]["history"][len(before.get(channel, {"history": []})["history"]) :]
        seen[view.shown] = {"direction": direction, "device_saw": new}
        require(len(new) >= 3, f"{view.shown}: the device saw only {new}")
        require(after[channel]["moving"] is None, f"{view.shown}: still moving {after[channel]['moving']}")
        untouched = {key: value for key, value in after.items() if key != channel}
        require(
            untouched == {k: v for k, v in before.items() if k != channel},
            f"{view.shown}: another channel moved",
        )
    step.note(f"{len(seen)} cameras moved, stopped, and stored a position")


async def one_monitor(step: Step, demo: Running) -> None:
    """Five viewers of one camera cost one MONITOR session of the device."""
    view = demo.views[0]
    entity, stream = view.shown, view.stream(view.shown)
    watching = [
        *(asyncio.ensure_future(hls.read(demo.hass, entity, segments=4)) for _ in range(VIEWERS - 2)),
        asyncio.ensure_future(demo.hass.get_start(f"/api/camera_proxy_stream/{entity}", MJPEG_BYTES)),
        asyncio.ensure_future(demo.hass.get(f"/api/camera_proxy/{entity}")),
    ]
    sessions = []
    while not all(task.done() for task in watching):
        sessions.append((await demo.control(view).state())["monitors"]["now"].get(stream, 0))
        await asyncio.sleep(0.1)
    sizes = [len(task.result()) for task in watching]
    step.detail.update(camera=entity, stream=stream, viewers=len(sizes), bytes=sizes, monitors=max(sessions))
    require(min(sizes) > 1000, f"{entity}: a viewer got nothing: {sizes}")
    require(max(sessions) == 1, f"{entity}: {max(sessions)} MONITOR sessions with {VIEWERS} viewers")
    step.note(f"3 HLS players, MJPEG and a still of {entity}: {max(sessions)} MONITOR session")


async def never_more_than_one(step: Step, demo: Running) -> None:
    """Over the whole run no channel and stream had more than one MONITOR session at a time."""
    peaks: dict[str, int] = {}
    for view in {view.device.serial: view for view in demo.views}.values():
        monitors = (await demo.control(view).state())["monitors"]
        peaks |= {f"{view.device.model.key} {stream}": peak for stream, peak in monitors["peak"].items()}
    step.detail["peaks"] = peaks
    require(
        sum(peak == 1 for peak in peaks.values()) >= PICTURES, f"expected {PICTURES} streams or more: {peaks}"
    )
    require(max(peaks.values()) == 1, f"more than one MONITOR session at a time: {peaks}")
    step.note(f"{len(peaks)} streams, never more than one session each")
