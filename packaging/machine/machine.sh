# shellcheck shell=bash
# A Debian machine with a user, booted in a container with systemd-nspawn: systemd with the user's service manager, a
# logind session, Xvfb and Xfce. Sourced by packaging/walk; see docs/dev/test-coverage.md.
#
#   LAMPLIGHTER_WALK_ROOT=FOLDER   use this root file system (it stays as it is) instead of building one
#
# The packages of the root are made once with debootstrap and apt, and kept in the cache; each run is on an overlay. The
# machine shares the network of its host, so that it reaches the package registries without a change to the host.

release=trixie user=ada
packages=(
  systemd systemd-sysv dbus dbus-user-session libpam-systemd ca-certificates procps less curl git
  python3 python3-venv python3-pip npm
  xvfb x11-utils xdotool imagemagick xfce4-panel xfce4-session xfwm4 xfce4-settings xfce4-notifyd xfconf
  adwaita-icon-theme hicolor-icon-theme librsvg2-common fonts-dejavu-core libnotify-bin libglib2.0-bin desktop-file-utils)
machine_files=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
machine_state=

# What is missing to run a machine here, as a sentence; nothing if nothing is missing.
machine_needs() {
  local missing=() need
  [ "$(id -u)" = 0 ] || { printf 'The walk needs root, to boot a container.'; return; }
  for need in systemd-nspawn:systemd-container debootstrap:debootstrap nsenter:util-linux openssl:openssl curl:curl; do
    command -v "${need%%:*}" > /dev/null || missing+=("${need#*:}")
  done
  [ "${#missing[@]}" = 0 ] || printf 'The walk needs %s. Install them: apt-get install %s' "${missing[*]}" "${missing[*]}"
}

# --- root file system --------------------------------------------------------------------------------------------------

# The first mirror in this machine's apt configuration that is (`security`) or is not (`main`) for security updates.
mirror() {
  {
    cat /etc/apt/sources.list.d/*.sources 2> /dev/null | awk '$1 == "URIs:" { for (i = 2; i <= NF; i++) print $i }'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null | sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p'
  } | case $1 in security) grep security ;; *) grep debian | grep -v security ;; esac | head -1
}

# Runs a command in the root that is being built.
in_root() {
  local root=$1
  shift
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    root=$1; shift
    mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev" || exit 1
    exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' \
    _ "$root" "$@"
}

# Sets `machine_root`, and builds it if it is not in the cache.
machine_prepare() {
  local key cache=${XDG_CACHE_HOME:-$HOME/.cache}/lamplighter-tests new main security keyring
  machine_root=${LAMPLIGHTER_WALK_ROOT:-}
  [ -z "$machine_root" ] || return 0
  key=$(printf '%s\n' "$release" "${packages[@]}" | cat - /usr/local/share/ca-certificates/*.crt 2> /dev/null | sha256sum | cut -c1-12)
  machine_root=$cache/machine-$release-$key
  [ ! -d "$machine_root" ] || return 0
  new=$machine_root.new main=$(mirror main) security=$(mirror security)
  rm -rf "$new"
  mkdir -p "$new"
  debootstrap --variant=minbase --include=ca-certificates "$release" "$new" "${main:-https://deb.debian.org/debian}" || return 1
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  : > "$new/etc/apt/sources.list"
  printf 'Types: deb\nURIs: %s\nSuites: %s %s-updates\nComponents: main\nSigned-By: %s\n\nTypes: deb\nURIs: %s\nSuites: %s-security\nComponents: main\nSigned-By: %s\n' \
    "${main:-https://deb.debian.org/debian}" "$release" "$release" "$keyring" "${security:-https://deb.debian.org/debian-security}" "$release" "$keyring" \
    > "$new/etc/apt/sources.list.d/debian.sources"
  cp -L /etc/resolv.conf "$new/etc/resolv.conf"
  # Certificates that this machine trusts in addition, for example those of a proxy.
  if compgen -G '/usr/local/share/ca-certificates/*.crt' > /dev/null; then
    mkdir -p "$new/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$new/usr/local/share/ca-certificates/"
    in_root "$new" update-ca-certificates || return 1
  fi
  printf '#!/bin/sh\nexit 101\n' > "$new/usr/sbin/policy-rc.d"
  chmod +x "$new/usr/sbin/policy-rc.d"
  { in_root "$new" apt-get update -q && in_root "$new" apt-get install -y -q --no-install-recommends "${packages[@]}"; } || return 1
  rm "$new/usr/sbin/policy-rc.d"
  : > "$new/etc/machine-id"
  mv "$new" "$machine_root"
  # Roots of earlier package lists.
  find "$cache" -mindepth 1 -maxdepth 1 -name "machine-$release-*" ! -path "$machine_root" -exec rm -rf {} +
}

# --- boot and end ------------------------------------------------------------------------------------------------------

unified() { awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts; }
named() { awk '$3 == "cgroup" && $4 ~ /name=systemd/ { print $2; exit }' /proc/mounts; }

# Boots the machine on an overlay. `$1` is a folder that it sees as /packages.
machine_boot() {
  local offered=$1 merged flags=() group tree
  machine_state=$(mktemp -d "${TMPDIR:-/var/tmp}/lamplighter-walk.XXXXXX") || return 1
  mkdir "$machine_state"/{upper,work,root}
  merged=$machine_state/root
  systemctl is-system-running > /dev/null 2>&1 || busctl --system status > /dev/null 2>&1 || flags=(--register=no --keep-unit)
  (
    # A group of its own, so that the processes of the machine are below one that can be removed afterwards.
    if [ "${#flags[@]}" -gt 0 ]; then
      for tree in "$(unified)" "$(named)"; do
        group=$tree/${machine_state##*/}
        [ -z "$tree" ] || { mkdir -p "$group" && echo "$BASHPID" > "$group/cgroup.procs"; }
      done
    fi
    export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
    # The overlay is in a mount namespace of its own: it is gone with the last process.
    exec setsid unshare --mount --propagation private bash -c '
      state=$1 lower=$2 files=$3 user=$4; shift 4
      root=$state/root
      mount -t overlay overlay -o "lowerdir=$lower,upperdir=$state/upper,workdir=$state/work" "$root" || exit 1
      echo lamp > "$root/etc/hostname"; printf "127.0.0.1 localhost\n127.0.1.1 lamp\n" > "$root/etc/hosts"
      echo LANG=C.UTF-8 > "$root/etc/default/locale"
      cp -L /etc/resolv.conf "$root/etc/resolv.conf"
      install -m 755 "$files/desktop" "$root/usr/local/bin/desktop"
      install -m 644 "$files/desktop@.service" "$root/etc/systemd/system/"
      # Jobs of the system that would get in the way.
      for unit in apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service NetworkManager.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
      done
      chroot "$root" id "$user" > /dev/null 2>&1 || chroot "$root" useradd --create-home --shell /bin/bash "$user" || exit 1
      mkdir -p "$root/var/lib/systemd/linger"; : > "$root/var/lib/systemd/linger/$user"
      panel=$root/home/$user/.config/xfce4/xfconf/xfce-perchannel-xml
      mkdir -p "$panel"; cp "$files/xfce4-panel.xml" "$panel/"
      chroot "$root" chown -R "$user:" "/home/$user"
      while :; do
        systemd-nspawn --quiet --boot --machine=lamp -D "$root" "$@" & echo $! > "$state/pid.new"; mv "$state/pid.new" "$state/pid"
        wait $!; status=$?
        # A reboot of the machine ends nspawn with 133 if no service manager runs it.
        [ "$status" = 133 ] || exit "$status"
      done' _ "$machine_state" "$machine_root" "$machine_files" "$user" "--bind-ro=$offered:/packages" ${flags[@]+"${flags[@]}"}
  ) < /dev/null > "$machine_state/console" 2>&1 &
  machine_shell=$!
  machine_wait || { tail -20 "$machine_state/console"; return 1; }
}

