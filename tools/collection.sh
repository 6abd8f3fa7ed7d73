#!/usr/bin/env bash
# Judge the Ansible collection with the tools of its community, its sources and the archive that is released:
# `tools/collection.sh [part ...]`, without one all of: sanity tarball lint docs changelog importer plays.
# Needs .venv (tools/setup.sh) and a package index; writes into the user's cache only.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
python=$root/.venv/bin/python
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dvrip
work=$(mktemp -d) # ansible-test would see only what git knows, within a repository
trap 'rm -rf "$work"' EXIT
sources=$root/ansible_collections/dvrip/devices
export UV_CACHE_DIR=${UV_CACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/uv} UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}

say() { printf 'collection: %s\n' "$@" >&2; }

environment() { # NAME [uv's arguments ...]: an environment of these requirements, made once
  local made=$cache/collection-$1
  if [ ! -e "$made/.ready" ]; then
    say "getting $1"
    rm -rf "$made"
    .venv/bin/uv venv --quiet --no-project --python "$2" "$made"
    VIRTUAL_ENV=$made .venv/bin/uv pip install --quiet "${@:3}"
    touch "$made/.ready"
  fi
  echo "$made"
}

get_tools() {
  tools=$(environment "$(sha256sum requirements/collection.txt | cut -c 1-16)" "$python" \
    --require-hashes -r requirements/collection.txt)
  export XDG_CACHE_HOME=${XDG_CACHE_HOME:-~/.cache}
  export PATH=$tools/bin:$PATH HOME=$cache/collection-home
  unset ANSIBLE_COLLECTIONS_PATH PYTHONPATH
  # ansible-test begins every environment with a script of another server; pip is here already.
  mkdir -p "$HOME/.ansible/test/cache"
  "$python" - "$tools" >"$HOME/.ansible/test/cache/get_pip_25_2.py" <<'PY'
import glob, sys
site, = glob.glob(f"{sys.argv[1]}/lib/python*/site-packages")
print(f"import sys\nsys.path.insert(0, {site!r})\nfrom pip._internal.cli.main import main")
print("sys.exit(main(['install', '--quiet', '--force-reinstall', 'pip==25.2']))")
PY
}

staged() { # what ansible-test wants: a collection below ansible_collections, and no repository around it
  rm -rf "$work/$1"
  mkdir -p "$work/$1/ansible_collections/dvrip/devices"
  cd "$work/$1/ansible_collections/dvrip/devices"
}

sanity() { (staged sources && cp -r "$sources/." . && find . -name __pycache__ -prune -exec rm -r {} + && judge); }
tarball() { (archive && staged tarball && tar -xzf "$(echo "$work"/dist/dvrip-devices-*.tar.gz)" && judge); }
judge() {
  ansible-test sanity --python 3.14 --color no >"$work/sanity.log" 2>&1 || { tail -n 60 "$work/sanity.log" >&2; return 1; }
  if grep -q 'All targets skipped' "$work/sanity.log"; then return 1; fi
  say "$(grep -c '^Running sanity test' "$work/sanity.log") sanity tests"
}
archive() { bash "$root/tools/dist.sh" --out "$work/dist" >/dev/null; }

lint() { (staged lint && cp -r "$sources/." . && ansible-lint --offline --profile production --quiet); }
docs() { (staged docs && cp -r "$sources/." . && antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --skip-rstcheck .); }
changelog() { (cd "$sources" && antsibull-changelog lint && antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml); }
importer() {
  archive
  printf '[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nCHECK_REQUIRED_TAGS = True\n' >"$work/importer.cfg"
  (cd "$work" && GALAXY_IMPORTER_CONFIG=$work/importer.cfg python -m galaxy_importer.main "$work"/dist/dvrip-devices-*.tar.gz)
}

# The playbook suite on every core that has a Python here; the suite itself stays in the project's own Python.
plays() {
  local pair core minor found made
  for pair in 2.18:3.12 2.20:3.13 2.21:3.14 2.22.0rc1:3.14; do
    core=${pair%%:*} minor=${pair##*:}
    found=$("$root/.venv/bin/uv" python find --no-project "$minor" 2>/dev/null) || [ "$minor" != 3.14 ] || found=$python
    [ -n "$found" ] || { say "no Python $minor here: ansible-core $core is left out"; continue; }
    made=$(environment "core-$core" "$found" "ansible-core==${core/%.[0-9][0-9]/&.*}")
    say "ansible-core $("$made/bin/ansible" --version | head -1) on Python $minor"
    (cd "$root" && DVRIP_ANSIBLE_BIN=$made/bin "$python" -m pytest -q -p no:homeassistant \
      tests/ansible/test_first_night.py tests/ansible/test_fleet_inventory.py tests/ansible/test_secrets.py)
  done
}

[ $# -gt 0 ] || set -- sanity tarball lint docs changelog importer plays
get_tools
for part in "$@"; do
  say "$part"
  "$part" || { say "$part failed"; exit 1; }
  say "$part is good"
done
