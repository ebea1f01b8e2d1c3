// Package scan holds us to what other people's tools see in us, by tests only: vet and
// staticcheck at every push, and what takes longer or the network, gosec, gitleaks and
// govulncheck, by build/scan.sh at full size.
package scan