# Waits until the machine is up.
machine_wait() {
  local status
  for _ in {1..240}; do
    kill -0 "$machine_shell" 2> /dev/null || return 1
    status=$(as_root systemctl is-system-running 2> /dev/null)
    case $status in running|degraded) return 0 ;; esac
    sleep 0.25
  done
  return 1
}

# Prints the process that is number 1 in the machine; another one after each reboot.
leader() {
  local child pid
  pid=$(cat "$machine_state/pid" 2> /dev/null) || return 1
  for child in $(pgrep -P "$pid"); do
    [ "$(awk '$1 == "NSpid:" { print NF - 1, $NF }' "/proc/$child/status" 2> /dev/null)" != '2 1' ] || { echo "$child"; return 0; }
  done
  return 1
}

# Runs a command as root in the machine. logind only answers a caller whose control group is in the machine.
as_root() {
  local pid
  pid=$(leader) || { echo 'The machine is not running.' >&2; return 1; }
  (
    echo "$BASHPID" > "$(unified)$(awk -F: '$1 == "0" { print $3 }' "/proc/$pid/cgroup")/cgroup.procs"
    [ -z "$(named)" ] || echo "$BASHPID" > "$(named)$(awk -F: '$2 == "name=systemd" { print $3 }' "/proc/$pid/cgroup")/cgroup.procs"
    exec nsenter -t "$pid" -a -- /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"
  )
}

# Runs a line of shell as the user, in a login shell of the desktop.
as_user() { as_root su - "$user" -c "export DISPLAY=:8713 XDG_CURRENT_DESKTOP=XFCE; $*"; }

machine_reboot() {
  local before
  before=$(leader) || return 1
  as_root systemctl reboot
  for _ in {1..240}; do kill -0 "$before" 2> /dev/null || break; sleep 0.25; done
  machine_wait
}

# Ends the machine with all its processes, and removes its overlay.
machine_end() {
  local tree pid
  [ -n "$machine_state" ] || return 0
  pid=$(cat "$machine_state/pid" 2> /dev/null)
  if [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null; then
    # nspawn asks the machine to power off.
    kill -TERM "$pid"
    for _ in {1..80}; do kill -0 "$pid" 2> /dev/null || break; sleep 0.25; done
    ! kill -0 "$pid" 2> /dev/null || { pid=$(leader) && kill -KILL "$pid"; }
  fi
  wait "$machine_shell" 2> /dev/null
  for tree in "$(unified)" "$(named)"; do
    [ -z "$tree" ] || [ ! -d "$tree/${machine_state##*/}" ] || find "$tree/${machine_state##*/}" -depth -type d -exec rmdir {} + 2> /dev/null
  done
  rm -rf "$machine_state"
  machine_state=
}
