#!/bin/sh
# Makes root folders with the Docker engines of later Debian releases, for tests: scripts/engines.sh [trixie] [forky]
# They are kept in $FAIRLEAD_ENGINES, by default ~/.cache/fairlead/engines, half a gigabyte each.
set -eu
cache=${FAIRLEAD_ENGINES:-${XDG_CACHE_HOME:-$HOME/.cache}/fairlead/engines}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
packages=docker.io,iptables,ca-certificates,docker-compose,podman,crun
[ $# -gt 0 ] || set -- trixie forky
mkdir -p "$cache"
for release in "$@"; do
  [ -x "$cache/$release/usr/sbin/dockerd" ] && continue
  half=$cache/.$release.$$
  # Older debootstraps do not know newer releases, which are made the same way as sid.
  recipe=/usr/share/debootstrap/scripts/$release
  [ -e "$recipe" ] || recipe=/usr/share/debootstrap/scripts/sid
  debootstrap --variant=minbase --include="$packages" "$release" "$half" "$mirror" "$recipe" >"$half.log" 2>&1 || {
    tail -n 20 "$half.log" >&2
    rm -rf "$half" "$half.log"
    exit 1
  }
  rm -rf "$half.log" "$half/var/cache/apt/archives" "$half/var/lib/apt/lists"
  mv "$half" "$cache/$release"
done
