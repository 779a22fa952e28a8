#!/bin/sh
# certcheck trust plan, nss: undoes the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=server.example.test, O=Example
#     a self-signed end-entity certificate
#     SHA-256 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3
# Note: close the browser first, and restart it afterwards; Fedora's Firefox reads p11-kit's store instead
# Note: policies.json (Certificates.Install) also installs certificates in Firefox, without a database
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

# Programs without which nothing is begun.
need() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 ||
      stop "the program $program is not here; nothing was changed"
  done
}

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

# database_holds DIRECTORY NICKNAME SHA256: whether an NSS database holds the
# certificate under that nickname.
database_holds() {
  # -a appends more certificates of the same name: the first counts.
  [ "$(certutil -L -d "sql:$1" -n "$2" -r 2>/dev/null | sha256)" = "$3" ]
}

# entry RECORD WORDS: writes down that an entry of a store is about to be made.
entry() { note "$1" "entry $2"; }

# recorded RECORD WORDS: whether a plan made that entry.
recorded() { grep -qxF "entry $2" "$1" 2>/dev/null; }

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
  if [ -e /home/ada/.pki/nssdb/cert9.db ]; then
    if database_holds /home/ada/.pki/nssdb certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
      complain 'the database in /home/ada/.pki/nssdb no longer holds certcheck-example-root-ca-0bb7fb95d303'
      result=1
    fi
  fi
  if [ -e /home/ada/.pki/nssdb/cert9.db ]; then
    if database_holds /home/ada/.pki/nssdb certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
      complain 'the database in /home/ada/.pki/nssdb no longer holds certcheck-server-example-test-588fe6afc4f8'
      result=1
    fi
  fi
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ]; then
    if database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
      complain 'the database in /home/ada/.mozilla/firefox/abcd1234.default-release no longer holds certcheck-example-root-ca-0bb7fb95d303'
      result=1
    fi
  fi
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ]; then
    if database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
      complain 'the database in /home/ada/.mozilla/firefox/abcd1234.default-release no longer holds certcheck-server-example-test-588fe6afc4f8'
      result=1
    fi
  fi
  return "$result"
}

main() {
  changed=0
  failed=0
  undone=
  need certutil
  no_links /home/ada/.local/state/certcheck/trust
  sweep /home/ada/.local/state/certcheck/trust
  begin /home/ada/.local/state/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # by the nickname that the plan gave it
  if recorded /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-0 '/home/ada/.pki/nssdb certcheck-example-root-ca-0bb7fb95d303'; then
    certutil -D -d sql:/home/ada/.pki/nssdb -n certcheck-example-root-ca-0bb7fb95d303 || warn 'that failed; the checks decide'
    undid /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-0
  fi
  # by the nickname that the plan gave it
  if recorded /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-0 '/home/ada/.pki/nssdb certcheck-server-example-test-588fe6afc4f8'; then
    certutil -D -d sql:/home/ada/.pki/nssdb -n certcheck-server-example-test-588fe6afc4f8 || warn 'that failed; the checks decide'
    undid /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-0
  fi
  # by the nickname that the plan gave it
  if recorded /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-1 '/home/ada/.mozilla/firefox/abcd1234.default-release certcheck-example-root-ca-0bb7fb95d303'; then
    certutil -D -d sql:/home/ada/.mozilla/firefox/abcd1234.default-release -n certcheck-example-root-ca-0bb7fb95d303 || warn 'that failed; the checks decide'
    undid /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-1
  fi
  # by the nickname that the plan gave it
  if recorded /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-1 '/home/ada/.mozilla/firefox/abcd1234.default-release certcheck-server-example-test-588fe6afc4f8'; then
    certutil -D -d sql:/home/ada/.mozilla/firefox/abcd1234.default-release -n certcheck-server-example-test-588fe6afc4f8 || warn 'that failed; the checks decide'
    undid /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-1
  fi
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
