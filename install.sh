#!/bin/sh
# Installs the Fairlead agent on this host, or removes it.
#
#   curl -fsSL http://SERVER:8080/install.sh | FAIRLEAD_TOKEN=... sh -s -- --server SERVER:8443 --ca-sha256 HEX
#
# The token comes in the environment, never in an argument: arguments are in the process list. Everything that the agent
# trusts hangs on --ca-sha256. Running it again updates the agent and keeps its identity and settings.
set -eu

# The server that hands this file out writes its own address here.
default_url='@FAIRLEAD_URL@'

server='' ca='' url='' prefix='' action=install dry_run=no purge=no enroll_again=no foreground=no

usage() {
  cat <<'USAGE'
Usage: install.sh --server HOST:PORT --ca-sha256 HEX [options]     (token in FAIRLEAD_TOKEN or --token-file)
       install.sh --uninstall [--purge]

  --server HOST:PORT   where the agent connects to
  --ca-sha256 HEX      SHA-256 of the server's CA, 64 hexadecimal digits
  --url URL            where to download from (default: the server that gave this file)
  --token-file FILE    read the enrolment token from FILE instead of FAIRLEAD_TOKEN
  --enroll-again       get a new identity although there is one
  --foreground         do not install a service: run in this terminal
  --prefix DIR         install below DIR instead of / (for images and tests; implies no service)
  --uninstall          stop and remove the agent; --purge removes its identity, spool and settings too
  --dry-run            say what would be done, change nothing
  --help               this text
USAGE
}

say() { printf '%s\n' "fairlead: $*"; }
fail() {
  printf '%s\n' "fairlead: $*" >&2
  exit 1
}
wrong() {
  printf '%s\n' "fairlead: $*" >&2
  exit 2
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command, or only says it.
run() {
  if [ "$dry_run" = yes ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

# Writes standard input to a file (mode, path) in one step.
put() {
  if [ "$dry_run" = yes ]; then
    say "would write: $2 (mode $1)"
    cat >/dev/null
    return
  fi
  mkdir -p "$(dirname "$2")"
  (umask 077 && cat >"$2.new")
  chmod "$1" "$2.new"
  mv -f "$2.new" "$2"
}

need_value() {
  if [ $# -lt 2 ] || [ -z "$2" ]; then wrong "$1 needs a value; see --help"; fi
}

token_file=''
while [ $# -gt 0 ]; do
  case $1 in
    --server) need_value "$@" && server=$2 && shift 2 ;;
    --ca-sha256) need_value "$@" && ca=$2 && shift 2 ;;
    --url) need_value "$@" && url=$2 && shift 2 ;;
    --token-file) need_value "$@" && token_file=$2 && shift 2 ;;
    --prefix) need_value "$@" && prefix=$2 && shift 2 ;;
    --enroll-again) enroll_again=yes && shift ;;
    --foreground) foreground=yes && shift ;;
    --uninstall) action=uninstall && shift ;;
    --purge) purge=yes && shift ;;
    --dry-run) dry_run=yes && shift ;;
    --help | -h) usage && exit 0 ;;
    --token | --token=*) wrong "--token: a token in an argument shows in the process list; set FAIRLEAD_TOKEN or use --token-file" ;;
    *) wrong "unknown option $1; see --help" ;;
  esac
done

