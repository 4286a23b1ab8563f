# shellcheck shell=bash
# Gets what a checkout is built with: a JDK 25 and Maven. `lamplighter` sources this file where one of them is missing.
#
#   LAMPLIGHTER_DOWNLOAD=1     download them without asking, and install no package of the system
#   LAMPLIGHTER_ADOPTIUM=URL   the address of Adoptium's API, or of a mirror
#   MVNW_REPOURL=URL           the Maven repository to download Maven from, as for the Maven wrapper
#
# A download is checked and unpacked in a folder of its own, and moved to its final name in one step. That is in
# `$downloads`, next to the data of other programs: several checkouts share it, and `git clean` does not delete it.
# (Written for bash 3.2, which macOS has.)

maven_version=3.9.16
# Stands here and not in the repository only, so that a mirror cannot provide another file.
maven_size=9278065
maven_sha512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6

has_terminal() { [ -t 0 ] && [ -t 2 ]; }

confirm() {
  local answer
  printf 'lamplighter: %s [y/N] ' "$1" >&2
  read -r answer || printf '\n' >&2
  case $answer in [yY]|[yY][eE][sS]) return 0 ;; *) return 1 ;; esac
}

# --- packages of the system -------------------------------------------------------------------------------------------
system_has() {
  case $1 in
    # Not piped into `grep -q`, which would make apt-cache fail with a broken pipe.
    apt-get) case $(LC_ALL=C apt-cache policy "$2" 2> /dev/null) in *"Candidate: (none)"*|'') return 1 ;; esac ;;
    dnf) timeout 60 dnf -q list --available "$2" > /dev/null 2>&1 ;;
    brew) HOMEBREW_NO_AUTO_UPDATE=1 brew info "$2" > /dev/null 2>&1 ;;
  esac
}

# Installs the first of the packages `$2`… that the system's package manager has: as root without a terminal, else after
# a confirmation. `$1` is what is missing. Leaves a command that was not run in `$refused`.
install_package() {
  local missing=$1 manager package found='' sudo='' command
  shift
  refused=
  for manager in apt-get dnf brew ''; do
    [ -n "$manager" ] || return 1
    command -v "$manager" > /dev/null && break
  done
  [ "$manager" = brew ] || [ "$(id -u)" = 0 ] || sudo=sudo
  # On a fresh machine apt has no package lists.
  if [ "$manager" = apt-get ] && [ -z "$sudo" ] && [ -z "$(LC_ALL=C apt-cache policy apt 2> /dev/null | grep ://)" ]; then
    say "$missing not found. Updating the package lists to look for it."
    apt-get update -q < /dev/null > /dev/null 2>&1
  fi
  for package; do
    system_has "$manager" "$package" && { found=$package; break; }
  done
  [ -n "$found" ] || return 1
  command="${sudo:+sudo }$manager install $found"
  if has_terminal; then
    confirm "$missing not found. Install it with \`$command\`?" || { refused=$command; return 1; }
  elif [ -n "$sudo" ] || [ "$manager" = brew ]; then
    refused=$command
    return 1
  fi
  say "installing $found"
  case $manager in
    apt-get)
      DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "$found" < /dev/null >&2 ||
        # Outdated lists name packages that are gone.
        { $sudo apt-get update -q < /dev/null >&2 &&
          DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "$found" < /dev/null >&2; }
      ;;
    dnf) $sudo dnf install -y -q "$found" < /dev/null >&2 ;;
    brew) brew install -q "$found" < /dev/null >&2 ;;
  esac || { say "could not install $found. See the output of $manager above."; return 1; }
  hash -r
}

# Whether to download `$2`: as asked by the environment, else after a confirmation. Ends with the command to run where
# it can't ask. `$1` is what is missing.
may_download() {
  [ "${LAMPLIGHTER_DOWNLOAD:-}" != 1 ] || return 0
  if has_terminal; then
    confirm "$1 not found. Download $2 to $(shown "$downloads")?" && return 0
  fi
  [ -z "$refused" ] || give_up 1 "$1 not found. Install it with \`$refused\`."
  give_up 1 "$1 not found. To download it, run \`LAMPLIGHTER_DOWNLOAD=1 $(shown "$root")/${script##*/} --version\`. $3"
}

