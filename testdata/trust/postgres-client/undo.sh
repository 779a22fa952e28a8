#!/bin/sh
# certcheck trust plan, postgres-client: undoes the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=server.example.test, O=Example
#     a self-signed end-entity certificate
#     SHA-256 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3
# Note: once root.crt exists, sslmode=require verifies the chain as well (libpq documentation, 34.19.1)
# Note: libpq accepts neither an intermediate nor an issued certificate as an anchor; sslrootcert=system uses the system's store instead, and requires sslmode=verify-full
set -eu
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
umask 022
trap 'exit 1' HUP INT TERM

# The scratch tree.
tree=''

# A line for the person at the terminal.
say() { printf '%s\n' "$*"; }

# The end, with the reason.
stop() {
  printf 'certcheck: %s\n' "$*" >&2
  exit 1
}

warn() { printf 'certcheck: %s\n' "$*" >&2; }

# SHA-256 of the standard input, in hexadecimal digits.
sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256
  else
    openssl dgst -sha256 -r
  fi | cut -c 1-64
}

# The bytes behind the base64 on the standard input, which has no line breaks.
unbase64() {
  # macOS before 13 spells it -D.
  if [ "$(printf 'YQ==' | base64 -d 2>/dev/null)" = a ]; then
    base64 -d 2>/dev/null
  else
    openssl base64 -d -A 2>/dev/null
  fi
}

# bundle_holds FILE SHA256 LENGTH: whether a PEM section of FILE, decoded, is the
# certificate. LENGTH is that of its base64: other sections need no look.
bundle_holds() {
  [ -r "$1" ] || return 1
  awk -v length_wanted="$3" '
    /^-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/ { inside = 1; body = ""; next }
    /^-----END / { if (inside && length(body) == length_wanted) print body; inside = 0; next }
    inside { gsub(/[ \t\r]/, ""); body = body $0 }
  ' "$1" | {
    while IFS= read -r body; do
      if [ "$(printf '%s' "$body" | unbase64 | sha256)" = "$2" ]; then
        cat >/dev/null
        exit 0
      fi
    done
    exit 1
  }
}

# file_holds FILE SHA256: whether FILE is a plain file with exactly that content.
file_holds() { [ -f "$1" ] && [ "$(sha256 <"$1")" = "$2" ]; }

