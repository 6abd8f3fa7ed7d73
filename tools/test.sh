#!/usr/bin/env bash
# Run the whole suite; arguments go to pytest. Two processes, because the plugin under Home Assistant's tests replaces
# the event loop policy and blocks sockets for every test it shares a process with.
set -euo pipefail
cd "$(dirname "$0")/.."

pytest() { .venv/bin/python -m pytest -q --durations=10 "$@"; }

status=0
pytest -p no:homeassistant --ignore=tests/homeassistant tests "$@" || status=$?
pytest tests/homeassistant "$@" || status=$?
exit "$status"