case $prefix in
  '') ;;
  *[!A-Za-z0-9._/+-]*) wrong "--prefix $prefix: must have no other characters than letters, digits and . _ / + -" ;;
  /*) prefix=${prefix%/} ;;
  *) wrong "--prefix $prefix: must be an absolute path" ;;
esac

binary="$prefix/usr/local/bin/fairlead-agent"
config="$prefix/etc/fairlead-agent.yaml"
state="$prefix/var/lib/fairlead-agent"
unit="$prefix/etc/systemd/system/fairlead-agent.service"
rc="$prefix/etc/init.d/fairlead-agent"

detect_init() {
  if [ -n "$prefix" ] || [ "$foreground" = yes ]; then
    echo none
  elif [ -d /run/systemd/system ] && have systemctl; then
    echo systemd
  elif have rc-service && { [ -d /run/openrc ] || [ -e /run/openrc/softlevel ]; }; then
    echo openrc
  else
    echo none
  fi
}

need_root() {
  [ -n "$prefix" ] || [ "$dry_run" = yes ] || [ "$(id -u)" = 0 ] ||
    fail "must run as root to install a service: put sudo before sh (sudo -E keeps FAIRLEAD_TOKEN)"
}

uninstall() {
  need_root
  case $(detect_init) in
    systemd)
      if [ -e "$unit" ]; then
        run systemctl disable --now fairlead-agent.service || say "the service could not be stopped: going on"
      fi
      ;;
    openrc)
      if [ -e "$rc" ]; then
        run rc-service fairlead-agent stop || true
        run rc-update del fairlead-agent default || true
      fi
      ;;
    none) say "no service manager found: end a running fairlead-agent yourself" ;;
  esac
  run rm -f "$unit" "$rc" "$binary"
  if [ "$(detect_init)" = systemd ]; then run systemctl daemon-reload; fi
  if [ "$purge" = yes ]; then
    run rm -rf "$state" "$config"
    say "removed, with its identity and settings"
  else
    say "removed; $state and $config are kept (--purge removes them too)"
  fi
}

detect_arch() {
  [ "$(uname -s)" = Linux ] || fail "this is $(uname -s): the agent runs on Linux"
  case $(uname -m) in
    x86_64 | amd64) echo x64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) fail "$(uname -m) is not supported: there are agents for x86_64 and aarch64" ;;
  esac
}

# The agent needs glibc 2.28 or later.
check_libc() {
  [ -z "$(find /lib /usr/lib -maxdepth 1 -name 'ld-musl-*' 2>/dev/null)" ] || [ -n "$(find /lib /lib64 /usr/lib /usr/lib64 -maxdepth 2 -name 'ld-linux*' 2>/dev/null)" ] ||
    fail "this system uses musl: the agent needs glibc 2.28 or later (on Alpine run it in a glibc container)"
  if have getconf; then
    libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/[^0-9.]//g') || libc=''
    case $libc in
      2.[0-9] | 2.[0-9].* | 2.1[0-9] | 2.1[0-9].* | 2.2[0-7] | 2.2[0-7].*) fail "glibc $libc is too old: the agent needs 2.28 or later" ;;
    esac
  fi
}

fetch() {
  if have curl; then
    # A third of the size, where this curl can unpack.
    packed=''
    if curl --version | grep -q libz; then packed='--compressed'; fi
    curl -fsSL ${packed:+"$packed"} --retry 3 --connect-timeout 10 -o "$2" "$1"
  elif have wget; then
    wget -q -T 30 -O "$2" "$1"
  else
    fail "neither curl nor wget is here: install one of them"
  fi
}

sha256_of() {
  if have sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif have shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif have openssl; then
    openssl dgst -sha256 "$1" | sed 's/.* //'
  else
    fail "no sha256sum, shasum or openssl to check the download with: install coreutils"
  fi
}

download() {
  arch=$1
  file="fairlead-agent-linux-$arch"
  if [ "$dry_run" = yes ]; then
    say "would download: $url/download/agent/linux-$arch and check its SHA-256"
    say "would install: $binary"
    return
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  fetch "$url/download/agent/linux-$arch.sha256" "$work/sha256" || fail "could not download $url/download/agent/linux-$arch.sha256: is the address right and reachable from here?"
  wanted=$(cut -d ' ' -f 1 "$work/sha256")
  if [ -x "$binary" ] && [ "$(sha256_of "$binary")" = "$wanted" ]; then
    say "the agent is up to date"
    return
  fi
  say "downloading $file"
  fetch "$url/download/agent/linux-$arch" "$work/$file" || fail "could not download $url/download/agent/linux-$arch"
  got=$(sha256_of "$work/$file")
  [ "$got" = "$wanted" ] || fail "the download is damaged or was tampered with: SHA-256 is $got, must be $wanted"
  chmod 755 "$work/$file"
  "$work/$file" version >/dev/null || fail "the agent does not start on this system: run $file version to see why"
  mkdir -p "$(dirname "$binary")"
  cp "$work/$file" "$binary.new"
  chmod 755 "$binary.new"
  mv -f "$binary.new" "$binary"
}

write_config() {
  if [ -e "$config" ]; then
    if [ "$dry_run" = yes ]; then
      say "would set server and caSha256 in $config"
    else
      grep -v -e '^server:' -e '^caSha256:' "$config" | { printf 'server: "%s"\ncaSha256: "%s"\n' "$server" "$ca" && cat; } | put 600 "$config"
    fi
    return
  fi
  put 600 "$config" <<CONFIG
server: "$server"
caSha256: "$ca"
stateDir: "$state"
# What the server may ask of this host. Take away what it may not, or set readOnly: true. Left out, for you to add, is what
# removes for good: container.kill, container.remove, image.remove, runtime.prune, backup.delete.
allow:
  [agent.ping, host.refresh, container.start, container.stop, container.restart, container.pause, container.unpause,
   container.update, project.update, container.rollback, container.backup, container.restore, backup.verify,
   image.pull, drive.selftest, drive.acknowledge, pool.scrub, database.configure]
readOnly: false
CONFIG
}

enroll() {
  if [ -e "$state/cert.pem" ] && [ "$enroll_again" = no ]; then
    say "this host is enrolled already (--enroll-again gets a new identity)"
    return
  fi
  if [ -n "$token_file" ]; then
    [ -r "$token_file" ] || fail "--token-file $token_file: can't be read"
    FAIRLEAD_TOKEN=$(cat "$token_file")
  fi
  [ "$dry_run" = yes ] || [ -n "${FAIRLEAD_TOKEN:-}" ] ||
    fail "no enrolment token: set FAIRLEAD_TOKEN (in the page: Add a server), or use --token-file"
  export FAIRLEAD_TOKEN="${FAIRLEAD_TOKEN:-}"
  if [ "$enroll_again" = yes ]; then
    run "$binary" --config "$config" enroll --force
  else
    run "$binary" --config "$config" enroll
  fi
}

write_unit() {
  put 644 "$unit" <<UNIT
[Unit]
Description=Fairlead agent
Documentation=https://github.com/fairlead/fairlead
Wants=network-online.target
After=network-online.target docker.service

[Service]
ExecStart=$binary run
Restart=always
RestartSec=5
Environment=MALLOC_ARENA_MAX=1
# Root, since drives, Docker and other users' processes are closed to anyone else; what is not needed is taken away. All of
# it holds for the tools that the agent runs (smartctl, zpool, lvm, btrfs, storcli) and for its probes of databases.
NoNewPrivileges=yes
# Everything is read-only but the agent's own folder, /dev, /proc and /sys: files are read, sockets and device nodes still
# work. lvm, which can't lock in /run here, is told to read without a lock. A scrub of btrfs writes to /var/lib/btrfs: it is
# started by systemd-run, as a service of its own.
ProtectSystem=strict
ReadWritePaths=$state
StateDirectory=fairlead-agent
StateDirectoryMode=0700
# Read-only, not hidden: passwordFile may lie there, and containers mount from there.
ProtectHome=read-only
# No PrivateTmp: sockets of databases lie in /tmp. No PrivateDevices, no DeviceAllow: smartctl opens /dev/sd*, /dev/nvme*,
# /dev/sg*, /dev/bus/* and controllers' nodes, zpool /dev/zfs, lvm /dev/mapper/control and the disks themselves.
# No ProtectProc: databases are found by their processes.
# The modules of what is here are loaded; smartctl and zpool load none.
ProtectKernelModules=yes
# /sys and /proc/sys are read-only, /proc/spl and /proc/mdstat are read. A check of an md array writes to its sync_action:
# it goes through systemd-run too.
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectHostname=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
# The agent has no compiler in it (node --jitless). A RAID tool that needs writable code does not start from here.
MemoryDenyWriteExecute=yes
# Nor do tools of 32 bits (old MegaCli, hpacucli): take MegaCli64, storcli, ssacli.
SystemCallArchitectures=native
# UNIX: Docker, databases, udev, systemd-run. INET, INET6: the server, databases. NETLINK: addresses of the host, udev
# events of lvm.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
# DAC_OVERRIDE: sockets of other users, device nodes. DAC_READ_SEARCH: folders of databases and volumes, for their disks.
# SYS_PTRACE: /proc/PID/fd, exe and root of other users, by which databases are found and reached in containers.
# SYS_RAWIO: ATA and SCSI commands to drives. SYS_ADMIN: NVMe commands, RAID controllers, zpool, device mapper, btrfs.
# KILL: tools that changed their user.
CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_SYS_PTRACE CAP_SYS_RAWIO CAP_SYS_ADMIN CAP_KILL
UMask=0077
MemoryHigh=384M
MemoryMax=512M
# A tool that hangs in the kernel stays, one for each drive at most.
TasksMax=256
Nice=5
OOMScoreAdjust=200

[Install]
WantedBy=multi-user.target
UNIT
}

write_rc() {
  put 755 "$rc" <<RC
#!/sbin/openrc-run
name="fairlead-agent"
description="Fairlead agent"
supervisor=supervise-daemon
command="$binary"
command_args="run"
respawn_delay=5
respawn_max=0
depend() {
  need net
  after docker
}
RC
}

install_agent() {
  [ -n "$url" ] || url=$default_url
  case $url in
    *[!A-Za-z0-9.:/_~%\[\]-]*) wrong "--url $url: must be an address without other characters than letters, digits and . : / _ ~ % -" ;;
    http://?* | https://?*) url=${url%/} ;;
    *) wrong "--url ${url:-(empty)}: must be the address of the server's page, such as http://fairlead.example:8080" ;;
  esac
  case $server in
    '') wrong "--server is missing: HOST:PORT that the agent connects to" ;;
    *[!A-Za-z0-9.:_\[\]-]*) wrong "--server $server: must be HOST:PORT" ;;
    [A-Za-z0-9[]*:[0-9]*) ;;
    *) wrong "--server $server: must be HOST:PORT, such as fairlead.example:8443" ;;
  esac
  port=${server##*:}
  case $port in
    *[!0-9]* | ??????*) wrong "--server $server: the port must be 1 to 65535" ;;
  esac
  if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then wrong "--server $server: the port must be 1 to 65535"; fi
  case ${server%:*} in
    \[*:*\]) ;;
    *[][:]*) wrong "--server $server: must be HOST:PORT; an IPv6 address stands in brackets: [2001:db8::1]:8443" ;;
  esac
  case $ca in
    '') wrong "--ca-sha256 is missing: without it the agent can't know its server" ;;
    *[!0-9a-fA-F]*) wrong "--ca-sha256 $ca: must be 64 hexadecimal digits" ;;
  esac
  [ ${#ca} = 64 ] || wrong "--ca-sha256 $ca: must be 64 hexadecimal digits, has ${#ca}"
  need_root
  arch=$(detect_arch)
  check_libc
  init=$(detect_init)
  download "$arch"
  write_config
  run mkdir -p "$state"
  run chmod 700 "$state"
  enroll
  case $init in
    systemd)
      write_unit
      run systemctl daemon-reload
      run systemctl enable fairlead-agent.service
      run systemctl restart fairlead-agent.service
      run "$binary" status --wait 30
      say "installed as a systemd service; fairlead-agent status and fairlead-agent doctor tell more"
      ;;
    openrc)
      write_rc
      run rc-update add fairlead-agent default
      run rc-service fairlead-agent restart
      run "$binary" status --wait 30
      say "installed as an OpenRC service; fairlead-agent status and fairlead-agent doctor tell more"
      ;;
    none)
      if [ -n "$prefix" ]; then
        say "installed below $prefix; start it with: $binary --config $config run"
        return
      fi
      say "no systemd or OpenRC here: running in the foreground; let your own supervisor start '$binary run'"
      if [ "$dry_run" = yes ]; then return; fi
      rm -rf "${work:-/nonexistent}"
      exec "$binary" run
      ;;
  esac
}

case $action in
  install) install_agent ;;
  uninstall) uninstall ;;
esac
