#!/usr/bin/env bash
# Make .venv: Python 3.14 with everything of requirements/ and this project, editable. A second run only looks at a
# stamp. Writes into the checkout and the user's cache, nowhere else.
# Needs bash, python3 with pip, and the few system packages it asks for by name.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=$PWD/.venv
stamp=$venv/.ready
cache=${XDG_CACHE_HOME:-~/.cache}
own=$cache/dvrip

say() { printf 'setup: %s\n' "$@" >&2; }
fingerprint() {
  {
    echo "$PWD"
    cat requirements/{bootstrap,build,dev,peer-*}.txt tools/setup.sh tools/python314.sh
    sed '/^\[tool\.ruff\]/,$d' pyproject.toml
  } | sha256sum | cut -d ' ' -f 1
}
wanted=$(fingerprint)
is_ready() { [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && "$venv/bin/python" -I -c '' 2>/dev/null; }

is_ready && exit

check_system() {
  local packages=() missing=()
  need() { packages+=("$1"); missing+=("$2"); }
  command -v python3 >/dev/null || need python3 "python3"
  python3 -m pip --version >/dev/null 2>&1 || need python3-pip "pip for python3"
  command -v c++ >/dev/null || command -v g++ >/dev/null || need g++ "a C++ compiler (two of Home Assistant's wheels are built here)"
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e "${SSL_CERT_FILE:-/etc/pki/tls/cert.pem}" ] ||
    need ca-certificates "CA certificates"
  # Home Assistant loads it by name to scale stills.
  [[ $(/sbin/ldconfig -p) = *libturbojpeg.so.0* ]] || need libturbojpeg0 "libturbojpeg"
  command -v chromium >/dev/null || say "note: no chromium, so no screenshots and no browser tests (Debian: chromium fonts-dejavu-core)"
  [ ${#packages[@]} -gt 0 ] || return 0
  say "missing on this machine:" "${missing[@]/#/  - }"
  if command -v apt-get >/dev/null; then
    say "install with:" "  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
  else
    say "Debian's names for them: ${packages[*]}"
  fi
  exit 1
}

get_uv() {
  local tools
  tools=$own/bootstrap-$(sha256sum requirements/bootstrap.txt | cut -c 1-16)
  export PATH=$tools/bin:$PATH
  [ -x "$tools/bin/uv" ] && return
  say "getting uv"
  rm -rf "$tools" "$tools.new"
  mkdir -p "$own"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --target "$tools.new" -r requirements/bootstrap.txt ||
    { say "pip could not get uv: is there a network, or a package index in pip's configuration?"; exit 1; }
  mv "$tools.new" "$tools"
}

# The cache first: with everything in it, no network is asked for anything.
install() { uv pip "$1" --offline --quiet "${@:2}" 2>/dev/null || uv pip "$1" --quiet "${@:2}"; }

# Debian splits pyconfig.h off into a multiarch folder that a compiler finds only under /usr/include. Of a Python
# unpacked elsewhere, show it that one folder and not the C library's headers beside it.
multiarch_headers() {
  "$venv/bin/python" -I - "$venv/multiarch" <<'PY'
import pathlib, sys, sysconfig

include = pathlib.Path(sysconfig.get_path("include")).resolve()
multiarch = sysconfig.get_config_var("MULTIARCH") or ""
split = include.parent / multiarch / include.name
if split != include and (split / "pyconfig.h").is_file():
    shown = pathlib.Path(sys.argv[1]) / multiarch / include.name
    shown.parent.mkdir(parents=True, exist_ok=True)
    shown.unlink(missing_ok=True)
    shown.symlink_to(split)
    print(sys.argv[1])
PY
}

build() {
  local python headers peers peer
  python=$(bash tools/python314.sh)
  say "using $("$python" -V)"
  if [ -e "$stamp" ] && [ "$(readlink -f "$venv/bin/python")" = "$(readlink -f "$python")" ]; then
    rm "$stamp" # a complete environment of other requirements: bring it up to date
  else
    uv venv --quiet --clear --no-project --python "$python" "$venv"
  fi
  export VIRTUAL_ENV=$venv
  headers=$(multiarch_headers)
  [ -z "$headers" ] || export CPATH=$headers${CPATH:+:$CPATH}

  say "installing the pinned packages"
  install sync --require-hashes --build-constraints requirements/build.txt requirements/dev.txt
  install install --no-deps --no-build-isolation --editable .
  for peer in requirements/peer-*.txt; do
    peers=$venv/peers/$(basename "$peer" .txt | sed 's/^peer-//')
    rm -rf "$peers"
    install install --target "$peers" --require-hashes --build-constraints requirements/build.txt -r "$peer"
  done
  echo "$wanted" >"$stamp"
  say "ready after $SECONDS s: .venv"
}

unset PYTHONHOME PYTHONPATH
export UV_CACHE_DIR=${UV_CACHE_DIR:-$cache/uv}
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1} # what the administrator trusts, as pip does here

check_system
exec 9>"$venv.lock"
flock 9
is_ready && exit
get_uv
build
