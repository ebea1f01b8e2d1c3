package router

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Address finds the client's address. X-Forwarded-For counts only where the peer
// is a trusted proxy, and is walked from the right: the first address that is not
// a trusted proxy's is the client's, all further left anyone may have written.
func Address(trusted []netip.Prefix) func(*fiber.Ctx) string {
	known := func(ip netip.Addr) bool {
		for _, network := range trusted {
			if network.Contains(ip) {
				return true
			}
		}
		return false
	}
	return func(c *fiber.Ctx) string {
		peer, ok := netip.AddrFromSlice(c.Context().RemoteIP())
		if !ok {
			return ""
		}
		peer = peer.Unmap()
		if !known(peer) {
			return peer.String()
		}
		return forwarded(c, peer, known).String()
	}
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
