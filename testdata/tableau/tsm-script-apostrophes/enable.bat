@echo off
tsm configuration set -k ssl.protocols -v 'all -SSLv3 -TLSv1 -TLSv1.1'