# --- downloads --------------------------------------------------------------------------------------------------------
staging= child=

clean_staging() {
  trap - EXIT INT TERM HUP
  [ -z "$child" ] || kill "$child" 2> /dev/null
  [ -z "$staging" ] || rm -rf "$staging"
  staging=
}

# Makes `$staging` in the folder `$1`. It is deleted however this script ends.
stage_in() {
  [ -n "${HOME:-}${XDG_DATA_HOME:-}" ] || give_up 1 'HOME is not set.'
  mkdir -p "$1" 2> /dev/null && staging=$(mktemp -d "$1/.new.XXXXXX" 2> /dev/null) ||
    give_up 1 "cannot write to $(shown "$1")."
  trap clean_staging EXIT
  trap 'clean_staging; give_up 130 "interrupted. Nothing was installed."' INT TERM HUP
  # What a power loss left.
  find "$1" -maxdepth 1 -name '.new.*' -mtime +0 -exec rm -rf {} + 2> /dev/null
}

failed() { clean_staging; give_up 1 "could not install $1: $2. Nothing was installed.${3:+ $3}"; }

# Downloads `$1` (at most `$3` bytes) to the file `$2`, with a progress bar for an archive. Leaves the reason of a failure in `$reason`.
download() {
  local url=$1 file=$2 limit=$3 schemes=https progress=-s host status
  host=${url#*://}
  host=${host%%/*}
  host=${host##*@}
  case $url in
    *[[:space:]\"\\]*|*[[:cntrl:]]*) reason='its address is not valid'; return 1 ;;
    https://*) ;;
    http://*) schemes=http,https ;;
    *) reason='its address does not begin with https://'; return 1 ;;
  esac
  case $file in *.tar.gz) [ ! -t 2 ] || progress=-# ;; esac
  # In the background, so that a signal does not have to wait for it. The address is not an argument, because it can
  # contain a password, and other users can read arguments.
  if command -v curl > /dev/null; then
    (ulimit -f $((limit / 1024 + 1024)) && exec curl -q --config - --fail --location --proto "=$schemes" \
      --proto-redir "=$schemes" --connect-timeout 20 --speed-limit 1000 --speed-time 30 --max-time 3600 \
      --max-filesize "$limit" "$progress" --output "$file" --write-out '%{http_code}' \
      <<< "url = \"$url\"" > "$staging/code" 9>&-) &
  elif command -v wget > /dev/null; then
    (ulimit -f $((limit / 1024 + 1024)) && exec wget -q -T 30 -t 2 -i - -O "$file" <<< "$url" 9>&-) &
  else
    reason='curl or wget is needed'
    return 1
  fi
  child=$!
  wait "$child"
  status=$?
  child=
  if [ "$status" = 0 ]; then
    [ "$(wc -c < "$file")" -le "$limit" ] && return 0
    status=63
  fi
  case $status in
    4|6|7) reason="could not connect to $host" ;;
    18|5[26]) reason="the connection to $host was lost" ;;
    28) reason="$host does not respond" ;;
    5|35|51|58|60|77) reason="$host has no valid certificate" ;;
    8) reason="$host does not have it, or needs a sign-in" ;;
    22) reason="$host responded with HTTP $(cat "$staging/code")" ;;
    3|23) reason="$(shown "$downloads") is full or not writable" ;;
    63|153) reason="$host sent more data than announced" ;;
    *) reason="the download from $host failed (exit code $status)" ;;
  esac
  return 1
}

# Sets `free`, in kB, to the space that the folder `$1` has. Empty: unknown.
free_in() {
  local line
  line=$(LC_ALL=C df -Pk "$1" 2> /dev/null | tail -n 1)
  free=
  [[ $line =~ ([0-9]+)\ +[0-9]+%\  ]] && free=${BASH_REMATCH[1]}
}

# Sets `sum` to the SHA-`$1` of the file `$2`.
sum_of() {
  sum=$(if command -v "sha$1sum" > /dev/null; then "sha$1sum" "$2"; else shasum -a "$1" "$2"; fi 2> /dev/null)
  sum=${sum%% *}
}

# Downloads the archive `$2` of `$3` bytes, checks that its SHA-`$4` is `$5`, and unpacks it to `$staging/unpacked`. `$1`
# is what people call it.
download_archive() {
  local name=$1 url=$2 size=$3 archive=$staging/archive.tar.gz needed=$(($3 / 1024 * 4))
  free_in "$staging"
  [ -z "$free" ] || [ "$free" -gt "$needed" ] ||
    failed "$name" "it needs $((needed / 1024)) MB in $(shown "$downloads"), and $((free / 1024)) MB are free"
  say "downloading $name ($((size / 1000000)) MB)"
  download "$url" "$archive" "$size" || failed "$name" "$reason"
  sum_of "$4" "$archive"
  [ "$sum" = "$5" ] || failed "$name" "the download is damaged (SHA-$4 ${sum:0:12}…, published is ${5:0:12}…)" 'Try again.'
  mkdir "$staging/unpacked"
  LC_ALL=C tar -xzf "$archive" -C "$staging/unpacked" --no-same-owner 2> "$staging/error" || {
    reason='the archive could not be unpacked'
    if grep -q 'No space left' "$staging/error"; then reason="$(shown "$downloads") is full"; fi
    failed "$name" "$reason"
  }
}

# Moves the folder `$1` to its final name `$2`, where an unusable one may be.
move_to() {
  [ ! -e "$2" ] && [ ! -L "$2" ] || mv "$2" "$staging/replaced"
  mv "$1" "$2" || failed "${2##*/}" "$(shown "$2") could not be created"
  clean_staging
}

# --- a JDK 25 ---------------------------------------------------------------------------------------------------------
yourself='You can also install a JDK 25 yourself and set JAVA_HOME.'

# Sets `java_home`, or ends with a sentence.
get_jdk() {
  refused=
  if [ "${LAMPLIGHTER_DOWNLOAD:-}" != 1 ]; then
    install_package 'JDK 25' openjdk-25-jdk-headless java-25-openjdk-devel openjdk@25 temurin-25-jdk && search_jdk && return
  fi
  may_download 'JDK 25' 'Temurin 25 from Adoptium (about 150 MB)' 'Or set JAVA_HOME to a JDK 25.'
  download_jdk
}

# Sets `value` to the string or number `$1` of the flat JSON object `$2`.
member() {
  value=
  local pattern="\"$1\"[[:space:]]*:[[:space:]]*\"?([^\",}[:space:]]*)"
  [[ $2 =~ $pattern ]] && value=${BASH_REMATCH[1]//\\\//\/}
  [ -n "$value" ]
}

download_jdk() {
  local system machine answer package link checksum size name folder server=${LAMPLIGHTER_ADOPTIUM:-https://api.adoptium.net}
  case $(uname -s) in Darwin) system=mac ;; Linux) system=linux ;; *) system= ;; esac
  case $(uname -m) in x86_64|amd64) machine=x64 ;; aarch64|arm64) machine=aarch64 ;; *) machine= ;; esac
  [ -n "$system" ] && [ -n "$machine" ] ||
    give_up 1 "Adoptium has no suitable JDK for $(uname -s) on $(uname -m). $yourself"
  stage_in "$downloads/jdk"
  answer=$staging/answer.json
  download "${server%/}/v3/assets/latest/25/hotspot?architecture=$machine&image_type=jdk&os=$system&vendor=eclipse" \
    "$answer" 1000000 || failed 'JDK 25' "$reason" "$yourself"
  # The answer has the package and, for macOS, an installer with members of the same names.
  package=$(tr '\n\r\t' '   ' < "$answer")
  name=
  member release_name "$package" && name=$value
  [[ $package =~ \"package\"[[:space:]]*:[[:space:]]*\{([^}]*)\} ]] && package=${BASH_REMATCH[1]} || package=
  link= checksum= size=
  member link "$package" && link=$value
  member checksum "$package" && checksum=$value
  member size "$package" && size=$value
  # The name becomes a folder, the others arguments.
  [[ $name =~ ^jdk-25[0-9A-Za-z.+_-]*$ ]] && [[ $checksum =~ ^[0-9a-f]{64}$ ]] && [[ $size =~ ^[1-9][0-9]{0,12}$ ]] ||
    failed 'JDK 25' 'the response from Adoptium has an unknown format' "$yourself"
  case $server,$link in
    http://*,http://*|*,https://*) ;;
    *) failed 'JDK 25' 'its address does not begin with https://' "$yourself" ;;
  esac
  download_archive "Temurin ${name#jdk-}" "$link" "$size" 256 "$checksum"
  folder=$(cd "$staging/unpacked" && find . -maxdepth 1 -type d -name 'jdk-25*' -print -quit)
  folder=$staging/unpacked/${folder#./}
  java_home=$folder
  [ ! -d "$folder/Contents/Home" ] || java_home=$folder/Contents/Home
  is_jdk_25 "$java_home" || failed "Temurin ${name#jdk-}" 'the archive contains no JDK 25'
  "$java_home/bin/java" -version > /dev/null 2>&1 < /dev/null ||
    failed "Temurin ${name#jdk-}" 'it does not run on this system' "$yourself"
  java_home=$downloads/jdk/$name${java_home#"$folder"}
  move_to "$folder" "$downloads/jdk/$name"
  say "Temurin ${name#jdk-} is now in $(shown "$downloads/jdk/$name")."
}

# --- Maven ------------------------------------------------------------------------------------------------------------
# Sets `maven`, or ends with a sentence.
get_maven() {
  refused=
  if [ "${LAMPLIGHTER_DOWNLOAD:-}" != 1 ]; then
    install_package Maven maven && find_maven && return
  fi
  configured_repository
  may_download Maven "Maven $maven_version from $repository_name ($((maven_size / 1000000)) MB)" 'Or install it with your package manager.'
  download_maven
}

# Sets `value` to the text of the element `$1` in the XML `$2`.
element() {
  value=
  case $2 in *"<$1>"*"</$1>"*) value=${2#*"<$1>"}; value=${value%%"</$1>"*} ;; esac
}

# Sets `repository` to the mirror of Maven Central in the settings that Maven would read, else to Maven Central.
configured_repository() {
  local settings=${HOME:-}/.m2/settings.xml text mirror of word before=
  repository=${MVNW_REPOURL:-}
  for word in ${MAVEN_ARGS:-}; do
    case $before in -s|--settings) settings=$word ;; esac
    case $word in --settings=*) settings=${word#*=} ;; esac
    before=$word
  done
  case $settings in /*) ;; *) settings=$root/$settings ;; esac
  if [ -z "$repository" ] && [ -r "$settings" ]; then
    text=$(tr -d ' \n\r\t' < "$settings")
    while case $text in *'<!--'*'-->'*) ;; *) false ;; esac; do
      before=${text%%'<!--'*}
      text=${text#*'<!--'}
      text=$before${text#*'-->'}
    done
    while case $text in *'<mirror>'*'</mirror>'*) ;; *) false ;; esac; do
      element mirror "$text"
      mirror=$value
      text=${text#*'</mirror>'}
      element mirrorOf "$mirror"
      of=$value
      element url "$mirror"
      case ",$of," in
        *,!central,*) ;;
        # As Maven does: one for Maven Central alone comes before patterns, and else the first one counts.
        ,central,) repository=$value; break ;;
        *,central,*|*,\*,*|*,external:\*,*) repository=${repository:-$value} ;;
      esac
    done
  fi
  repository=${repository:-https://repo.maven.apache.org/maven2}
  repository=${repository%/}
  repository_name=${repository#*://}
  repository_name=${repository_name%%/*}
  repository_name=${repository_name##*@}
}

download_maven() {
  local folder
  stage_in "$downloads/maven"
  download_archive "Maven $maven_version" \
    "$repository/org/apache/maven/apache-maven/$maven_version/apache-maven-$maven_version-bin.tar.gz" \
    "$maven_size" 512 "$maven_sha512"
  folder=$staging/unpacked/apache-maven-$maven_version
  [ -x "$folder/bin/mvn" ] || failed "Maven $maven_version" 'the archive contains no Maven'
  maven=$downloads/maven/$maven_version/bin/mvn
  move_to "$folder" "$downloads/maven/$maven_version"
  say "Maven $maven_version is now in $(shown "$downloads/maven/$maven_version")."
}
