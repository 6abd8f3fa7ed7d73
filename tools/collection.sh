#!/usr/bin/env bash
# Judge the Ansible collection with the tools of its community, its sources and the archive that is released:
# `tools/collection.sh [part ...]`, without one all of: changelog lint docs docsite importer
# image sanity tarball units integration runner events old plays cores.
# `plays` is the part of the playbook suite that tells cores apart, `cores` the whole, on every ansible-core of
# requirements/cores that has its Python here (CORES="2.18 2.22" names some of them).
# Needs .venv (tools/setup.sh) and a package index; writes into the user's cache only.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
python=$root/.venv/bin/python
pythons=~/.pyenv/versions # of the user's own home: the tools get another
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dvrip
work=$(mktemp -d) # ansible-test would see only what git knows, within a repository
trap 'rm -rf "$work"' EXIT
sources=$root/ansible_collections/dvrip/devices
export UV_CACHE_DIR=${UV_CACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/uv} UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}

say() { printf 'collection: %s\n' "$@" >&2; }

environment() { # NAME [uv's arguments ...]: an environment of these requirements, made once
  local made=$cache/$1
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
  tools=$(environment "collection-$(sha256sum requirements/collection.txt | cut -c 1-16)" "$python" \
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
tarball() { (archive && staged tarball && unpacked && judge); }
judge() {
  if ! nice ansible-test sanity --python 3.14 --color no >"$work/sanity.log" 2>&1; then
    grep -E '^(ERROR|FATAL|Running)|^[a-z-]+$' "$work/sanity.log" | tail -n 100 >&2
    return 1
  fi
  if grep -q 'All targets skipped' "$work/sanity.log"; then return 1; fi
  say "$(grep -c '^Running sanity test' "$work/sanity.log") sanity tests of $(ansible-test sanity --list-tests 2>/dev/null | wc -l)"
}
units() { (archive && staged units && unpacked && nice ansible-test units --python 3.14 --color no); }
integration() { # on devices that the `dvrip` of .venv simulates
  (archive && staged integration && unpacked && PATH=$PATH:$root/.venv/bin nice ansible-test integration --python 3.14 --color no) \
    >"$work/integration.log" 2>&1 || { grep -E '^(fatal|FATAL|Running)|"assertion"' "$work/integration.log" >&2; return 1; }
  say "$(grep -c '^Running .* integration test role' "$work/integration.log") targets"
}
runner() { released tests/ansible/test_runner.py; }
events() { released tests/ansible/test_rulebook.py; } # needs a Java of 17 or later
released() { # TESTS: on the archive, with the community's programs
  (archive && staged released && unpacked)
  DVRIP_ANSIBLE_RELEASED=$work/released DVRIP_ANSIBLE_BIN=$tools/bin DVRIP_COLLECTION_BIN=$tools/bin \
    nice "$python" -m pytest -q -rs -p no:homeassistant "$@"
}
image() { # what builds the image of the example: its definition is valid, and it would install this archive
  archive
  cp examples/site/execution-environment.yml "$work"/dist/dvrip-devices-*.tar.gz "$work"
  (
    cd "$work"
    ansible-builder create -f execution-environment.yml >/dev/null
    cd context/_build
    ansible-galaxy collection install --offline -r requirements.yml --collections-path "$work/image" >/dev/null
    ansible-builder introspect --sanitize "$work/image" >/dev/null
  )
}
old() { # a Python that ansible-core 2.18 takes and the library does not: every door says what to do
  local found made
  found=$(python_of 3.11) || { say "no Python 3.11 here: left out"; return; }
  made=$(environment "old-$(sha256sum requirements/cores/2.18.txt | cut -c 1-16)" "$found" \
    --require-hashes -r requirements/cores/2.18.txt)
  (archive && staged old && unpacked)
  printf 'plugin: dvrip.devices.fleet\ntargets: [127.0.0.1]\n' >"$work/old.dvrip.yml"
  export ANSIBLE_COLLECTIONS_PATH=$work/old
  "$made/bin/ansible" all -i 127.0.0.1, -e ansible_password=x -m dvrip.devices.device_info >"$work/module.log" 2>&1 || true
  "$made/bin/ansible-inventory" -i "$work/old.dvrip.yml" --list >"$work/inventory.log" 2>&1 || true
  for door in module inventory; do
    tr '\n' ' ' <"$work/$door.log" | grep -q 'needs Python 3.12 or later on the controller' || { cat "$work/$door.log" >&2; return 1; }
  done
}
unpacked() { tar -xzf "$(echo "$work"/dist/dvrip-devices-*.tar.gz)"; }
archive() { bash "$root/tools/dist.sh" --out "$work/dist" >/dev/null; }

lint() { # the collection, then the plays of the examples with the collection beside them
  (staged lint && cp -r "$sources/." . && judge_lint)
  cp -r "$root/examples/site" "$work/site"
  (cd "$work/site" && ANSIBLE_COLLECTIONS_PATH=$work/lint PYTHONPATH=$root/shared judge_lint --project-dir .)
}
judge_lint() { ANSIBLE_COLLECTIONS_PATH=$work/lint nice ansible-lint --nocolor --offline --profile production -q --format pep8 "$@"; }
docs() { (staged docs && cp -r "$sources/." . && antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --skip-rstcheck .); }
docsite() { # as antsibull builds one, every warning an error; without a network, so what Ansible's own pages have is a stub
  (staged docsite && cp -r "$sources/." .)
  mkdir -m 700 "$work/site" "$work/site/made"
  (
    cd "$work/site"
    export ANSIBLE_COLLECTIONS_PATH=$work/docsite PYTHONPATH=$root/shared
    antsibull-docs sphinx-init --use-current --squash-hierarchy --dest-dir . dvrip.devices >/dev/null
    nice antsibull-docs --config-file antsibull-docs.cfg collection --use-current --squash-hierarchy --fail-on-error \
      --dest-dir made dvrip.devices
    cp -r made/. rst/
    echo 'intersphinx_mapping = {}' >>conf.py
    {
      printf ':orphan:\n\n.. _action_plugins:\n.. _ansible_configuration_settings:\n.. _common_return_values:\n\nAnsible\n=======\n\n'
      printf '.. envvar:: %s\n\n' ANSIBLE_CACHE_PLUGIN{,_CONNECTION,_PREFIX,_TIMEOUT}
    } >rst/ansible.rst
    nice sphinx-build -M html rst build -c . -W --keep-going -q
    say "$(find build/html -name '*.html' | wc -l) pages"
  )
}
changelog() { (cd "$sources" && antsibull-changelog lint && antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml); }
importer() {
  archive
  printf '[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nCHECK_REQUIRED_TAGS = True\n' >"$work/importer.cfg"
  (cd "$work" && GALAXY_IMPORTER_CONFIG=$work/importer.cfg python -m galaxy_importer.main "$work"/dist/dvrip-devices-*.tar.gz)
}

plays() { on_cores tests/ansible/test_{secrets,endpoint,collection,first_night,accounts,fleet_inventory}.py; }
cores() { on_cores tests/ansible; }
on_cores() { # TESTS: on other versions of ansible-core; the tests themselves stay in the project's own Python
  local core minor found made
  for core in ${CORES:-$(cd requirements/cores && ls -- *.txt)}; do
    core=${core%.txt}
    minor=$(sed -n 's/.* on Python \([0-9.]*\)\.$/\1/p' "requirements/cores/$core.in")
    found=$(python_of "$minor") || { say "no Python $minor here: ansible-core $core is left out"; continue; }
    made=$(environment "core-$core-$(sha256sum "requirements/cores/$core.txt" | cut -c 1-16)" "$found" \
      --require-hashes -r "requirements/cores/$core.txt")
    say "$("$made/bin/ansible" --version | sed -n 1p) on Python $minor"
    DVRIP_ANSIBLE_BIN=$made/bin nice "$python" -m pytest -q -p no:homeassistant "$@"
  done
}
python_of() { # MINOR: one that runs; a version manager may have names for what it has not
  local one
  for one in "$python" "$(command -v "python$1")" "$pythons/$1".*/bin/python3 \
    "$(.venv/bin/uv python find --no-project "$1" 2>/dev/null)"; do
    if [ "$("$one" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
      echo "$one"
      return
    fi
  done
  return 1
}

[ $# -gt 0 ] || set -- changelog lint docs docsite importer image sanity tarball units integration runner events old plays cores
get_tools
for part in "$@"; do
  say "$part"
  began=$SECONDS
  # In a shell of its own: `if` and `||` would let every step but the last fail unseen.
  set +e
  (set -e; "$part")
  failed=$?
  set -e
  [ "$failed" -eq 0 ] || { say "$part failed"; exit 1; }
  say "$part is good ($((SECONDS - began)) s)"
done
