#!/usr/bin/env bash
# Build the independent programs that are not Python packages into .venv/peers; their tests skip where they are missing.
# Nothing here is an error: what cannot be built is told in a note. Needs bash and, to build, Go with a module proxy and
# Rust with its package registry.
set -uo pipefail
cd "$(dirname "$0")/.."

go2rtc_version=v1.9.14
actionlint_version=v1.7.12
dvrip_rs_version=0.1.0
# Programs that dvrip-rs brings along; they take the address, the user and the password.
dvrip_rs_programs=(config_management device_info ptz_control realtime_stream)
dvrip_rs="$dvrip_rs_version ${dvrip_rs_programs[*]}"
peers=$PWD/.venv/peers
cache=${XDG_CACHE_HOME:-~/.cache}

say() { printf 'peers: %s\n' "$@" >&2; }

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# build NAME COMMAND PACKAGE: run build_NAME when COMMAND is there, and say how it went.
build() {
  local began=$SECONDS
  command -v "$2" >/dev/null ||
    { say "note: no $2, so $1 is not built and its tests skip (Debian: $3)"; return; }
  say "building $1"
  mkdir -p "$peers"
  if "build_${1//-/_}"; then say "$1 is ready after $((SECONDS - began)) s: .venv/peers/$1"
  else say "note: $1 could not be built, so its tests skip"; fi
}

# go_build MODULE@VERSION PACKAGE TARGET: in the module's own folder, with the dependencies its go.sum names; `go install`
# would also ask the proxy for a list of all versions, which not every proxy has.
go_build() {
  local told source
  export GOPATH=$cache/dvrip/go GOCACHE=${GOCACHE:-$cache/go-build} CGO_ENABLED=0
  told=$(cd "$built" && go mod download -modcacherw -json "$1") ||
    { printf '%s\n' "$told" | grep '"Error"' >&2; return 1; }
  source=$(printf '%s\n' "$told" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  go build -C "$source" -modcacherw -trimpath -buildvcs=false -ldflags "-s -w ${4:-}" -o "$built/$3" "$2" >&2 &&
    mv "$built/$3" "$peers/$3"
}

build_go2rtc() { go_build "github.com/AlexxIT/go2rtc@$go2rtc_version" . go2rtc; }

# No peer, but got the same way: it checks the workflows.
build_actionlint() {
  go_build "github.com/rhysd/actionlint@$actionlint_version" ./cmd/actionlint actionlint \
    "-X github.com/rhysd/actionlint.version=$actionlint_version"
}

# With the dependencies that its own Cargo.lock pins and hashes.
build_dvrip_rs() {
  cargo install --quiet dvrip-rs --version "=$dvrip_rs_version" --locked --root "$built/dvrip-rs" \
    --target-dir "$built/target" --no-track "${dvrip_rs_programs[@]/#/--example=}" >&2 &&
    echo "$dvrip_rs" >"$built/dvrip-rs/built" &&
    rm -rf "$peers/dvrip-rs" && mv "$built/dvrip-rs" "$peers/dvrip-rs"
}

[[ $("$peers/go2rtc" --version 2>/dev/null) = *" version ${go2rtc_version#v}"[+\ ]* ]] || build go2rtc go golang-go
[ "$(cat "$peers/dvrip-rs/built" 2>/dev/null)" = "$dvrip_rs" ] || build dvrip-rs cargo cargo
[[ $("$peers/actionlint" --version 2>/dev/null) = "$actionlint_version"* ]] || build actionlint go golang-go
