#!/bin/sh
# certcheck trust plan, rpm: undoes the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
# Note: to distrust a certificate on this release, put it into /etc/pki/ca-trust/source/blacklist; the other spelling is silently ignored
# Note: running programs have already read the store: restart services and Java virtual machines
# Note: Tableau Server reads this store too (Tableau's pages; not run, and that it follows OpenSSL's rules is assumed): install the certificate on every node, then `tsm restart`
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

# keystore_holds KEYSTORE SHA256 LENGTH: whether a Java keystore holds the
# certificate, under whatever alias; without KEYSTORE, the runtime's own.
keystore_holds() {
  if [ -n "$1" ]; then
    set -- "$2" "$3" -keystore "$1"
  else
    set -- "$2" "$3" -cacerts
  fi
  wanted=$1
  length=$2
  shift 2
  listing=$(mktemp)
  keytool -list -rfc -storepass changeit "$@" >"$listing" 2>/dev/null </dev/null || :
  if bundle_holds "$listing" "$wanted" "$length"; then
    rm -f "$listing"
    return 0
  fi
  rm -f "$listing"
  return 1
}

# take_back FILE SHA256 RECORD: removes FILE if a plan wrote it and nobody
# changed it since. Without SHA256, what the record says counts.
take_back() {
  sum=$2
  if [ -z "$sum" ]; then
    sum=$(sed -n "s|^file \\([0-9a-f]*\\) .*|\\1|p" "$3" 2>/dev/null | tail -n 1)
  fi
  if ! grep -qxF "file $sum $1" "$3" 2>/dev/null; then
    say "not written by a plan, left alone: $1"
    return 0
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    if [ -L "$1" ] || ! file_holds "$1" "$sum"; then
      warn "changed since it was written, left alone: $1"
      failed=1
      return 0
    fi
    rm -f "$1"
    say "removed: $1"
  fi
  undid "$3"
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
  if bundle_holds /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
    complain '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  if [ -e /etc/pki/ca-trust/extracted/java/cacerts ] && command -v keytool >/dev/null 2>&1; then
    if keystore_holds /etc/pki/ca-trust/extracted/java/cacerts 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
      complain 'the Java keystore /etc/pki/ca-trust/extracted/java/cacerts no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
      result=1
    fi
  fi
  return "$result"
}

main() {
  changed=0
  failed=0
  undone=
  need update-ca-trust
  no_links /var/lib/certcheck/trust
  sweep /etc/pki/ca-trust/source/anchors
  sweep /var/lib/certcheck/trust
  begin /var/lib/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # only if the plan wrote it and it is unchanged: CN=Example Root CA, O=Example Trust
  take_back /etc/pki/ca-trust/source/anchors/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46 /var/lib/certcheck/trust/rpm-certcheck-example-root-ca-0bb7fb95d303
  # writes the bundles without it, including Java's
  if [ "$changed" = 1 ]; then
    update-ca-trust extract || warn 'that failed; the checks decide'
  fi
  if [ "$changed" = 0 ]; then
    close_journal /var/lib/certcheck/trust
    [ "$failed" = 0 ] || exit 1
    say 'nothing to undo'
    return 0
  fi
  quiet=0
  verify || stop 'the store still holds what was removed: another source provides it, or the tool failed'
  close_journal /var/lib/certcheck/trust
  [ "$failed" = 0 ] || stop 'not everything was undone'
  say 'undone'
}

main
