package router

import (
	"net"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"

	"keystead/server/rest"
)

// Address finds the client's address. X-Forwarded-For counts only where the peer
// is a trusted proxy, and is walked from the right: the first address that is not
// a trusted proxy's is the client's, all further left anyone may have written.
func Address(trusted []netip.Prefix) func(*fiber.Ctx) string {
	known := among(trusted)
	return func(c *fiber.Ctx) string {
		peer := peerOf(c)
		if !peer.ip.IsValid() {
			return ""
		}
		if !known(peer.ip) {
			return peer.text
		}
		return forwarded(c, peer.ip, known).String()
	}
}

// Trusted reports whether the peer itself is a trusted proxy, whatever it forwards.
func Trusted(trusted []netip.Prefix) func(*rest.Request) bool {
	known := among(trusted)
	return func(r *rest.Request) bool {
		peer := peerOf(r.Fiber)
		return peer.ip.IsValid() && known(peer.ip)
	}
}

func among(networks []netip.Prefix) func(netip.Addr) bool {
	return func(ip netip.Addr) bool {
		for _, network := range networks { // slices.ContainsFunc would leave a closure behind
			if network.Contains(ip) {
				return true
			}
		}
		return false
	}
}

// peer is the other end of a connection.
type peer struct {
	net.Addr
	ip   netip.Addr // not valid where the connection is none of IP
	text string
}

func peerAt(addr net.Addr) peer {
	found := peer{Addr: addr}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		found.ip = tcp.AddrPort().Addr().WithZone("").Unmap()
		found.text = found.ip.String()
	}
	return found
}

func peerOf(c *fiber.Ctx) peer {
	addr := c.Context().RemoteAddr()
	if known, ok := addr.(*peer); ok {
		return *known
	}
	return peerAt(addr)
}

func forwarded(c *fiber.Ctx, peer netip.Addr, known func(netip.Addr) bool) netip.Addr {
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	for i := len(hops) - 1; i >= 0 && known(peer); i-- {
		ip, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil || ip.Zone() != "" {
			break // whoever wrote this is the last one known
		}
		peer = ip.Unmap()
	}
	return peer
}
