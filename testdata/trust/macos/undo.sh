#!/bin/sh
# certcheck trust plan, macos: undoes the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=Example Issuing CA, O=Example Trust
#     an intermediate
#     SHA-256 ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc
#   CN=server.example.test, O=Example
#     a self-signed end-entity certificate
#     SHA-256 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3
# Note: since macOS 11 root alone is not enough: a dialog asks for an administrator's password at each change of trust. Over ssh and in CI it fails (`The authorization was denied since no user interaction was possible`): let an MDM install the .mobileconfig instead
# Note: Keychain Access' "New Certificate Preference" is about S/MIME, and has no effect on trust
# Note: below an added root, a server certificate may be valid for at most 825 days; a server certificate that is itself trusted has no such limit
# Note: Tableau Desktop and Prep read the system's keychain (Tableau's pages; not run): restart them
# Note: Java, Node, Python.org's Python and Homebrew's OpenSSL do not read keychains; restart running programs
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

# keychain_holds KEYCHAIN SHA256: whether a keychain of macOS holds the certificate.
keychain_holds() {
  security find-certificate -a -Z "$1" 2>/dev/null |
    tr '[:upper:]' '[:lower:]' | grep -q "^sha-256 hash: $2\$"
}

# keychain_trusts SHA1: whether the administrator's trust settings of macOS speak
# of the certificate.
keychain_trusts() {
  settings=$(mktemp)
  security trust-settings-export -d "$settings" >/dev/null 2>&1 || :
  if grep -qi "<key>$1</key>" "$settings"; then
    rm -f "$settings"
    return 0
  fi
  rm -f "$settings"
  return 1
}

# entry RECORD WORDS: writes down that an entry of a store is about to be made.
entry() { note "$1" "entry $2"; }

# recorded RECORD WORDS: whether a plan made that entry.
recorded() { grep -qxF "entry $2" "$1" 2>/dev/null; }

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
  if keychain_trusts CECD4E81AA61C13972538EBA936F086BF86FBDAA; then
    complain 'the trust settings no longer contain CECD4E81AA61C13972538EBA936F086BF86FBDAA'
    result=1
  fi
  if keychain_holds /Library/Keychains/System.keychain 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
    complain '/Library/Keychains/System.keychain no longer holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  if keychain_trusts F909591325070C6E0C0DED4F29B2CE51B356403C; then
    complain 'the trust settings no longer contain F909591325070C6E0C0DED4F29B2CE51B356403C'
    result=1
  fi
  if keychain_holds /Library/Keychains/System.keychain ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc; then
    complain '/Library/Keychains/System.keychain no longer holds the certificate ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc'
    result=1
  fi
  if keychain_trusts 27E90C35831C67E61917C3323454418124238E56; then
    complain 'the trust settings no longer contain 27E90C35831C67E61917C3323454418124238E56'
    result=1
  fi
  if keychain_holds /Library/Keychains/System.keychain 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
    complain '/Library/Keychains/System.keychain no longer holds the certificate 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3'
    result=1
  fi
  return "$result"
}

main() {
  changed=0
  failed=0
  undone=
  no_links /var/db/certcheck/trust
  sweep /usr/local/share/certcheck
  sweep /var/db/certcheck/trust
  begin /var/db/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # the trust record; `No Trust Settings were found` means that it is already gone
  if recorded /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303 CECD4E81AA61C13972538EBA936F086BF86FBDAA && keychain_trusts CECD4E81AA61C13972538EBA936F086BF86FBDAA; then
    security remove-trusted-cert -d /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303
  fi
  # the certificate itself, by its fingerprint: names and serial numbers may match several
  if recorded /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303 CECD4E81AA61C13972538EBA936F086BF86FBDAA && keychain_holds /Library/Keychains/System.keychain 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
    security delete-certificate -Z CECD4E81AA61C13972538EBA936F086BF86FBDAA /Library/Keychains/System.keychain || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303
  fi
  # only if the plan wrote it and it is unchanged
  take_back /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46 /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303
  # the trust record; `No Trust Settings were found` means that it is already gone
  if recorded /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286 F909591325070C6E0C0DED4F29B2CE51B356403C && keychain_trusts F909591325070C6E0C0DED4F29B2CE51B356403C; then
    security remove-trusted-cert -d /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286
  fi
  # the certificate itself, by its fingerprint: names and serial numbers may match several
  if recorded /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286 F909591325070C6E0C0DED4F29B2CE51B356403C && keychain_holds /Library/Keychains/System.keychain ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc; then
    security delete-certificate -Z F909591325070C6E0C0DED4F29B2CE51B356403C /Library/Keychains/System.keychain || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286
  fi
  # only if the plan wrote it and it is unchanged
  take_back /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem 80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286
  # the trust record; `No Trust Settings were found` means that it is already gone
  if recorded /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8 27E90C35831C67E61917C3323454418124238E56 && keychain_trusts 27E90C35831C67E61917C3323454418124238E56; then
    security remove-trusted-cert -d /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8
  fi
  # the certificate itself, by its fingerprint: names and serial numbers may match several
  if recorded /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8 27E90C35831C67E61917C3323454418124238E56 && keychain_holds /Library/Keychains/System.keychain 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
    security delete-certificate -Z 27E90C35831C67E61917C3323454418124238E56 /Library/Keychains/System.keychain || warn 'that failed; the checks decide'
    undid /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8
  fi
  # only if the plan wrote it and it is unchanged
  take_back /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem 1f3f8709e210d6b1dbb0918ee7430de87fc4349d092763a2189fb19754e20435 /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8
  # only if the plan wrote it and it is unchanged
  take_back /usr/local/share/certcheck/certcheck-8592a9b0222d.mobileconfig 06bbe0aeef58725ed61d7ee873687f6443ae179fe856ed16d143bd15960763fd /var/db/certcheck/trust/macos-certcheck-8592a9b0222d
  if [ "$changed" = 0 ]; then
    close_journal /var/db/certcheck/trust
    [ "$failed" = 0 ] || exit 1
    say 'nothing to undo'
    return 0
  fi
  quiet=0
  verify || stop 'the store still holds what was removed: another source provides it, or the tool failed'
  close_journal /var/db/certcheck/trust
  [ "$failed" = 0 ] || stop 'not everything was undone'
  say 'undone'
}

main
