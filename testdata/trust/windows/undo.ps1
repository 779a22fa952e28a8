# certcheck trust plan, windows: undoes the following.
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

# by thumbprint: names and serial numbers may match several
if ((Test-Entry 'C:\ProgramData\certcheck\trust\windows-certcheck-example-root-ca-0bb7fb95d303' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA') -and (Test-Store 'Cert:\LocalMachine\Root' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA' '0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1')) {
  & 'certutil' '-delstore' 'Root' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA' | Out-Null
}
# only if the plan wrote it and it is unchanged
Remove-Ours 'C:\ProgramData\certcheck\certcheck-example-root-ca-0bb7fb95d303.cer' 'b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46' 'C:\ProgramData\certcheck\trust\windows-certcheck-example-root-ca-0bb7fb95d303'
# by thumbprint: names and serial numbers may match several
if ((Test-Entry 'C:\ProgramData\certcheck\trust\windows-certcheck-example-issuing-ca-ee3ebe754286' 'F909591325070C6E0C0DED4F29B2CE51B356403C') -and (Test-Store 'Cert:\LocalMachine\CA' 'F909591325070C6E0C0DED4F29B2CE51B356403C' 'ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc')) {
  & 'certutil' '-delstore' 'CA' 'F909591325070C6E0C0DED4F29B2CE51B356403C' | Out-Null
}
# only if the plan wrote it and it is unchanged
Remove-Ours 'C:\ProgramData\certcheck\certcheck-example-issuing-ca-ee3ebe754286.cer' '80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd' 'C:\ProgramData\certcheck\trust\windows-certcheck-example-issuing-ca-ee3ebe754286'
if ((Test-Store 'Cert:\LocalMachine\Root' 'CECD4E81AA61C13972538EBA936F086BF86FBDAA' '0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1')) { Stop-Here 'not so: Cert:\LocalMachine\Root no longer holds CECD4E81AA61C13972538EBA936F086BF86FBDAA' }
if ((Test-Store 'Cert:\LocalMachine\CA' 'F909591325070C6E0C0DED4F29B2CE51B356403C' 'ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc')) { Stop-Here 'not so: Cert:\LocalMachine\CA no longer holds F909591325070C6E0C0DED4F29B2CE51B356403C' }
Close-Journal 'C:\ProgramData\certcheck\trust'
Say 'undone'
