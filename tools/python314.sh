#!/usr/bin/env bash
# Print the path of a Python 3.14 (3.14.2 or newer, the floor of Home Assistant 2026.10) that has its C headers,
# getting one first where there is none. Tried in order:
#   1. what uv already finds: PATH, earlier downloads
#   2. the private interpreter of an earlier step 4
#   3. uv's own download of a standalone build
#   4. on a Debian of any age: the interpreter of Debian testing, unpacked with the few libraries it needs into a
#      private prefix. Nothing of the system is touched, and no root is needed.
# Needs: uv and patchelf on PATH; for step 4 apt-get and dpkg-deb.
set -euo pipefail

want='>=3.14.2,<3.15'
cache=${XDG_CACHE_HOME:-~/.cache}/dvrip
prefix=$cache/python3.14-debian
private=$prefix/usr/bin/python3.14
export UV_PYTHON_INSTALL_DIR=${UV_PYTHON_INSTALL_DIR:-$cache/python}
complete='
import ctypes, lzma, pathlib, sqlite3, ssl, sysconfig, zlib
assert pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file()
'

fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }
works() { [ -x "$1" ] && "$1" -I -c "$complete" 2>/dev/null; }
find_python() {
  local found
  found=$(uv python find --no-project --system --no-python-downloads "$want" 2>/dev/null) && works "$found" && echo "$found"
}

find_python && exit
if works "$private"; then echo "$private"; exit; fi
echo "setup: no Python $want here, getting one" >&2
UV_HTTP_RETRIES=1 timeout 300 uv python install --no-bin "$want" >/dev/null 2>&1 && find_python && exit

hint="install Python 3.14 with its headers (Debian and Ubuntu: python3.14 python3.14-dev) and run this again"
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "uv could not download Python $want; $hint"
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | awk '/\/debian\/*$/ && !seen++')
[ "$archive" ] ||
  fail "uv could not download Python $want, and apt knows no Debian archive; $hint"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/lists/partial "$work"/archives/partial
: >"$work/status"
# This machine's own settings (a proxy, say) without its hooks, which clean the system's caches. A mirror may be a
# frozen one: its signatures still count, its date does not.
apt-config dump | grep -vE '^(APT::Update|DPkg)::(Pre|Post)-Invoke' >"$work/apt.conf"
cat >>"$work/apt.conf" <<CONF
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Check-Valid-Until "false";
Debug::NoLocking "true";
Dir::Cache "$work";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
CONF
export APT_CONFIG=$work/apt.conf
for suite in testing unstable; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main" >"$work/sources.list"
  if apt-get -qq update >&2 && apt-get -qq install -y --download-only python3.14 python3.14-dev >&2; then
    downloaded=$suite
    break
  fi
done
[ "${downloaded:-}" ] || fail "neither uv nor the Debian archive gave a Python $want (is there a network?); $hint"

stage=$prefix.new
rm -rf "$stage"
mkdir -p "$stage"
for deb in "$work"/archives/*.deb; do dpkg-deb -x "$deb" "$stage"; done
rm -rf "$prefix"
mv "$stage" "$prefix"
lib=$(echo "$prefix"/usr/lib/*-linux-gnu*)
multiarch=$(basename "$lib")
loader=$(find "$lib" -maxdepth 1 -name 'ld-linux*.so.?' | head -n 1)
# DT_RPATH, not RUNPATH: it also serves the libraries that extension modules load.
patchelf --set-interpreter "$loader" --force-rpath \
         --set-rpath "$lib:/lib/$multiarch:/usr/lib/$multiarch" "$private"
works "$private" || fail "the Python unpacked from Debian $downloaded does not start; $hint"
echo "$private"
