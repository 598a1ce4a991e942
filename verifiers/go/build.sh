#!/bin/sh
# Builds weirverify from Debian's golang-go and golang-golang-x-mod-dev alone, without a network: build.sh [OUTPUT]
set -eu
out=${1:-weirverify}
case $out in /*) ;; *) out=$PWD/$out ;; esac
cd "$(dirname "$0")"
GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE=${GOCACHE:-${XDG_CACHE_HOME:-${TMPDIR:-/tmp}}/weirverify-go-build} CGO_ENABLED=0 go build -o "$out" .
