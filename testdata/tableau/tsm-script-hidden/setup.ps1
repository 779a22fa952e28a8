Start-Process tsm -ArgumentList 'security external-ssl enable --cert-file a.crt --key-file b.key'
tsm pending-changes apply
