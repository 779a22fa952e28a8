#!/bin/sh
# certcheck trust plan, debian: undoes the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=Example Issuing CA, O=Example Trust
#     an intermediate
#     SHA-256 ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc
# Note: a hook adds the certificate to Java's keystore; only dpkg's trigger removes it
# Note: running programs have already read the store: restart services, Java virtual machines and browsers
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

# copy FILE: copies FILE beside $new, which is its name then, and compares the two.
copy() {
  (umask 022; set -C; cat "$1" >"$new") || full "$new"
  [ "$(sha256 <"$1")" = "$(sha256 <"$new")" ] || full "$new"
}

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

# links_name DIRECTORY NAME: whether NAME is there, or a hash link that leads to it.
links_name() {
  if [ -e "$1/$2" ] || [ -L "$1/$2" ]; then return 0; fi
  for link in "$1"/????????.[0-9]*; do
    [ -L "$link" ] || continue
    case $(readlink "$link") in
      "$2" | */"$2") return 0 ;;
    esac
  done
  return 1
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

# restore FILE JOURNAL SHA256 LENGTH: if FILE still holds the certificate, puts
# back what was there before the first plan, if that was kept whole. Where a link
# beside it leads to the certificate, the tool has just written FILE: somebody else
# installed that certificate too.
restore() {
  bundle_holds "$1" "$3" "$4" || return 0
  for link in "$(dirname "$1")"/*.pem; do
    case $(readlink "$link" || :) in
      */share/ca-certificates/*) ;;
      *) continue ;;
    esac
    if bundle_holds "$(follow "$link" "$tree")" "$3" "$4"; then return 0; fi
  done
  if [ -e "$2/before.file" ]; then
    if ! file_holds "$2/before.file" "$(cat "$2/before.sum" 2>/dev/null)"; then
      warn "$2/before.file is not what was kept, left alone: $1"
      return 0
    fi
    fresh "$(dirname "$1")"
    copy "$2/before.file"
    mv -f "$new" "$1" || full "$1"
    say "restored: $1"
  elif [ -e "$2/before.none" ]; then
    rm -f "$1"
    say "removed: $1"
  fi
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

# with_bundle BUNDLE COMMAND...: runs a tool that writes BUNDLE anew. If the tool fails,
# or leaves half of one, the old one comes back.
with_bundle() {
  bundle=$1
  shift
  # Debian's tool appends to what a run left that was killed.
  rm -f "$bundle.new"
  spare=
  if [ -f "$bundle" ] && [ ! -L "$bundle" ]; then
    fresh "$(dirname "$bundle")"
    copy "$bundle"
    spare=$new
    trap 'mv -f "$spare" "$bundle"' EXIT
  fi
  ended=0
  "$@" || ended=$?
  if [ -n "$spare" ]; then
    if [ "$ended" = 0 ] && whole "$bundle"; then
      rm -f "$spare"
    else
      mv -f "$spare" "$bundle"
      rm -f "$bundle.new"
    fi
    trap - EXIT
  fi
  return "$ended"
}

complain() { [ "$quiet" = 1 ] || printf 'certcheck: not so: %s\n' "$*" >&2; }

# Checks the store's contents, never an exit status.
verify() {
  result=0
  if bundle_holds /etc/ssl/certs/ca-certificates.crt 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
    complain '/etc/ssl/certs/ca-certificates.crt no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  if command -v openssl >/dev/null 2>&1; then
    if links_name /etc/ssl/certs certcheck-example-root-ca-0bb7fb95d303.pem; then
      complain 'no link in /etc/ssl/certs leads to certcheck-example-root-ca-0bb7fb95d303.pem'
      result=1
    fi
  fi
  if [ -e /etc/ssl/certs/java/cacerts ] && command -v keytool >/dev/null 2>&1; then
    if keystore_holds /etc/ssl/certs/java/cacerts 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
      complain 'the Java keystore /etc/ssl/certs/java/cacerts no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
      result=1
    fi
  fi
  if bundle_holds /etc/ssl/certs/ca-certificates.crt ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc 1128; then
    complain '/etc/ssl/certs/ca-certificates.crt no longer holds the certificate ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc'
    result=1
  fi
  if command -v openssl >/dev/null 2>&1; then
    if links_name /etc/ssl/certs certcheck-example-issuing-ca-ee3ebe754286.pem; then
      complain 'no link in /etc/ssl/certs leads to certcheck-example-issuing-ca-ee3ebe754286.pem'
      result=1
    fi
  fi
  if [ -e /etc/ssl/certs/java/cacerts ] && command -v keytool >/dev/null 2>&1; then
    if keystore_holds /etc/ssl/certs/java/cacerts ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc 1128; then
      complain 'the Java keystore /etc/ssl/certs/java/cacerts no longer holds the certificate ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc'
      result=1
    fi
  fi
  return "$result"
}

main() {
  changed=0
  failed=0
  undone=
  need update-ca-certificates
  no_links /var/lib/certcheck/trust
  sweep /etc/ssl/certs
  sweep /usr/local/share/ca-certificates
  sweep /var/lib/certcheck/trust
  begin /var/lib/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # only if the plan wrote it and it is unchanged: CN=Example Root CA, O=Example Trust
  take_back /usr/local/share/ca-certificates/certcheck-example-root-ca-0bb7fb95d303.crt b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46 /var/lib/certcheck/trust/debian-certcheck-example-root-ca-0bb7fb95d303
  # only if the plan wrote it and it is unchanged: CN=Example Issuing CA, O=Example Trust
  take_back /usr/local/share/ca-certificates/certcheck-example-issuing-ca-ee3ebe754286.crt 80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd /var/lib/certcheck/trust/debian-certcheck-example-issuing-ca-ee3ebe754286
  # rebuilds the links and the bundle; without --fresh, dead links would remain
  if [ "$changed" = 1 ]; then
    with_bundle /etc/ssl/certs/ca-certificates.crt update-ca-certificates --fresh || warn 'that failed; the checks decide'
  fi
  # the tool does not change the bundle when the store becomes empty
  if [ "$changed" = 1 ]; then
    restore /etc/ssl/certs/ca-certificates.crt /var/lib/certcheck/trust 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076
    restore /etc/ssl/certs/ca-certificates.crt /var/lib/certcheck/trust ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc 1128
  fi
  # recreates Java's keystore; removing the file and --fresh leave the certificate in it
  if [ "$changed" = 1 ] && [ -e /etc/ca-certificates/update.d/jks-keystore ]; then
    dpkg-trigger --no-await update-ca-certificates-java-fresh || warn 'that failed; the checks decide'
  fi
  # runs the trigger now
  if [ "$changed" = 1 ] && [ -e /etc/ca-certificates/update.d/jks-keystore ]; then
    dpkg --triggers-only --pending || warn 'that failed; the checks decide'
  fi
  # in case the trigger left it there
  if [ "$changed" = 1 ] && [ -e /etc/ca-certificates/update.d/jks-keystore ] && keystore_holds /etc/ssl/certs/java/cacerts 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
    keytool -delete -keystore /etc/ssl/certs/java/cacerts -storepass changeit -alias debian:certcheck-example-root-ca-0bb7fb95d303.pem || warn 'that failed; the checks decide'
  fi
  # in case the trigger left it there
  if [ "$changed" = 1 ] && [ -e /etc/ca-certificates/update.d/jks-keystore ] && keystore_holds /etc/ssl/certs/java/cacerts ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc 1128; then
    keytool -delete -keystore /etc/ssl/certs/java/cacerts -storepass changeit -alias debian:certcheck-example-issuing-ca-ee3ebe754286.pem || warn 'that failed; the checks decide'
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
