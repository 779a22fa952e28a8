#!/usr/bin/env bash
# What a user's shell makes of the completions, and man of the pages: bash, zsh
# and fish load their script, and complete a code (fish, whose script knows the values of
# options alone, a server); mandoc reads
# every page without a complaint that matters. A few seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
exec < /dev/null
packages=()
for program in zsh fish mandoc; do
  command -v "$program" > /dev/null || packages+=("$program")
done
if [ ${#packages[@]} -gt 0 ] && [ -n "${CI:-}" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi
cargo build --quiet
program=$PWD/target/debug/certcheck
at=$(mktemp -d)
trap 'rm -rf "$at"' EXIT
export HOME=$at
tried=0

loaded() { # SHELL WORD ANSWER : the answer holds the word
  case $3 in
    *"$2"*) tried=$((tried + 1)) ;;
    *) echo "$1 did not complete $2: $3"; exit 1 ;;
  esac
}

missing() { # PROGRAM
  command -v "$1" > /dev/null && return 1
  echo "SKIPPED: $1 is not installed"
  [ -z "${CI:-}" ] || exit 1
}

for shell in bash zsh fish powershell elvish; do
  "$program" completions "$shell" > "$at/script.$shell"
  [ "$(wc -c < "$at/script.$shell")" -gt 10000 ]
done
# shellcheck disable=SC2016 # expanded by the inner shell
loaded bash key.mismatch "$(bash -c 'source "$1"; COMP_WORDS=(certcheck explain key.m); COMP_CWORD=2; COMPREPLY=()
  _certcheck certcheck key.m explain; echo "${COMPREPLY[*]}"' - "$at/script.bash")"
if ! missing zsh; then
  mkdir "$at/functions"
  cp "$at/script.zsh" "$at/functions/_certcheck"
  # shellcheck disable=SC2016
  loaded zsh key.mismatch "$(zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -d $1/dump
    autoload +X _certcheck; [[ $_comps[certcheck] = _certcheck ]] && functions _certcheck' - "$at/functions")"
fi
if ! missing fish; then
  # shellcheck disable=SC2016
  loaded fish haproxy "$(fish --no-config -c 'source $argv[1]; complete -C "certcheck preflight --server ha"' "$at/script.fish")"
fi
if ! missing mandoc; then
  pages=0
  while read -r page; do
    # shellcheck disable=SC2086 # two words for `trust plan`
    "$program" man $page > "$at/page"
    # roff's line breaks next to a blank line, and no date, are clap's way
    if mandoc -T lint -W warning "$at/page" | grep -vE 'skipping paragraph macro|missing date|cannot parse date'; then
      echo "man $page"
      exit 1
    fi
    grep -q '^.SH EXAMPLES' "$at/page" || [ "$page" = trust ] || { echo "man $page has no examples"; exit 1; }
    pages=$((pages + 1))
  done <<'X'

preflight
probe
inspect
match
key-id
chain
assemble
convert
diff
gate
verify
protocols
trust
trust plan
trust status
tsm
codes
explain
schema
completions
man
X
  echo "$pages pages"
  tried=$((tried + 1))
fi
echo "$tried of 4 read what is made for them"
