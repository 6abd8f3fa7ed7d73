"""Video for the streams: files passed through or encoded anew, scenes, the cache, pictures."""

from __future__ import annotations

import math
import weakref
from array import array
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.media.g711 import encode_alaw
from dvrip_proto.media.nal import nal_type, units
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.clips import sources as media_module
from dvrip_proto.simulator.clips.clip import AUDIO_BLOCK, Clip, ClipFrame, load, save
from dvrip_proto.simulator.clips.sources import Media, Source, cache_folder
from tests.simulator.raw import Raw, frames_of, watch


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Devices of other tests may not be collected yet; what they show must not come from memory here.
    monkeypatch.setattr(media_module, "_IN_MEMORY", weakref.WeakValueDictionary())
    assert cache_folder() == tmp_path / "cache" / "dvrip" / "clips"
    return cache_folder()


def film(
    path: Path,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (960, 544),
    rate: Fraction = Fraction(25),
    seconds: float = 3.0,
    bframes: int = 0,
    gop: int = 25,
    sound: str | None = "aac",
) -> Path:
    """A film made on the spot."""
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=rate)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.gop_size, video.max_b_frames = gop, bframes
        if codec == "libx264":
            video.options = {"preset": "ultrafast", "bf": str(bframes), "sc_threshold": "0"}
        if codec == "libx265":
            video.options = {
                "preset": "ultrafast",
                "x265-params": f"bframes={bframes}:keyint={gop}:log-level=none",
            }
        audio: Any = container.add_stream(sound, rate=44100, layout="stereo") if sound else None
        for number in range(int(seconds * rate)):
            frame = av.VideoFrame(*size, "yuv420p")
            for index, plane in enumerate(frame.planes):
                shade = (number * 3 + 40) % 200 if not index else 128
                plane.update(bytes([shade]) * plane.buffer_size)
            frame.pts = number
            frame.time_base = 1 / rate
            container.mux(video.encode(frame))
        if audio is not None:
            container.mux(tone(audio, seconds))
            container.mux(audio.encode(None))
        container.mux(video.encode(None))
    return path


def tone(audio: Any, seconds: float) -> list[Any]:
    packets = []
    for start in range(0, int(44100 * seconds), 1024):
        samples = array("f", (math.sin((start + index) / 10) / 2 for index in range(1024)))
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
        for plane in frame.planes:
            plane.update(samples.tobytes())
        frame.sample_rate, frame.pts = 44100, start
        packets += audio.encode(frame)
    return packets


async def clips(video: Path | str) -> tuple[Clip, Clip]:
    media = Media([video], 1)
    main, extra = await media.clip((0, "Main")), await media.clip((0, "Extra1"))
    assert main is not None
    assert extra is not None
    return main, extra


def pictures(clip: Clip) -> int:
    """How many frames a decoder makes of a clip."""
    decoder: Any = av.CodecContext.create({"h264": "h264", "h265": "hevc"}[clip.codec], "r")
    shown = sum(len(decoder.decode(av.Packet(frame.payload))) for frame in clip.frames)
    return shown + len(decoder.decode(None))


def packets_of(path: Path) -> list[Any]:
    """The video packets of a film."""
    with av.open(str(path)) as container:
        return [packet for packet in container.demux(container.streams.video[0]) if packet.size]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def ages(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in files(folder)}


def assert_sound(clip: Clip) -> None:
    """A frame a device can send: complete parameter sets, long start codes, no delimiters, no B-frames."""
    kinds = {"h264": {7, 8}, "h265": {32, 33, 34}}[clip.codec]
    for frame in clip.frames:
        assert frame.payload.startswith(b"\0\0\0\1")
        found = {nal_type(clip.codec, unit) for unit in units(frame.payload)}
        assert (kinds <= found) == frame.keyframe
        assert not found & ({9} if clip.codec == "h264" else {35})
    assert clip.frames[0].keyframe
    assert [frame.time_s for frame in clip.frames] == sorted(frame.time_s for frame in clip.frames)
    assert pictures(clip) == len(clip.frames)


