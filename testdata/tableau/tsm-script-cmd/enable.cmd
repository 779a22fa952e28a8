@echo off
REM tsm stop
set CERT=C:\ssl\server.crt
call tsm.cmd security external-ssl enable ^
  --cert-file "%CERT%" ^
  --key-file c:\SSL\server.key ^
  --chain-file C:\ssl\issuing.crt
tsm.cmd pending-changes apply
