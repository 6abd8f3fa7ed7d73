#!/usr/bin/env bash
# Write requirements/*.txt from requirements/*.in: every version pinned, every file with its hash, no address.
# `tools/lock.sh --upgrade` takes newer versions where requirements/*.in and Home Assistant's constraints allow it.
# Needs .venv (tools/setup.sh) for its Python; uv is the one that Home Assistant itself depends on.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
homeassistant=$(grep '^homeassistant==' requirements/dev.in)
uv=(.venv/bin/uv --quiet)
"${uv[@]}" pip install --no-deps --python .venv/bin/python --target "$work" "$homeassistant"
constraints=$work/homeassistant/package_constraints.txt

lock() { # NAME [option ...]
  "${uv[@]}" pip compile "${@:2}" "${upgrade[@]}" --generate-hashes --no-emit-index-url --no-annotate --no-header \
    "requirements/$1.in" --output-file "requirements/$1.txt" >/dev/null
}
upgrade=("$@")
# pip of the system's python3 reads this one, whatever its version.
lock bootstrap --universal --python-version 3.11
lock build --python .venv/bin/python --constraints "$constraints"
lock dev --python .venv/bin/python --constraints "$constraints"
lock release --universal --python-version 3.11
lock fuzz --python .venv/bin/python
lock collection --python .venv/bin/python
for core in requirements/cores/*.in; do
  lock "cores/$(basename "$core" .in)" --python-version "$(sed -n 's/.* on Python \([0-9.]*\)\.$/\1/p' "$core")"
done
for peer in requirements/peer-*.in; do lock "$(basename "$peer" .in)" --python .venv/bin/python; done
