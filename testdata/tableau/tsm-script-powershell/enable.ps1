$cert = '../../pki/server.crt'
& tsm security external-ssl enable `
  --cert-file $cert `
  --key-file "../../pki/server.key" `
  --chain-file “../../pki/issuing.crt”
Write-Host "tsm is done"