@pytest.mark.parametrize(("codec", "kind"), [("libx264", "h264"), ("libx265", "h265")])
@pytest.mark.parametrize("suffix", [".mp4", ".ts", ".mkv"])
async def test_a_film_without_b_frames_is_passed_through(
    tmp_path: Path, codec: str, kind: str, suffix: str
) -> None:
    path = film(tmp_path / f"film{suffix}", codec=codec)
    main, extra = await clips(path)
    assert (main.codec, main.width, main.height, main.fps, len(main.frames)) == (kind, 960, 544, 25, 75)
    assert main.duration_s == pytest.approx(3.0, abs=0.01)
    assert (extra.codec, extra.width, extra.height, len(extra.frames)) == ("h264", 640, 360, 75)
    for clip in (main, extra):
        assert_sound(clip)
        assert len(clip.audio) == pytest.approx(24000, abs=200)
        assert len(set(clip.audio)) > 20
    deltas = [packet.size for packet in packets_of(path) if not packet.is_keyframe]
    passed = [len(frame.payload) for frame in main.frames if not frame.keyframe]
    assert passed == pytest.approx(deltas, abs=16), "not encoded anew"


async def test_b_frames_are_encoded_away_once(tmp_path: Path, cache: Path) -> None:
    path = film(tmp_path / "film.mp4", bframes=3, seconds=4)
    stamps = [packet.pts for packet in packets_of(path)]
    assert stamps != sorted(stamps), "the film has B-frames"
    main, extra = await clips(path)
    assert (main.codec, main.width, len(main.frames), len(extra.frames)) == ("h264", 960, 100, 100)
    assert_sound(main)
    assert_sound(extra)
    made = ages(cache)
    assert len(made) == 2
    del main, extra
    again, _ = await clips(path)
    assert len(again.frames) == 100
    assert ages(cache) == made


async def test_other_codecs_and_distant_key_frames_are_encoded(tmp_path: Path) -> None:
    main, _ = await clips(film(tmp_path / "old.avi", codec="mpeg4", sound=None))
    assert (main.codec, len(main.frames), main.audio) == ("h264", 75, b"")
    assert_sound(main)
    main, _ = await clips(film(tmp_path / "lazy.mp4", size=(320, 240), gop=1000, seconds=14, sound=None))
    assert [frame.time_s for frame in main.frames if frame.keyframe] == pytest.approx([0, 2, 4, 6, 8, 10, 12])


async def test_rates_that_are_no_whole_number(tmp_path: Path) -> None:
    main, extra = await clips(film(tmp_path / "ntsc.mp4", rate=Fraction(30000, 1001), size=(320, 240)))
    assert (main.fps, extra.width, len(extra.frames)) == (30, 320, len(main.frames))
    steps = [b.time_s - a.time_s for a, b in zip(main.frames, main.frames[1:], strict=False)]
    assert steps == pytest.approx([1001 / 30000] * len(steps), abs=0.001)


@pytest.mark.parametrize("codec", ["h264", "h265"])
async def test_scenes_are_what_devices_send(codec: str) -> None:
    main, extra = await clips(f"scene:{codec}")
    assert (main.codec, main.width, main.height, main.fps, len(main.frames)) == (codec, 640, 360, 25, 500)
    assert (extra.width, extra.height, extra.fps, len(extra.frames)) == (320, 180, 12, 240)
    for clip in (main, extra):
        assert_sound(clip)
        keys = [frame.time_s for frame in clip.frames if frame.keyframe]
        assert keys == pytest.approx(list(range(0, 20, 2)))
        assert (clip.duration_s, len(clip.audio)) == (20, 160000)
        assert len({frame.payload for frame in clip.frames}) > len(clip.frames) * 0.95, "it moves"


async def test_the_second_start_decodes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await clips("scene:h264")
    monkeypatch.setattr(
        "dvrip_proto.simulator.clips.sources.import_av", lambda: pytest.fail("PyAV was needed")
    )
    main, _ = await clips("scene:h264")
    assert len(main.frames) == 500


async def test_a_broken_cache_file_is_made_again(cache: Path) -> None:
    await clips("scene:h264")
    for file in files(cache):
        file.write_bytes(file.read_bytes()[:-100])
    main, _ = await clips("scene:h264")
    assert_sound(main)


