"""Search for bytes that break the library; `--repeat TARGET FILE` does what a find did.

Seeds come from the golden vectors, finds go to fuzz/out/; inputs that made new paths stay there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from .properties import TARGETS
from .seeds import SEEDS, replies

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "out"
PINS = ROOT / "requirements" / "fuzz.txt"
PACKAGES = Path(sys.prefix) / "fuzz"  # apart: nothing else of the project needs it
LONGEST = 16 * 1024
STUCK_S = 20
MEMORY_MIB = 1024
_FIELD = re.compile(r"^#\d+\s+\w+\s+cov: (\d+).*corp: (\d+)/", re.MULTILINE)
_RUNS = re.compile(r"stat::number_of_executed_units: (\d+)")


def main() -> int:
    """Exit status: 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--repeat", nargs=2, metavar=("TARGET", "FILE"), help="run one input again")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; usually all")
    chosen = parser.parse_args()
    names = chosen.targets or [*TARGETS]
    if chosen.repeat:
        names, chosen.repeat[1] = chosen.repeat[:1], Path(chosen.repeat[1])
    if unknown := sorted({*names} - {*TARGETS}):
        parser.error(f"no target {', '.join(unknown)}: there are {', '.join(TARGETS)}")
    if chosen.repeat:
        TARGETS[names[0]](chosen.repeat[1].read_bytes())
        print("nothing wrong with it")
        return 0
    _install()
    share = max(1, chosen.seconds // len(names))
    finds = [find for name in names for find in _search(name, share)]
    for name, path in finds:
        print(f"again: {sys.executable} -m fuzz --repeat {name} {path.relative_to(ROOT)}")
    return 1 if finds else 0


def _install() -> None:
    """Bring the fuzzer, whose version and hashes are pinned; the second time only looks at a stamp."""
    wanted = sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()
    stamp = PACKAGES / ".ready"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(PACKAGES, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    how = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--python", sys.executable]
    subprocess.run([str(uv), "pip", "install", *how, "--target", str(PACKAGES), "-r", str(PINS)], check=True)
    stamp.write_text(wanted)


def _search(name: str, seconds: int) -> Iterator[tuple[str, Path]]:
    """Run one target for a time and tell what came of it; yields what it found."""
    corpus, words, log = OUT / "corpus" / name, OUT / "words.dict", OUT / f"{name}.log"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS[name]():
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words.write_text("".join(f"{word}\n" for word in _words()))
    before = {*OUT.glob(f"{name}-*")}
    options = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={OUT}/{name}-",
        f"-dict={words}",
        f"-max_len={LONGEST}",
        f"-timeout={STUCK_S}",
        f"-rss_limit_mb={MEMORY_MIB}",
        "-print_final_stats=1",
    ]
    environment = {**os.environ, "PYTHONPATH": f"{PACKAGES}{os.pathsep}{ROOT}"}
    with log.open("wb") as said:
        command = [sys.executable, "-m", "fuzz.search", name, *options, str(corpus)]
        status = subprocess.run(
            command, stdout=said, stderr=subprocess.STDOUT, cwd=ROOT, env=environment, check=False
        ).returncode
    text = log.read_text(errors="replace")
    found = sorted({*OUT.glob(f"{name}-*")} - before)
    if status and not found:
        raise SystemExit(f"{name}: the search itself failed (status {status}):\n{text[-2000:]}")
    runs, last = _RUNS.search(text), [*_FIELD.finditer(text)][-1:]
    paths = f"{last[0][1]:>5} edges, {last[0][2]:>4} inputs kept" if last else "no progress told"
    outcome = f"found {', '.join(path.name for path in found)}" if found else "nothing found"
    print(f"{name:<10} {runs[1] if runs else '?':>10} runs in {seconds} s, {paths}: {outcome}", flush=True)
    if found:
        print(_trouble(text))
    yield from ((name, path) for path in found)


def _words() -> list[str]:
    """Words of the protocol, and what a number or text should not be, in libFuzzer's spelling."""
    keys = {key for _, tree in replies() for key in _keys(tree)}
    odd = ["null", "true", "-1", "1e400", "[]", "{}", '""', '"0xFFFFFFFF"', '"9999-99-99 99:99:99"', "[[["]
    odd += ['"0x', '\\"', ",}", "4294967296", '"Ret":', '"SessionID":', '"Name":']
    return [json.dumps(word) for word in [*odd, *(f'"{key}"' for key in sorted(keys))]]


def _keys(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield str(key)
            yield from _keys(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _keys(value)


def _trouble(text: str) -> str:
    """The part of a log that says what went wrong."""
    start = max(text.find(" === Uncaught"), text.find("==ERROR"), 0)
    return text[start : start + 3000] if start else text[-1500:]


if __name__ == "__main__":
    sys.exit(main())