# follow PATH ROOT: where the links of PATH lead, absolute ones within ROOT.
follow() {
  followed=$1
  hops=0
  while [ -L "$followed" ] && [ "$hops" -lt 16 ]; do
    target=$(readlink "$followed")
    case $target in
      "$2"/*) followed=$target ;;
      /*) followed=$2$target ;;
      *) followed=$(dirname "$followed")/$target ;;
    esac
    hops=$((hops + 1))
  done
  printf '%s\n' "$followed"
}

# fresh DIRECTORY: a name in it that nobody can know before, as $new. It is opened
# with `set -C`, which makes a file and follows no link, and gets its mode from the
# umask: nothing is done to the name afterwards but to rename it. It goes at the end.
fresh() {
  chance=$(od -An -N12 -tx1 /dev/urandom | tr -cd 0-9a-f)
  [ "${#chance}" = 24 ] || stop 'there is no /dev/urandom to make a name from'
  new=$1/.certcheck-new.$chance
  trap 'rm -f "$new"' EXIT
}

# sweep DIRECTORY: removes what a run left there that was killed.
sweep() {
  for left in "$1"/.certcheck-new.????????????????????????; do
    if [ -f "$left" ] || [ -L "$left" ]; then rm -f "$left"; fi
  done
}

# full FILE: the end, since FILE could not be written.
full() { stop "$1 was not written whole; is the disk full? Nothing was replaced"; }

# note RECORD LINE: adds a line to a record, in one move: a record is never cut.
note() {
  if [ "$(tail -n 1 "$1" 2>/dev/null)" = "$2" ]; then return 0; fi
  fresh "$(dirname "$1")"
  (
    umask 022
    set -C
    { if [ -e "$1" ]; then cat "$1" || exit 1; fi; printf '%s\n' "$2"; } >"$new"
  ) || full "$new"
  mv -f "$new" "$1" || full "$1"
}

# begin JOURNAL: notes that something is being changed until it says that it is done.
# Was an earlier run cut off, $unfinished is 1, and nothing is believed to be as it was.
begin() {
  unfinished=0
  if [ -d "$1" ]; then
    if [ -e "$1/unfinished" ]; then unfinished=1; fi
    note "$1/unfinished" 'a run has begun, and has not ended'
  fi
}

# finish JOURNAL: all is as it should be.
finish() { rm -f "$1/unfinished"; }

# no_links JOURNAL: nothing is begun with a journal that leads elsewhere.
no_links() {
  for record in "$1" "$1"/* "$1"/.[!.]*; do
    if [ -L "$record" ]; then stop "$record is a link; nothing was changed"; fi
  done
}

# cut_back FILE RECORD: makes FILE what it was before a plan appended to it.
cut_back() {
  line=$(sed -n 's/^tail //p' "$2" 2>/dev/null | tail -n 1)
  if [ -z "$line" ]; then
    say "not appended to by a plan, left alone: $1"
    return 0
  fi
  sum=${line%% *}
  line=${line#* }
  size=${line%% *}
  file=$(follow "$1" "$tree")
  if [ -e "$file" ]; then
    if ! file_holds "$file" "$sum"; then
      # Noted, and then the run was cut off: nothing was appended.
      if [ "$(wc -c <"$file" | tr -d ' ')" = "$size" ]; then
        undid "$2"
        return 0
      fi
      warn "changed since the plan appended to it, left alone: $1"
      failed=1
      return 0
    fi
    if [ "$size" = none ]; then
      rm -f "$file"
      say "removed: $1"
    else
      fresh "$(dirname "$file")"
      cp -p "$file" "$new" || full "$new"
      head -c "$size" "$file" >"$new" || full "$new"
      [ "$(wc -c <"$new" | tr -d ' ')" = "$size" ] || full "$new"
      mv -f "$new" "$file" || full "$file"
      say "cut back: $1"
    fi
  fi
  undid "$2"
}

# undid RECORD: what it speaks of is undone.
undid() {
  changed=1
  undone="$1
$undone"
}

# close_journal JOURNAL: forgets what was undone, and once nothing is left, the
# journal itself and the directories that were made.
close_journal() {
  printf '%s' "$undone" | while IFS= read -r record; do rm -f "$record"; done
  [ -d "$1" ] || return 0
  for record in "$1"/*-certcheck-*; do
    if [ -e "$record" ]; then
      finish "$1"
      return 0
    fi
  done
  rm -f "$1/before.file" "$1/before.none" "$1/before.sum" "$1/links"
  directories=$(cat "$1/directories" 2>/dev/null || :)
  rm -f "$1/directories" "$1/unfinished"
  sweep "$1"
  rmdir "$1" 2>/dev/null || :
  rmdir "$(dirname "$1")" 2>/dev/null || :
  printf '%s\n' "$directories" | while IFS= read -r directory; do
    case $directory in
      */..*) ;;
      "$tree"/*)
        # Seen with all links followed it must lie in the tree too.
        parent=$(cd "$(dirname "$directory")" 2>/dev/null && pwd -P) || continue
        top=$(cd "$tree/" && pwd -P)
        case $parent/ in
          "${top%/}"/*) rmdir "$directory" 2>/dev/null || : ;;
        esac
        ;;
    esac
  done
}

# whole BUNDLE: whether each of its sections has an end.
whole() {
  awk '/^-----BEGIN /{ open++; if (inside) bad = 1; inside = 1 }
    /^-----END /{ shut++; inside = 0 }
    END { exit !(open == shut && !bad && !inside) }' "$1"
}

complain() { [ "$quiet" = 1 ] || printf 'certcheck: not so: %s\n' "$*" >&2; }

# Checks the store's contents, never an exit status.
verify() {
  result=0
  if bundle_holds /home/ada/.postgresql/root.crt 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3 1164; then
    complain '/home/ada/.postgresql/root.crt no longer holds the certificate 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3'
    result=1
  fi
  if bundle_holds /home/ada/.postgresql/root.crt 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
    complain '/home/ada/.postgresql/root.crt no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  return "$result"
}

main() {
  changed=0
  failed=0
  undone=
  no_links /home/ada/.local/state/certcheck/trust
  sweep /home/ada/.local/state/certcheck/trust
  sweep /home/ada/.postgresql
  begin /home/ada/.local/state/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # the file as it was before, if it is unchanged since
  cut_back /home/ada/.postgresql/root.crt /home/ada/.local/state/certcheck/trust/postgres-client-certcheck-server-example-test-588fe6afc4f8
  # the file as it was before, if it is unchanged since
  cut_back /home/ada/.postgresql/root.crt /home/ada/.local/state/certcheck/trust/postgres-client-certcheck-example-root-ca-0bb7fb95d303
  if [ "$changed" = 0 ]; then
    close_journal /home/ada/.local/state/certcheck/trust
    [ "$failed" = 0 ] || exit 1
    say 'nothing to undo'
    return 0
  fi
  quiet=0
  verify || stop 'the store still holds what was removed: another source provides it, or the tool failed'
  close_journal /home/ada/.local/state/certcheck/trust
  [ "$failed" = 0 ] || stop 'not everything was undone'
  say 'undone'
}

main
