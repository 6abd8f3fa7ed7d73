"""`make bench`: every benchmark, or the ones named; a table on standard output and `bench/out/NAME.json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.fleets import plays_fleet_memory, plays_fleet_wall, plays_result_size, plays_two_halves
from bench.ha.alarms import ha_alarm, ha_alarm_burst, ha_alarm_p99
from bench.ha.clips import ha_clip_slow, ha_clip_slow_silent
from bench.ha.starting import ha_idle, ha_setup_16, ha_start_71
from bench.ha.watching import ha_archive, ha_streams_16
from bench.measure import Result, Spread, client, fleet, in_turn, server
from bench.pictures import picture_hls_cold, picture_hls_warm, picture_webrtc_cold
from bench.plays import plays_settings, plays_user
from bench.simulator import download, simulator_idle_cpu, simulator_idle_memory, simulator_streams

OUT = Path(__file__).resolve().parent / "out"
RUNS = 5
LOGINS = 200
FLEET = 1000
STALLED_S = 5
MEGABYTES = 400
WIDTH = 140


def _ingest(name: str, packet_size: int, mix: str) -> Result:
    with server("media", str(packet_size), str(MEGABYTES), mix) as port:
        value, floor, peer = in_turn(
            RUNS,
            lambda: client("ingest", port),
            lambda: client("ingest_floor", port),
            lambda: client("ingest_peer", port, MEGABYTES),
        )
    note = f"{mix} mix; floor: blocking header walk that copies payloads out; peer: python-dvr"
    return Result(name, "CPU s/GB", value, floor, peer, RUNS, note)


def ingest_8k() -> Result:
    """Media to typed frames, 8 KiB packets."""
    return _ingest("ingest_8k", 8192, "even")


def ingest_64k() -> Result:
    """Media to typed frames, 64 KiB packets."""
    return _ingest("ingest_64k", 65536, "even")


def ingest_real_8k() -> Result:
    """Media to typed frames as a camera sends them, 8 KiB packets."""
    return _ingest("ingest_real_8k", 8192, "real")


def ingest_real_64k() -> Result:
    """Media to typed frames as a camera sends them, 64 KiB packets."""
    return _ingest("ingest_real_64k", 65536, "real")


def login() -> Result:
    """Connect and log in."""
    with server("session") as port:
        value, floor, peer = in_turn(
            RUNS,
            lambda: client("login", port, LOGINS),
            lambda: client("login_floor", port, LOGINS),
            lambda: client("login_peer", port, LOGINS),
        )
    return Result("login", "ms", value, floor, peer, RUNS, "floor: raw asyncio exchange; peer: python-dvr")


def fleet_read() -> Result:
    """Log in to many devices and read their information."""
    with server("session") as port:
        value, floor = in_turn(
            RUNS, lambda: client("fleet", port, FLEET), lambda: client("fleet_floor", port, FLEET)
        )
    return Result("fleet_read", f"CPU s/{FLEET}", value, floor, None, RUNS, "floor: raw asyncio streams")


def fleet_read_encrypted() -> Result:
    """The same, of devices that want encryption; the note compares with the plain read of the same run."""
    with server("encrypted") as port, server("session") as plain_port:
        value, floor, plain = in_turn(
            RUNS,
            lambda: client("fleet_encrypted", port, FLEET),
            lambda: client("fleet_encrypted_floor", port, FLEET),
            lambda: client("fleet", plain_port, FLEET),
        )
    times = value.median / plain.median
    note = f"floor: raw streams and cryptography; {times:.2f} times plain ({plain.median:.3g})"
    return Result("fleet_read_encrypted", f"CPU s/{FLEET}", value, floor, None, RUNS, note)


def discovery() -> Result:
    """One search that finds every device of a fleet; a lost one fails the run."""
    with fleet(FLEET) as port:
        value, floor = in_turn(
            RUNS, lambda: client("discovery", port, FLEET), lambda: client("discovery_floor", port, FLEET)
        )
    return Result(
        "discovery", f"s/{FLEET}", value, floor, None, RUNS, "floor: blocking socket, nothing parsed"
    )


def stalled_consumer() -> Result:
    """Memory while nobody reads an endless stream."""
    with server("stall") as port:
        (value,) = in_turn(RUNS, lambda: client("stalled", port, STALLED_S))
    return Result("stalled_consumer", "MiB", value, None, None, RUNS, f"{STALLED_S} s without a reader")


BENCHMARKS: dict[str, Callable[[], Result]] = {
    one.__name__: one
    for one in (
        ingest_8k,
        ingest_64k,
        ingest_real_8k,
        ingest_real_64k,
        login,
        fleet_read,
        fleet_read_encrypted,
        discovery,
        stalled_consumer,
        plays_user,
        plays_settings,
        plays_result_size,
        plays_fleet_wall,
        plays_fleet_memory,
        plays_two_halves,
        download,
        simulator_streams,
        simulator_idle_memory,
        simulator_idle_cpu,
        picture_hls_warm,
        picture_hls_cold,
        picture_webrtc_cold,
        ha_setup_16,
        ha_start_71,
        ha_idle,
        ha_alarm,
        ha_alarm_p99,
        ha_alarm_burst,
        ha_streams_16,
        ha_archive,
        ha_clip_slow,
        ha_clip_slow_silent,
    )
}


def _cell(spread: Spread | None) -> str:
    return "-" if spread is None else f"{spread.median:.3g} ({spread.minimum:.3g}-{spread.maximum:.3g})"


def main() -> None:
    """Run what the command line names, or everything."""
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise SystemExit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    OUT.mkdir(exist_ok=True)
    notes = []
    table = Table("benchmark", "unit", "ours", "floor", "peer", "x floor", "x peer", "runs")
    failed = False
    for name in names:
        try:
            result = BENCHMARKS[name]()
        except (SystemExit, Exception) as error:  # noqa: BLE001 - the others are told all the same
            failed = True
            notes.append(f"{name}: FAILED: {error!r}")
            continue
        shown = result.to_json()
        notes.append(f"{name}: {result.note}")
        (OUT / f"{name}.json").write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
        ratios = [f"{shown[key]:.2f}" if shown[key] else "-" for key in ("ratio_floor", "ratio_peer")]
        table.add_row(
            name,
            result.unit,
            _cell(result.value),
            _cell(result.floor),
            _cell(result.peer),
            *ratios,
            str(result.runs),
        )
    Console(width=WIDTH).print(table)
    print(*notes, sep="\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
