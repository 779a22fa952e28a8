# certcheck trust plan, windows: installs the following.
#   CN=Example Root CA, O=Example Trust
#     install
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=Example Issuing CA, O=Example Trust
#     install
#     SHA-256 ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc
#   CN=server.example.test, O=Example
#     refused
#     SHA-256 0b5d08438bde2d41fb0c46672b3657019c6535d43de3f25891aba77d244ffffc
# Note: Java, Python's requests and Node (without --use-system-ca) do not read this store; WSL has its own store
# Note: Tableau Server, Desktop and Prep read these stores (Tableau's pages; not run): restart them, Tableau Server with `tsm restart` on each node that has the certificate
# Note: for many machines: Group Policy, Computer Configuration, Windows Settings, Security Settings, Public Key Policies
#Requires -RunAsAdministrator
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

function Say([string] $Words) { Write-Output $Words }

function Stop-Here([string] $Words) {
  [Console]::Error.WriteLine("certcheck: $Words")
  exit 1
}

function Get-Sha256([byte[]] $Bytes) {
  $algorithm = [Security.Cryptography.SHA256]::Create()
  try { [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
  finally { $algorithm.Dispose() }
}

# Whether a file has exactly that content.
function Test-Content([string] $Path, [string] $Sha256) {
  (Test-Path -LiteralPath $Path -PathType Leaf) -and
    ((Get-Sha256 ([IO.File]::ReadAllBytes($Path))) -eq $Sha256)
}

# Whether a store holds the certificate: found by its thumbprint, believed by its content.
function Test-Store([string] $Store, [string] $Thumbprint, [string] $Sha256) {
  $path = $Store + '\' + $Thumbprint
  (Test-Path -LiteralPath $path) -and
    ((Get-Sha256 (Get-Item -LiteralPath $path).RawData) -eq $Sha256)
}

# Writes a file whole, under a name that nobody can know before, and only then gives it
# its own: CreateNew follows no link and opens nothing that is there.
function Write-Whole([string] $Path, [byte[]] $Bytes) {
  $directory = [IO.Path]::GetDirectoryName($Path)
  [void] [IO.Directory]::CreateDirectory($directory)
  $new = [IO.Path]::Combine($directory, '.certcheck-new.' + [Guid]::NewGuid().ToString('N'))
  try {
    $stream = New-Object IO.FileStream($new, [IO.FileMode]::CreateNew, [IO.FileAccess]::Write, [IO.FileShare]::None)
    try { $stream.Write($Bytes, 0, $Bytes.Length); $stream.Flush($true) } finally { $stream.Dispose() }
    if (-not (Test-Content $new (Get-Sha256 $Bytes))) { Stop-Here "$Path was not written whole" }
    if (Test-Path -LiteralPath $Path) { [IO.File]::Replace($new, $Path, [NullString]::Value) } else { [IO.File]::Move($new, $Path) }
  }
  finally { if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new } }
}

# Adds a line to a record, which is never cut.
function Add-Line([string] $Record, [string] $Line) {
  $before = ''
  if (Test-Path -LiteralPath $Record) { $before = [IO.File]::ReadAllText($Record) }
  Write-Whole $Record ([Text.Encoding]::UTF8.GetBytes($before + $Line + "`n"))
}

function Test-Line([string] $Record, [string] $Line) {
  (Test-Path -LiteralPath $Record) -and ([IO.File]::ReadAllLines($Record) -ccontains $Line)
}

function Add-Entry([string] $Record, [string] $Entry) { Add-Line $Record "entry $Entry" }
function Test-Entry([string] $Record, [string] $Entry) { Test-Line $Record "entry $Entry" }

# Writes a new file, after it was written down in the journal. A file that is
# there already is not ours.
function Write-New([string] $Path, [string] $Sha256, [string] $Record, [string] $Content) {
  if (Test-Path -LiteralPath $Path) {
    if (-not (Test-Content $Path $Sha256)) { Stop-Here "$Path exists and is something else; nothing was changed" }
    return
  }
  $text = $Content.Replace("`r", '').TrimEnd("`n") + "`n"
  Add-Line $Record "file $Sha256 $Path"
  Write-Whole $Path ([Text.Encoding]::ASCII.GetBytes($text))
  if (-not (Test-Content $Path $Sha256)) { Stop-Here "$Path was not written whole" }
}

# Removes a file if a plan wrote it and nobody changed it since.
function Remove-Ours([string] $Path, [string] $Sha256, [string] $Record) {
  if (-not (Test-Line $Record "file $Sha256 $Path")) { Say "not written by a plan, left alone: $Path"; return }
  if (Test-Path -LiteralPath $Path) {
    if (-not (Test-Content $Path $Sha256)) { Stop-Here "changed since it was written, left alone: $Path" }
    Remove-Item -LiteralPath $Path
  }
  Remove-Item -LiteralPath $Record
}

function Close-Journal([string] $Journal) {
  if ((Test-Path -LiteralPath $Journal) -and -not (Get-ChildItem -LiteralPath $Journal)) {
    Remove-Item -LiteralPath $Journal
    $above = [IO.Path]::GetDirectoryName($Journal)
    if (-not (Get-ChildItem -LiteralPath $above)) { Remove-Item -LiteralPath $above }
  }
}

# ASCII, which PowerShell's own `>` does not write: CN=Example Root CA, O=Example Trust
Write-New 'C:\ProgramData\certcheck\certcheck-example-root-ca-0bb7fb95d303.cer' 'b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46' 'C:\ProgramData\certcheck\trust\windows-certcheck-example-root-ca-0bb7fb95d303' @'
-----BEGIN CERTIFICATE-----
MIIDITCCAgmgAwIBAgIBATANBgkqhkiG9w0BAQsFADAyMRYwFAYDVQQKDA1FeGFt
cGxlIFRydXN0MRgwFgYDVQQDDA9FeGFtcGxlIFJvb3QgQ0EwHhcNMjAwMTAxMDAw
MDAwWhcNNDAwMTAxMDAwMDAwWjAyMRYwFAYDVQQKDA1FeGFtcGxlIFRydXN0MRgw
FgYDVQQDDA9FeGFtcGxlIFJvb3QgQ0EwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAw
ggEKAoIBAQDV/qmpBK+DxbEU9drz7aje8r3baqVdYwB5O2ANNOKC6upaSHIm0vys
ZJN8hcGacao4Ohhm5LuyYGY6gDY2SK5P3WwOhWQevkrsmAI6vBq45FeAvW6LyIZG
jCF9LjJD1l9wsO3Xg+UqSOEpvkd3X6isUiGCus44+A+UxT9hSXzHxq/EYecKynQ4
sMxTC6tJmJR9nDv2Gq/beGueddjbhsUeW4ENkY7pRrfMDoGVYyJYZHWaoYc8P4eo
SODPEZx/DOOMFTBJ3v6d3c4SvlP+XP2dnyTa6fEu/7pDFVkxXQ/FsVCWSURDio1y
oEW1HUBBC5ifjAISKJHGySXa+4sDZ+cxAgMBAAGjQjBAMA8GA1UdEwEB/wQFMAMB
Af8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBQvZEdYEOjAfFT+djc+iwsP+sk6
6jANBgkqhkiG9w0BAQsFAAOCAQEAqtaMGhskzY8ZwuP9NZhokYG0+2m3sfLb8z5b
aqEFxJt0y956ixuTZP8sMaqdFDiV0ULGGX7nR7BYv8eI1m8r+ViLkjkgzUyyhCpK
7IBIb8//9fGzEFP4XNmVQNxMLJM5sC7wVf/xOiQqZDID9loz8VBJF9PVZd9/VaLc
f2b2sXF6z7LXaVa3+i7eE60sdswdD4rJ7M+Ty1MzbORbFNCCGYp2wZMI3xCuYG65
IdCm/QFe0qQVlJGLlJO4yT/Zsov3ONq5gxVCbKlfewMLqxR3lRM4/rpggCAqeld6
JlN9UQZkVLeAQCpPyj3f9h8H30sunxCRmljME6Mq+e9g2Uq1lQ==
-----END CERTIFICATE-----
'@
# adds it to the machine's store; a user's own store would ask in a dialog
if (-not (Test-Store 'Cert:\LocalMachine\Root' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA' '0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1')) {
  Add-Entry 'C:\ProgramData\certcheck\trust\windows-certcheck-example-root-ca-0bb7fb95d303' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA'
  & 'certutil' '-f' '-addstore' 'Root' 'C:\ProgramData\certcheck\certcheck-example-root-ca-0bb7fb95d303.cer' | Out-Null
}
# ASCII, which PowerShell's own `>` does not write: CN=Example Issuing CA, O=Example Trust
Write-New 'C:\ProgramData\certcheck\certcheck-example-issuing-ca-ee3ebe754286.cer' '80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd' 'C:\ProgramData\certcheck\trust\windows-certcheck-example-issuing-ca-ee3ebe754286' @'
-----BEGIN CERTIFICATE-----
MIIDSTCCAjGgAwIBAgICEAEwDQYJKoZIhvcNAQELBQAwMjEWMBQGA1UECgwNRXhh
bXBsZSBUcnVzdDEYMBYGA1UEAwwPRXhhbXBsZSBSb290IENBMB4XDTIyMDEwMTAw
MDAwMFoXDTM1MDEwMTAwMDAwMFowNTEWMBQGA1UECgwNRXhhbXBsZSBUcnVzdDEb
MBkGA1UEAwwSRXhhbXBsZSBJc3N1aW5nIENBMIIBIjANBgkqhkiG9w0BAQEFAAOC
AQ8AMIIBCgKCAQEAqkpiq9RMxx8D4Ig7Bi35gItRbj8W1w+1AI5D4AHKSnO93M3p
kZ/0RY+V7KG8lEHfE6Eo6J2TZc/3LXpOuw6CmS7dyRvTAaQkbv6Z3i2nok6t2awb
+DKlwXXcbgZ1jnKejG/1i4q9/NZLIDxoWbvWU64ro9+eRQPR6HJcU2/XmKMqzrhb
L6HcyQY/xabl6oKEXbIPzssaSOBnW+rFr2sxb9z4vHepj4G6JSg1MW4SnsGTmXqn
OTMUUBPxcGMu3AA4aG9dkVpqMeVMbIXEjL6yZI/0K4x/Mu8zrcLzdiDI+baqEM6j
kMqydApoG9kgu1KylCkimCYe+AV+FlNcZm3ZhQIDAQABo2YwZDASBgNVHRMBAf8E
CDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU7qJfBf2Ge8lfrX4h
4VaOKcVNQiswHwYDVR0jBBgwFoAUL2RHWBDowHxU/nY3PosLD/rJOuowDQYJKoZI
hvcNAQELBQADggEBAGOH6QtH0uxUIANZVXi2bh/4VAxjflJqugEi/9tLnlEfVm8G
BIl3cWYqSEuypFn2nGCV5CPw9oISmLQUrwaouRg8fAYkaBsqHqxxWX1pjP6howzF
PWsvsJbX8QrxbNCz0nlpREU6HHY1/SiT5BUJxvyS7FROB+lD6h5AT3XbP2nPR/va
8yba8RmxuqctBKbcMdQuvKHV5k/TZ6Su/TUcJkbGFjeZRAeqhDTejFDei910eZWM
/B+oANXdZ++blNsJOWVHFOLYFtF5fhV1EHbE/PY1Hfjk6/+qq94zMBf3xnCex4wy
cVN0UVuDm8ka5SNaMJ0KismNoG9/QUF0LKnHXvw=
-----END CERTIFICATE-----
'@
# adds it to the machine's store; a user's own store would ask in a dialog
if (-not (Test-Store 'Cert:\LocalMachine\CA' 'F909591325070C6E0C0DED4F29B2CE51B356403C' 'ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc')) {
  Add-Entry 'C:\ProgramData\certcheck\trust\windows-certcheck-example-issuing-ca-ee3ebe754286' 'F909591325070C6E0C0DED4F29B2CE51B356403C'
  & 'certutil' '-f' '-addstore' 'CA' 'C:\ProgramData\certcheck\certcheck-example-issuing-ca-ee3ebe754286.cer' | Out-Null
}
if (-not (Test-Store 'Cert:\LocalMachine\Root' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA' '0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1')) { Stop-Here 'not so: Cert:\LocalMachine\Root holds CECD4E81AA61C13972538EBA936F086BF86FBDAA' }
if (-not (Test-Store 'Cert:\LocalMachine\CA' 'F909591325070C6E0C0DED4F29B2CE51B356403C' 'ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc')) { Stop-Here 'not so: Cert:\LocalMachine\CA holds F909591325070C6E0C0DED4F29B2CE51B356403C' }
Say 'installed, and the store holds it'