async def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    main, _ = await clips(film(tmp_path / "film.mp4", size=(320, 240), sound=None))
    assert len(main.frames) == 75


async def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("no video here")
    with pytest.raises(UsageError, match=r"notes\.mp4: cannot be used as video"):
        await Media([text], 1).prepare()
    song = tmp_path / "song.wav"
    with av.open(str(song), "w") as container:
        audio: Any = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=800)
        frame.planes[0].update(bytes(1600))
        frame.sample_rate = 8000
        container.mux(audio.encode(frame))
    with pytest.raises(UsageError, match=r"song\.wav: has no video"):
        await Media([song], 1).prepare()
    with pytest.raises(UsageError, match="no such file"):
        Simulator(videos=[tmp_path / "missing.mp4"])
    with pytest.raises(UsageError, match="scenes are scene:h264"):
        Simulator(videos=["scene:vp9"])


async def test_a_device_without_pyav_says_so_and_lives(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    async with Simulator() as device:
        client = await Raw.login(device)
        media = await watch(device, client)
        assert await media.is_silent(0.4)
        assert (await client.named(1560, "OPSNAP", {"Channel": 0})).ret == 102
        assert "[sim]" in caplog.text
        with pytest.raises(UsageError, match=r"\[sim\]"):
            await device.prepare_media()


async def test_a_film_is_streamed_byte_for_byte(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", seconds=2)
    async with Simulator(videos=[path]) as device:
        await device.prepare_media()
        main, _ = await clips(path)
        client = await Raw.login(device)
        frames = [
            frame for frame in await frames_of(await watch(device, client), 80) if frame.kind in (0xFC, 0xFD)
        ]
        wanted = [frame.payload for frame in main.frames]
        first = wanted.index(frames[0].payload)
        assert [frame.payload for frame in frames] == [
            wanted[(first + n) % len(wanted)] for n in range(len(frames))
        ]


def test_clips_come_back_from_a_file_as_they_were(tmp_path: Path) -> None:
    frames = (ClipFrame(0.0, True, b"key"), ClipFrame(0.04, False, b"delta"))
    clip = Clip(codec="h264", width=8, height=8, fps=25, duration_s=0.08, frames=frames, audio=b"\xd5" * 640)
    save(clip, tmp_path / "deep" / "x.clip")
    again = load(tmp_path / "deep" / "x.clip")
    assert (again.frames, again.audio, again.fps) == (frames, clip.audio, 25)
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["x.clip"]
    (tmp_path / "y.clip").write_bytes(b"something else\n{}\n")
    with pytest.raises(UsageError, match="not a prepared clip"):
        load(tmp_path / "y.clip")


def test_a_clip_plays_for_ever_and_its_sound_does_not_drift() -> None:
    frames = tuple(ClipFrame(number * 0.04, number == 0, b"%d" % number) for number in range(13))
    audio = bytes(range(256)) * 16 + bytes(64)
    clip = Clip(codec="h264", width=8, height=8, fps=25, duration_s=0.52, frames=frames, audio=audio[:4160])
    played = clip.play(0, sound=True)
    units_ = [next(played) for _ in range(1000)]
    assert [due for due, _ in units_] == sorted(due for due, _ in units_)
    blocks = [unit for _, unit in units_ if isinstance(unit, bytes)]
    assert all(len(block) == AUDIO_BLOCK for block in blocks)
    assert b"".join(blocks) == (clip.audio * 50)[: len(blocks) * AUDIO_BLOCK]
    assert [due for due, unit in units_ if not isinstance(unit, bytes)][:30] == pytest.approx(
        [n * 0.04 for n in range(30)]
    )


def test_a_law_is_that_of_the_standard() -> None:
    assert encode_alaw(array("h", [0, -1, 32767, -32768, 1000, -1000])).hex() == "d555aa2afa7a"


def test_a_source_has_another_key_after_the_file_changed(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"1")
    before = Source(path, 0).key()
    path.write_bytes(b"22")
    assert Source(path, 0).key() != before
    assert Source("scene:h264", 0).key() == Source("scene:h264", 4).key() != Source("scene:h264", 1).key()
