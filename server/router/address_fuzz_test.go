package router_test

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keystead/server/router"
)

// proxies are the peers that are believed: 10.0.0.0/8 and 2001:db8::/32.
var proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}

// believed tells them by what they look like in package net.
func believed(ip net.IP) bool {
	if four := ip.To4(); four != nil {
		return four[0] == 10
	}
	return len(ip) == 16 && ip[0] == 0x20 && ip[1] == 0x01 && ip[2] == 0x0d && ip[3] == 0xb8
}

var comma = regexp.MustCompile(`\s*,\s*`)

// clientOf is the rule once more: the last hop speaks for the one before it as long as it
// is believed.
func clientOf(peer net.IP, hops []string) string {
	if n := len(hops); believed(peer) && n > 0 {
		if before := net.ParseIP(strings.TrimSpace(hops[n-1])); before != nil {
			return clientOf(before, hops[:n-1])
		}
	}
	return peer.String()
}

// FuzzP35Address: X-Forwarded-For counts from the right, as far as proxies that are
// believed wrote it; in one line or in several.
func FuzzP35Address(f *testing.F) {
	for _, forwarded := range []string{
		"", "198.51.100.1", "198.51.100.1, 10.0.0.2", "10.0.0.3,10.0.0.2", "198.51.100.1, 203.0.113.9, 10.0.0.2", "x, 10.0.0.2", "10.0.0.2, x",
		"::ffff:198.51.100.1", "2001:db8::7, 2001:db8::8", "fe80::1%eth0", "198.51.100.1:80", "[2001:db8::7]", "010.0.0.1", ",", " , 10.0.0.2", "198.51.100.1\n10.0.0.2",
	} {
		f.Add([]byte{10, 0, 0, 1}, forwarded)
	}
	f.Add([]byte{192, 0, 2, 1}, "198.51.100.1")
	f.Add([]byte{127, 0, 0, 1}, "10.0.0.2")
	app := fiber.New()
	address := router.Address(proxies)
	f.Fuzz(func(t *testing.T, peer []byte, forwarded string) {
		if len(peer) != net.IPv4len && len(peer) != net.IPv6len {
			return
		}
		request := &fasthttp.RequestCtx{}
		request.SetRemoteAddr(&net.TCPAddr{IP: peer})
		var hops []string
		for line := range strings.SplitSeq(forwarded, "\n") {
			request.Request.Header.Add("X-Forwarded-For", line)
		}
		for _, line := range request.Request.Header.PeekAll("X-Forwarded-For") { // as fasthttp keeps them
			hops = append(hops, comma.Split(string(line), -1)...)
		}
		c := app.AcquireCtx(request)
		defer app.ReleaseCtx(c)
		if got, want := address(c), clientOf(peer, hops); got != want {
			t.Errorf("%v with %q is %s, want %s", net.IP(peer), forwarded, got, want)
		}
	})
}
