#!/usr/bin/env bash
# Run the whole suite; arguments go to pytest. Most tests wait for sockets, so three parts run side by side. Home Assistant's
# are a process of their own, because their plugin replaces the event loop policy and blocks sockets for every other test.
set -uo pipefail
cd "$(dirname "$0")/.."

pytest() { .venv/bin/python -m pytest -q --durations=10 "$@"; }

second=(tests/attacks tests/cli tests/device tests/peers tests/relay tests/remux tests/session tests/simulator tests/wire)

in_home_assistant() {
  local status=0
  pytest tests/homeassistant "$@" || status=$?
  pytest -p no:homeassistant tests/ui "$@" || status=$?
  return "$status"
}

of_the_second() { pytest -p no:homeassistant "${second[@]}" "$@"; }

beside=()
logs=()
begin() { # a part that is told when all are over
  logs+=("$(mktemp)")
  set -m # a process group of its own, which ends as one
  COVERAGE_FILE="build/coverage/.coverage.$1" "$@" </dev/null >"${logs[-1]}" 2>&1 &
  beside+=($!)
  set +m
}
trap 'for part in "${beside[@]}"; do kill -- "-$part" 2>/dev/null; done; rm -f "${logs[@]}"' EXIT

begin in_home_assistant "$@"
begin of_the_second "$@"
status=0
pytest -p no:homeassistant --ignore=tests/homeassistant --ignore=tests/ui "${second[@]/#/--ignore=}" tests "$@" || status=$?
for part in "${beside[@]}"; do
  wait "$part" || status=$?
done
cat "${logs[@]}"
exit "$status"
