# shellcheck shell=bash
# What the launchers of a checkout and of an installed program share: choosing the front end, its JVM options and its
# AOT cache, and starting Java. Sourced by both. (Written for bash 3.2, which macOS has.)
#
# Input: `caches`, the folder of the AOT caches; `module_path`, the folder of the JARs (empty if the Java runtime contains
# the modules) and `window_path`, the folder of those that only the window needs.

main=io.github.lamplighter/io.github.lamplighter.app.Main

# Sets `options` to the JVM options of a front end: commands and the window compile little, the tray process uses little
# memory.
options_of() {
  local front_end=$1 path=$module_path internals
  # A cache that no longer matches is ignored without an error message.
  # No relocation of the archive: randomizing its address costs 10 % of a start, and dirties its pages: 5 to 9 MB of
  # the tray process.
  options=(-Xlog:disable -Xlog:all=error:stderr '-Xlog:aot*=off,cds*=off:stderr' -XX:+UseSerialGC
    -XX:+UseCompactObjectHeaders -XX:-UsePerfData -XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0)
  case $front_end in
    cli)
      # Native access: Java has no method for swapping two folders.
      # Higher compile threshold: 40 % of a run was spent on compiling, mostly methods that are called too rarely.
      # No locale data: output is English, and loading the data took 20 ms. The JDK falls back to its built-in data (an
      # unknown provider name is not an error).
      options+=(-Xmx256m -XX:-AOTReplayTraining -XX:CompileThresholdScaling=5
        -Djava.locale.providers=FALLBACK --enable-native-access=io.github.lamplighter)
      ;;
    tray)
      # By default the JVM looks for idle locks four times a second, and for tables to clean up each second. The tray
      # has few of both, so twice a minute is enough. Compiling less makes its start a tenth shorter, and its own
      # memory 1 MB smaller; to interpret all saves 10 MB, but the icon comes a third later.
      options+=(-Xms4m -Xmx48m -Xss512k -XX:AsyncDeflationInterval=30000 -XX:ServiceThreadCleanupInterval=30000
        -XX:-AOTReplayTraining -XX:CompileThresholdScaling=5)
      # The status item of macOS is part of AWT.
      case ${OSTYPE:-} in darwin*) options+=(--add-modules java.desktop) ;; esac
      ;;
    window)
      [ -z "$module_path" ] || path=$module_path:$window_path
      options+=(-Xms16m -Xmx512m
        --add-modules javafx.controls,javafx.fxml,atlantafx.base,org.controlsfx.controls,org.kordamp.ikonli.javafx,org.kordamp.ikonli.feather
        -Dprism.dirtyopts=false --enable-native-access=javafx.graphics --sun-misc-unsafe-memory-access=allow)
      # ControlsFX needs these internals, as its manual states.
      for internals in \
        javafx.base/com.sun.javafx.runtime javafx.base/com.sun.javafx.collections javafx.base/com.sun.javafx.event \
        javafx.graphics/com.sun.javafx.scene javafx.graphics/com.sun.javafx.scene.traversal \
        javafx.graphics/com.sun.javafx.css javafx.controls/com.sun.javafx.scene.control \
        javafx.controls/com.sun.javafx.scene.control.behavior javafx.controls/com.sun.javafx.scene.control.inputmap; do
        options+=("--add-exports=$internals=org.controlsfx.controls")
      done
      ;;
  esac
  [ -z "$path" ] || options+=(-p "$path")
}

# Sets `front_end` for a command line.
front_end_of() {
  case ${1:-} in
    tray|window) front_end=$1 ;;
    *) front_end=cli ;;
  esac
}

# Without a UTF-8 locale, Java can't open a file named `jürgen`. The shell knows whether the configured locale exists.
# Sets `plain`: whether text for people uses only characters of their own locale.
use_utf8() {
  local letter=$'\xc3\xbc'
  plain=false
  if [ "${#letter}" != 1 ]; then
    plain=true
    [ -z "${LC_ALL:-}" ] || { export LANG=$LC_ALL; unset LC_ALL; }
    case ${OSTYPE:-} in darwin*) export LC_CTYPE=UTF-8 ;; *) export LC_CTYPE=C.UTF-8 ;; esac
  fi
}

# Starts the front end of a command line in place of this shell: `launch JAVA LAUNCHER [-DPROPERTY…] -- ARGUMENT…`.
launch() {
  local java=$1 launcher=$2 properties=() terminals=
  shift 2
  while [ "$1" != -- ]; do properties+=("$1"); shift; done
  shift
  front_end_of "$@"
  options_of "$front_end"
  [ -e "$caches/$front_end.aot" ] && options+=("-XX:AOTCache=$caches/$front_end.aot")
  [ -n "${HOME:-}" ] && options+=("-Duser.home=$HOME")
  export LAMPLIGHTER_CHILD=1
  # If a standard stream is closed, Java could reuse its number for a file and write into it. Use /dev/null instead.
  true 3>&2 || exec 2< /dev/null
  true 2> /dev/null 3>&1 || exec 1< /dev/null
  # Java can only detect a terminal for input and output together.
  [ -t 1 ] && terminals=1
  [ -t 2 ] && terminals=${terminals}2
  # shellcheck disable=SC2086 # several options in one variable
  exec "$java" "${options[@]}" ${LAMPLIGHTER_JAVA_OPTIONS:-} ${properties[@]+"${properties[@]}"} "-Dlamplighter.launcher=$launcher" \
    "-Dlamplighter.terminals=$terminals" "-Dlamplighter.plain=$plain" -m "$main" "$@" 9>&-
}
