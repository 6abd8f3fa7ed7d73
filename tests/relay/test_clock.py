from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.media.clock import VIDEO_RATE, AudioClock, VideoClock


def _stamps(arrivals: list[float], fps: int | None = 25) -> list[float]:
    clock = VideoClock()
    return [clock.stamp(arrival, fps) / VIDEO_RATE for arrival in arrivals]


def _steps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]


def test_jitter_of_the_network_is_smoothed() -> None:
    chance = random.Random(1)
    arrivals = [10 + number * 0.04 + chance.random() * 0.03 for number in range(500)]
    times = _stamps(arrivals)
    assert max(abs(step - 0.04) for step in _steps(times)[50:]) < 0.003
    assert max(abs(time - arrival) for time, arrival in zip(times, arrivals, strict=True)) < 0.03


@pytest.mark.parametrize(("real", "claimed"), [(12, 25), (25, 12), (15, 15), (6, 30), (20, None)])
def test_the_real_rate_is_learned_whatever_the_device_claims(real: int, claimed: int | None) -> None:
    arrivals = [10 + number / real for number in range(400)]
    times = _stamps(arrivals, claimed)
    assert _steps(times)[-100:] == pytest.approx([1 / real] * 100, abs=0.0005)
    assert times[-1] == pytest.approx(arrivals[-1], abs=0.01)


def test_a_burst_at_the_start_does_not_put_the_stream_ahead_for_long() -> None:
    arrivals = [10 + max(0, number - 25) * 0.04 for number in range(300)]
    times = _stamps(arrivals)
    assert min(_steps(times)) >= 0.001
    assert times[-1] == pytest.approx(arrivals[-1], abs=0.01)


def test_a_gap_stays_a_gap() -> None:
    times = _stamps([10.0, 10.04, 10.08, 20.08, 20.12])
    assert _steps(times) == pytest.approx([0.04, 0.04, 10.0, 0.04], abs=0.001)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60), st.integers(0, 31))
def test_stamps_always_rise(arrivals: list[float], fps: int) -> None:
    clock = VideoClock()
    stamps = [clock.stamp(arrival, fps) for arrival in arrivals]
    assert all(later > earlier for earlier, later in zip(stamps, stamps[1:], strict=False))


def test_audio_is_counted_in_samples_and_follows_a_drifting_device() -> None:
    clock = AudioClock(8000)
    # 500 ppm fast: 320 samples come every 39.98 ms.
    arrivals = [10 + number * 0.03998 for number in range(10_000)]
    stamps = [clock.stamp(arrival, 320) for arrival in arrivals]
    assert None not in stamps
    assert all(abs(b - a - 320) <= 2 for a, b in zip(stamps, stamps[1:], strict=False))
    assert stamps[-1] == pytest.approx(arrivals[-1] * 8000 - 320, abs=80)


def test_audio_after_a_gap_goes_on_at_its_arrival() -> None:
    clock = AudioClock(8000)
    first = clock.stamp(10.0, 320)
    later = clock.stamp(15.0, 320)
    assert (first, later) == (80_000 - 320, 120_000 - 320)


def test_audio_that_arrives_long_before_its_time_is_left_out() -> None:
    clock = AudioClock(8000)
    stamps = [clock.stamp(10.0, 320) for _ in range(50)]
    taken = [stamp for stamp in stamps if stamp is not None]
    assert 10 <= len(taken) <= 16, "half a second may run ahead"
    assert clock.stamp(11.0, 320) is not None


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 2000)), min_size=2, max_size=60))
def test_stamps_of_audio_always_rise(blocks: list[tuple[float, int]]) -> None:
    clock = AudioClock(8000)
    stamps = [s for s in (clock.stamp(arrival, samples) for arrival, samples in blocks) if s is not None]
    assert all(later > earlier for earlier, later in zip(stamps, stamps[1:], strict=False))
