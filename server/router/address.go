package router

import (
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
		peer, ok := peerOf(c)
		if !ok {
			return ""
		}
		if !known(peer) {
			return peer.String()
		}
		return forwarded(c, peer, known).String()
	}
}

// Trusted reports whether the peer itself is a trusted proxy, whatever it forwards.
func Trusted(trusted []netip.Prefix) func(*rest.Request) bool {
	known := among(trusted)
	return func(r *rest.Request) bool {
		peer, ok := peerOf(r.Fiber)
		return ok && known(peer)
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

func peerOf(c *fiber.Ctx) (netip.Addr, bool) {
	peer, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	return peer.Unmap(), ok
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
