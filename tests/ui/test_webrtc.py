"""WebRTC as owners have it: Home Assistant's own go2rtc integration, a real go2rtc, a real Chromium with a microphone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from dvrip_proto.simulator import Simulator

pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytest.importorskip("hass_frontend", reason="the frontend of Home Assistant is not installed")

from demo import browser
from tests.ui.home import GO2RTC, home

pytestmark = [
    pytest.mark.skipif(browser.find() is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not GO2RTC.is_file(), reason="go2rtc is not built: install Go, tools/peers.sh"),
    pytest.mark.timeout(400),
]

TONE_HZ = 440
# The microphone is a tone; the offer goes through Home Assistant as its frontend sends it, but with sound both ways.
TALK = """async ([entity_id, hz, seconds]) => {
  const conn = document.querySelector('home-assistant').hass.connection;
  const audio = new AudioContext(), tone = audio.createOscillator(), mic = audio.createMediaStreamDestination();
  tone.frequency.value = hz; tone.connect(mic); tone.start();
  const pc = new RTCPeerConnection(), video = document.createElement('video');
  const seen = {errors: [], states: []};
  pc.onconnectionstatechange = () => seen.states.push(pc.connectionState);
  let session = null, answered; const early = [], described = new Promise(done => answered = done);
  const candidate = c => conn.sendMessagePromise(
    {type: 'camera/webrtc/candidate', entity_id, session_id: session, candidate: c});
  pc.onicecandidate = e => { if (e.candidate) session ? candidate(e.candidate.toJSON()) : early.push(e.candidate.toJSON()); };
  pc.addTransceiver(mic.stream.getAudioTracks()[0], {direction: 'sendrecv'});
  pc.addTransceiver('video', {direction: 'recvonly'});
  video.muted = true; video.autoplay = true; document.body.append(video);
  const began = performance.now();
  const moving = new Promise(done => pc.ontrack = e => { if (e.track.kind === 'video') {
    video.srcObject = new MediaStream([e.track]);
    video.requestVideoFrameCallback(() => done((performance.now() - began) / 1000)); } });
  const offer = await pc.createOffer(); await pc.setLocalDescription(offer);
  await conn.subscribeMessage(async m => {
    if (m.type === 'session') { session = m.session_id; early.splice(0).forEach(candidate); }
    else if (m.type === 'answer') { await pc.setRemoteDescription({type: 'answer', sdp: m.answer}); answered(); }
    else if (m.type === 'candidate') { await described; await pc.addIceCandidate(m.candidate); }
    else seen.errors.push(m);
  }, {type: 'camera/webrtc/offer', entity_id, offer: offer.sdp});
  seen.first_frame_s = await Promise.race([moving, new Promise(done => setTimeout(() => done(null), 20000))]);
  await new Promise(done => setTimeout(done, seconds * 1000));
  for (const s of (await pc.getStats()).values()) {
    if (s.type === 'inbound-rtp' && s.kind === 'video') Object.assign(seen, {frames: s.framesDecoded, width: s.frameWidth});
    if (s.type === 'inbound-rtp' && s.kind === 'audio') Object.assign(seen, {sound: s.packetsReceived});
  }
  pc.close(); await audio.close(); video.remove();
  return seen; }"""


def listen(sound: bytes) -> tuple[float, int]:
    """Seconds of a WAV file, and the frequency whose half waves its loud samples count."""
    if not sound:
        return 0.0, 0
    with av.open(io.BytesIO(sound), "r") as file:
        rate = file.streams.audio[0].rate
        samples = [int(sample) for frame in file.decode(audio=0) for sample in frame.to_ndarray()[0]]
    loud = [sample for sample in samples if abs(sample) > 500]
    crossings = sum((one < 0) != (other < 0) for one, other in pairwise(loud))
    return len(samples) / rate, round(crossings / 2 / (len(loud) / rate)) if loud else 0


async def test_pictures_and_sound_arrive_and_a_microphone_is_heard(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with (
        Simulator(profile="ipc", videos=["scene:h264"], users={"admin": "admin"}) as sim,
        home(tmp_path, go2rtc=True) as here,
    ):
        await here.add(sim)
        camera = await here.entity(f"{sim.serial}_0_main")
        await here.until(camera, {"idle", "streaming"})
        async with here.page("/") as page:
            seen: dict[str, Any] = await page.evaluate(TALK, [camera, TONE_HZ, 4])
        record_property("webrtc", seen)
        assert seen["errors"] == []
        assert seen["first_frame_s"] is not None
        assert seen["frames"] > 20
        assert seen["width"] > 0
        assert seen["sound"] > 20
        async with asyncio.timeout(60):
            while True:
                seconds, hz = listen(sim.heard())
                if seconds >= 2:
                    break
                await asyncio.sleep(0.2)
        record_property("heard", (seconds, hz))
        assert abs(hz - TONE_HZ) < 25
