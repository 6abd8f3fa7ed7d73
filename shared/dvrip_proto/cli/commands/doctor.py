"""`dvrip doctor`: whether a device works, and what is there to report if not."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ...errors import UsageError
from .. import output
from ..examination import Examination, Finding, State
from ..exit_codes import ExitCode, code_of
from ..login import HOST, JSON, Login
from ..new_file import writable, write_whole

_WORST: Final = (State.BAD, State.LOOK, State.GOOD)


async def doctor(
    login: Login,
    host: HOST,
    channels: Annotated[
        int, typer.Option("--channels", metavar="N", min=1, help="Channels whose streams are looked at.")
    ] = 4,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            callback=writable,
            help="Write it for an issue, without passwords, addresses and names.",
        ),
    ] = None,
    json: JSON = False,
) -> ExitCode:
    """Look at a device: ports, login, encryption, clock, streams, pictures, and what it is silent about.

    Nothing is changed. A refused password is tried once. The exit code is that of the first bad thing.
    """
    if host.startswith("@"):
        raise UsageError(f"{host}: this command takes one device")
    examination = Examination(lambda: login.device(host), channels_max=channels)
    findings: list[Finding] = []
    async for finding in examination.run():
        findings.append(finding)
        if not json:
            output.line(f"{finding.state:<5} {finding.what:<15} {finding.text}")
    told = _told(findings, examination)
    if json:
        output.as_json({"host": host, **told})
    else:
        output.line("")
        output.line(str(told["verdict"]))
    if report is not None:
        _write(report, told, examination, login, host)
        if not json:
            output.line(f"{report}: read it before you post it")
    bad = next((finding for finding in findings if finding.state is State.BAD), None)
    if bad is None:
        return ExitCode.DONE
    errors = [code_of(finding.error) for finding in findings if finding.error and finding.state is State.BAD]
    return errors[0] if errors else ExitCode.NETWORK


def _told(findings: list[Finding], examination: Examination) -> dict[str, Any]:
    by_state = {state: [each.what for each in findings if each.state is state] for state in _WORST}
    if by_state[State.BAD]:
        verdict = f"Not all of it works: {', '.join(by_state[State.BAD])}."
    elif by_state[State.LOOK]:
        verdict = f"It works. Have a look at: {', '.join(by_state[State.LOOK])}."
    else:
        verdict = "It works."
    return {
        "verdict": verdict,
        "works": not by_state[State.BAD],
        "findings": [{"what": each.what, "state": each.state.value, "text": each.text} for each in findings],
        "silent": examination.silent,
    }


def _write(file: Path, told: dict[str, Any], examination: Examination, login: Login, host: str) -> None:
    device = login.device(host)
    whose = [f"{device.host}:{device.port}", device.host, examination.serial]
    if device.username not in ("admin", "default"):
        whose.append(device.username)
    told = {
        **told,
        "findings": [{**each, "text": _without(each["text"], whose)} for each in told["findings"]],
    }
    try:
        own = version("dvrip-proto")
    except PackageNotFoundError:
        own = "from a checkout"
    whole = {
        "doctor": 1,
        "dvrip": own,
        "python": platform.python_version(),
        "system": platform.system(),
        **told,
        "profile": examination.profile,
    }
    write_whole(file, (output.json_text(whole, indent=1) + "\n").encode(), private=True)


def _without(text: str, whose: list[str]) -> str:
    for each in whose:
        if each:
            text = text.replace(each, "HOST")
    return text
