package config_test

import (
	"net/netip"
	"strings"
	"testing"

	"keystead/server/config"
)

// FuzzParse: whatever stands on the command line and in the environment, one part a line,
// gives settings that can be checked or one sentence on one line. What passes the check
// is not open to the outside by accident.
func FuzzParse(f *testing.F) {
	for _, seed := range [][2]string{
		{"serve", ""}, {"--listen=0.0.0.0:80", ""}, {"--listen\n127.0.0.1:0", "KEYSTEAD_PUBLIC_URL=https://keys.example.com\nKEYSTEAD_TRUSTED_PROXIES=10.0.0.0/8 ::1"},
		{"--elevation=-1s\n--\n--x", "KEYSTEAD_RATE_LIMIT=1e9"}, {"-h", "KEYSTEAD_DATA"}, {"--listen=[::]:80\n--insecure-http", "=\n=="},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, args, env string) {
		c, _, err := config.Parse(strings.Split(args, "\n"), strings.Split(env, "\n"))
		if err == nil {
			err = c.Check()
		}
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error says nothing")
			}
			return
		}
		host := c.Listen[:strings.LastIndex(c.Listen, ":")]
		ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
		outside := host != "localhost" && (err != nil || !ip.IsLoopback())
		if outside && !c.TLS() && !c.InsecureHTTP && (c.TrustedProxies == "" || !strings.HasPrefix(c.PublicURL, "https://")) {
			t.Errorf("%+v listens on %s in the clear", c, c.Listen)
		}
		proxies, err := c.Proxies()
		if err != nil {
			t.Errorf("what was checked has no proxies: %v", err)
		}
		for _, network := range proxies {
			if !network.IsValid() || network != network.Masked() {
				t.Errorf("%q gives the network %s", c.TrustedProxies, network)
			}
		}
	})
}
