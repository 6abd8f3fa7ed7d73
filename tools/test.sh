#!/usr/bin/env bash
# Run the whole suite; arguments go to pytest. Most tests wait for sockets, so two halves run side by side. Home Assistant's
# are a process of their own, because their plugin replaces the event loop policy and blocks sockets for every other test.
set -uo pipefail
cd "$(dirname "$0")/.."

pytest() { .venv/bin/python -m pytest -q --durations=10 "$@"; }

half=(tests/attacks tests/cli tests/device tests/peers tests/relay tests/remux tests/session tests/simulator tests/ui
  tests/wire)
log=$(mktemp)
set -m # a process group of its own, which ends as one
COVERAGE_FILE=.coverage.half pytest -p no:homeassistant "${half[@]}" "$@" </dev/null >"$log" 2>&1 &
beside=$!
set +m
trap 'kill -- "-$beside" 2>/dev/null; rm -f "$log"' EXIT

status=0
pytest tests/homeassistant "$@" || status=$?
pytest -p no:homeassistant --ignore=tests/homeassistant "${half[@]/#/--ignore=}" tests "$@" || status=$?
wait "$beside" || status=$?
cat "$log"
exit "$status"
