"""`python -m bench.night [DEVICES]`: a whole night of a fleet on simulated devices, and what came of it.

Fresh devices of mixed models are found by broadcast, one of them is switched off, and then: provision in
check mode, provision, provision again; passwords rotated, killed half way, rotated again; a rolling upgrade
whose canary fails. Says one line for each step and ends with 1 when a line is not as it should be. Ansible's
own words are in `bench/out/night/`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import ROOT
from tests.device import firmware_file

OUT = Path(__file__).resolve().parent / "out" / "night"
PROFILES = ("ipc", "nvr", "hvr", "hi3516", "r80x30", "xm210")
DEVICES = 200
FORKS = 10
DISCOVERY_PORT = 34999
FRESH, NEW = "Bench-lamp7", "Heron-gate5"
STATES = ("ok", "changed", "unreachable", "failed")
PLAYING_S = 3600
_RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass
class Night:
    """The folder of a night, and what was not as it should be."""

    folder: Path
    wrong: list[str] = field(default_factory=list)

    def say(self, step: str, told: str, *, right: bool) -> None:
        """One line of the report."""
        print(f"{'right' if right else 'WRONG'}  {step}: {told}", flush=True)
        if not right:
            self.wrong.append(step)


def main() -> None:
    """Play the night."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*"):
        if old.is_file():
            old.unlink()
    shutil.rmtree(OUT / "home", ignore_errors=True)
    night = Night(OUT)
    with ExitStack() as stack:
        each = -(-count // len(PROFILES))
        for at, profile in enumerate(PROFILES):
            stack.enter_context(_devices(f"127.2.{at}.1", min(each, count - each * at), profile))
        _provisioned(night, count)
        _rotated(night, count)
    _upgraded(night)
    raise SystemExit(1 if night.wrong else 0)


def _provisioned(night: Night, count: int) -> None:
    with _devices("127.2.99.1", 1, "ipc"):  # the one that is switched off after it was found
        _write_inventory(night.folder)
        found = _play(night, "inventory", [{"dvrip.devices.wait": {"wait_timeout": 60}}])
        right = len(found) == count + 1 and not _count(found, "unreachable", "failed")
        night.say("inventory by broadcast", f"{len(found)} devices", right=right)
    role = [{"include_role": {"name": "dvrip.devices.provision"}, "vars": {"provision_site": _site()}}]
    for step, flags, changes in (
        ("provision --check", ["--check"], True),
        ("provision", [], True),
        ("provision again", [], False),
    ):
        told = _play(night, step, role, *flags)
        changed = _count(told, "changed")
        right = len(told) == count + 1 and not _count(told, "failed") and _count(told, "unreachable") == 1
        night.say(step, _told(told), right=right and changed == (count if changes else 0))


def _rotated(night: Night, count: int) -> None:
    task = {
        "include_role": {"name": "dvrip.devices.rotate_passwords"},
        "vars": {"rotate_passwords_new": NEW, "ansible_dvrip_passwords": [FRESH, NEW]},
    }
    done = _killed(night, [task], after=count // 2)
    night.say("rotate_passwords, killed", f"after {done} of {count} devices", right=0 < done < count)
    healed = _play(night, "rotate_passwords again", [task])
    right = not _count(healed, "failed") and _count(healed, "unreachable") == 1
    night.say("rotate_passwords again", _told(healed), right=right)
    proof = [{"dvrip.devices.device_info": {}, "vars": {"ansible_password": NEW}}]
    proved = _play(night, "login with the new password", proof)
    right = _count(proved, "ok") == count and not _count(proved, "failed")
    night.say("login with the new password", _told(proved), right=right)


def _upgraded(night: Night) -> None:
    """Three devices of one model, none of which gets over 40 per cent."""
    image = firmware_file.write(night.folder, name="XM530_V5.00.R02.20260102.bin")
    report = night.folder / "upgrade-report.json"
    role = {
        "include_role": {"name": "dvrip.devices.rolling_upgrade"},
        "vars": {
            "rolling_upgrade_src": str(image),
            "rolling_upgrade_report": str(report),
            "rolling_upgrade_options": {"burn_timeout": 5},
        },
    }
    with _devices("127.2.50.1", 3, "ipc", "--quirk", "upgrade_stalls_at=40"):
        _write_inventory(night.folder)
        _play(night, "rolling_upgrade", [role])
    told = json.loads(report.read_text(encoding="utf-8"))
    states = sorted(str(one["state"]) for one in told.values())
    right = states == ["failed", "not started", "not started"]
    reason = next((str(one["reason"]) for one in told.values() if one["state"] == "failed"), "")
    night.say("rolling_upgrade, canary fails", f"{', '.join(states)}: {reason}", right=right)


@contextmanager
def _devices(bind: str, count: int, profile: str, *options: str) -> Iterator[None]:
    """A process of fresh simulated devices."""
    command = [sys.executable, "-m", "dvrip_proto", "simulate", "--bind", bind, "--count", str(count)]
    command += ["--profile", profile, "--discovery-port", str(DISCOVERY_PORT), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared"), "DVRIP_SIMULATE_PASSWORD": FRESH}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if not all(process.stdout.readline().startswith("ready ") for _ in range(count)):
                raise RuntimeError(f"the devices at {bind} did not start")
            yield
        finally:
            process.terminate()


def _write_inventory(folder: Path) -> None:
    told = {
        "plugin": "dvrip.devices.fleet",
        "broadcast": ["127.255.255.255"],
        "discovery_port": DISCOVERY_PORT,
        "wait": 5,
        "facts": True,
        "password": FRESH,
        "keep_file": str(folder / "kept.json"),
        "compose": {"ansible_password": f"'{FRESH}'"},
    }
    (folder / "kept.json").unlink(missing_ok=True)
    (folder / "night.dvrip.yml").write_text(json.dumps(told), encoding="utf-8")


def _site() -> object:
    """The site of the examples, as a value; its one secret is given here."""
    import yaml

    site = yaml.safe_load((ROOT / "examples/site/site.yml").read_text(encoding="utf-8"))["site"]
    site["accounts"]["users"][0]["password"] = "Otter-moon3"
    site.pop("devices", None)
    return site


def _command(folder: Path, step: str, tasks: Sequence[object]) -> tuple[list[str], dict[str, str]]:
    play = {"hosts": "dvrip", "gather_facts": False, "tasks": list(tasks)}
    file = folder / f"{step.replace(' ', '-')}.yml"
    file.write_text(json.dumps([play]), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment = kept | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
        "ANSIBLE_CONFIG": str(folder / "none.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_NOCOLOR": "1",
        "PYTHONPATH": str(ROOT / "shared"),
    }
    program = str(Path(sys.executable).parent / "ansible-playbook")
    return [program, "-i", str(folder / "night.dvrip.yml"), "-f", str(FORKS), str(file)], environment


def _play(night: Night, step: str, tasks: Sequence[object], *flags: str) -> dict[str, dict[str, int]]:
    """Ansible's recap: host to how many tasks ended in which way."""
    command, environment = _command(night.folder, step, tasks)
    began = time.monotonic()
    done = subprocess.run(
        [*command, *flags], env=environment, capture_output=True, text=True, timeout=PLAYING_S, check=False
    )
    took_s = time.monotonic() - began
    text = f"{done.stdout}\n{done.stderr}\nexit {done.returncode} after {took_s:.0f} s\n"
    (night.folder / f"{step.replace(' ', '-')}.txt").write_text(text, encoding="utf-8")
    return {
        match[1]: dict(zip(STATES, map(int, match.groups()[1:]), strict=True))
        for match in _RECAP.finditer(done.stdout)
    }


def _killed(night: Night, tasks: Sequence[object], *, after: int) -> int:
    """How many devices were through when Ansible was killed."""
    command, environment = _command(night.folder, "rotate_passwords killed", tasks)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdout=pipe, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        done = 0
        for line in process.stdout:
            done += line.startswith("changed: ")
            if done >= after:
                break
        os.killpg(process.pid, signal.SIGKILL)
    return done


def _count(told: Mapping[str, Mapping[str, int]], *states: str) -> int:
    """Hosts that ended in one of these ways."""
    return sum(any(one[state] for state in states) for one in told.values())


def _told(told: Mapping[str, Mapping[str, int]]) -> str:
    counts = ", ".join(f"{state} {_count(told, state)}" for state in STATES[1:])
    return f"{len(told)} hosts: {counts}"


if __name__ == "__main__":
    main()
