set K=../../pki/server.key
if "%1"=="test" set K=../../pki/other.key
tsm security external-ssl enable --cert-file ../../pki/server.crt --key-file %K% --chain-file ../../pki/issuing.crt
