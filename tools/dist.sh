#!/usr/bin/env bash
# Build what is released into dist/ (arguments go to tools/build_release.py). Needs python3 >= 3.11 with pip, and a
# network or pip's cache for three small packages the first time; not .venv.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'dist: %s\n' "$@" >&2; }
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "python3 is older than 3.11"; exit 1; }
python3 -m pip --version >/dev/null 2>&1 || { say "pip for python3 is missing (Debian: python3-pip)"; exit 1; }

version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tools=${XDG_CACHE_HOME:-~/.cache}/dvrip/release-$version-$(sha256sum requirements/release.txt | cut -c 1-16)
if [ ! -d "$tools" ]; then
  say "getting what builds a release"
  mkdir -p "$(dirname "$tools")"
  rm -rf "$tools.new"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check \
    --require-hashes --target "$tools.new" -r requirements/release.txt
  mv "$tools.new" "$tools"
fi
PYTHONPATH=$tools exec python3 -m tools.build_release "$@"
