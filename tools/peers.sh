#!/usr/bin/env bash
# Build the independent programs that are not Python packages into .venv/peers; their tests skip where they are missing.
# Nothing here is an error: what cannot be built is told in a note. Needs bash and, to build, Go and a module proxy.
set -uo pipefail
cd "$(dirname "$0")/.."

version=v1.9.14
peers=$PWD/.venv/peers
binary=$peers/go2rtc
cache=${XDG_CACHE_HOME:-~/.cache}

say() { printf 'peers: %s\n' "$@" >&2; }

is_built() { [[ $("$binary" --version 2>/dev/null) = *" version ${version#v}"[+\ ]* ]]; }

is_built && exit
command -v go >/dev/null || { say "note: no go, so go2rtc is not built and its tests skip (Debian: golang-go)"; exit; }

export GOPATH=$cache/dvrip/go GOCACHE=${GOCACHE:-$cache/go-build} CGO_ENABLED=0
say "building go2rtc $version"
mkdir -p "$peers"
built=$(mktemp -d "$peers/go2rtc.XXXXXX")
trap 'rm -rf "$built"' EXIT

# In the module's own folder, with the dependencies its go.sum names; `go install` would also ask the proxy for a list
# of all versions, which not every proxy has.
build() {
  local told source
  told=$(cd "$built" && go mod download -modcacherw -json "github.com/AlexxIT/go2rtc@$version") ||
    { printf '%s\n' "$told" | grep '"Error"' >&2; return 1; }
  source=$(printf '%s\n' "$told" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  go build -C "$source" -modcacherw -trimpath -buildvcs=false -ldflags "-s -w" -o "$built/go2rtc" . >&2
}

if build; then
  mv "$built/go2rtc" "$binary"
  say "go2rtc is ready after $SECONDS s: .venv/peers/go2rtc"
else
  say "note: go2rtc $version could not be built, so its tests skip"
fi
