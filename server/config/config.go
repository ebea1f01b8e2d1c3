// Package config is every setting: its flag, its variable, its default, its
// sentence. The table in the README is made from it.
package config

import (
	"errors"
	"flag"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Config is what a server is started with. What each field means is said by the sentence of
// its flag; a string that is "" is not set.
type Config struct {
	Data            string
	Listen          string
	MetricsListen   string
	PublicURL       string
	TrustedProxies  string // addresses and networks, separated by commas; see [Config.Proxies]
	TLSCert         string
	TLSKey          string
	TLSSelfSigned   bool
	InsecureHTTP    bool
	MasterKeyFile   string
	Elevation       time.Duration
	RateLimit       int // requests a second of one caller
	FailedPerMinute int // bad credentials from one address
	MaxKeysPerUser  int // in each organization, and of global ones
	StopDelay       time.Duration
	CompatAccessKey bool // in answers to Automox clients
	BackupDir       string
	BackupEvery     time.Duration // 0: on demand only
	BackupKeep      int           // scheduled ones that stay
	BackupRecipient string        // age recipients, separated by commas; see [Config.Recipients]
	PasswordGrant   bool
	Debug           bool
}

// Default is the configuration without a flag or variable.
func Default() Config {
	return Config{
		Data: "./data", Listen: "127.0.0.1:8080", Elevation: 2 * time.Hour,
		RateLimit: 1000, FailedPerMinute: 30, MaxKeysPerUser: 10, StopDelay: 500 * time.Millisecond,
		BackupEvery: 24 * time.Hour, BackupKeep: 14,
	}
}

// Setting is one row of the table in the README.
type Setting struct{ Flag, Variable, Default, Means string }

func (c *Config) flags() *flag.FlagSet {
	f := flag.NewFlagSet("keystead", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.Data, "data", c.Data, "the folder of database, master key and socket")
	f.StringVar(&c.Listen, "listen", c.Listen, "the address to serve on")
	f.StringVar(&c.PublicURL, "public-url", c.PublicURL, "the URL that people and scripts use, such as https://keys.example.com; needed behind a proxy")
	f.StringVar(&c.TrustedProxies, "trusted-proxies", c.TrustedProxies, "addresses or networks of proxies whose X-Forwarded-For counts, separated by commas; needs --public-url")
	f.StringVar(&c.TLSCert, "tls-cert", c.TLSCert, "certificate file (PEM) to serve https with")
	f.StringVar(&c.TLSKey, "tls-key", c.TLSKey, "key file (PEM) of the certificate")
	f.BoolVar(&c.TLSSelfSigned, "tls-self-signed", c.TLSSelfSigned, "serve https with a certificate of our own, kept in the data folder; the browser has to be told to trust it first")
	f.BoolVar(&c.InsecureHTTP, "insecure-http", c.InsecureHTTP, "serve other machines by plain http too; browsers then withhold offline use, installing and their clipboard")
	f.StringVar(&c.MetricsListen, "metrics-listen", c.MetricsListen, "an address of its own for Prometheus, such as 127.0.0.1:9090, with /metrics and nothing else")
	f.StringVar(&c.MasterKeyFile, "master-key-file", c.MasterKeyFile, "the file of the master key; without it master.key in the data folder, made at the first start")
	f.DurationVar(&c.Elevation, "elevation", c.Elevation, "how long after the password was typed values can be shown and keys rotated before it is asked again")
	f.IntVar(&c.RateLimit, "rate-limit", c.RateLimit, "requests a second of each session, key or token; verifying keys has no limit")
	f.IntVar(&c.FailedPerMinute, "failed-per-minute", c.FailedPerMinute, "how many bad keys, or bad passwords, a minute one address may send; good keys are let in all the same")
	f.IntVar(&c.MaxKeysPerUser, "max-keys-per-user", c.MaxKeysPerUser, "how many API keys a user may have in an organization, and how many global ones")
	f.DurationVar(&c.StopDelay, "stop-delay", c.StopDelay, "how long at a stop /readyz says no while requests are still taken; longer than a load balancer’s checks are apart")
	f.BoolVar(&c.CompatAccessKey, "compat-access-key", c.CompatAccessKey, "show the agent access key to Automox clients whose key may reveal it")
	f.StringVar(&c.BackupDir, "backup-dir", c.BackupDir, "the folder of scheduled backups, best on another disk; without it there are none")
	f.DurationVar(&c.BackupEvery, "backup-every", c.BackupEvery, "how often a backup is made in --backup-dir; 0 makes them on demand only")
	f.IntVar(&c.BackupKeep, "backup-keep", c.BackupKeep, "how many scheduled backups stay in --backup-dir")
	f.StringVar(&c.BackupRecipient, "backup-recipient", c.BackupRecipient, "age recipients (age1…), separated by commas, for whom backups are encrypted")
	f.BoolVar(&c.PasswordGrant, "compat-password-grant", c.PasswordGrant, "let Netography clients exchange a person’s password for a token that can only read")
	f.BoolVar(&c.Debug, "debug", c.Debug, "log more, still no secret")
	return f
}

// Settings lists every setting with its default.
func Settings() []Setting {
	c := Default()
	var list []Setting
	c.flags().VisitAll(func(f *flag.Flag) {
		list = append(list, Setting{"--" + f.Name, variable(f.Name), f.DefValue, f.Usage})
	})
	return list
}

func variable(name string) string {
	return "KEYSTEAD_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// client are the variables of the command line against a server; the server's
// start lets them be.
var client = map[string]bool{"KEYSTEAD_URL": true, "KEYSTEAD_KEY": true}

// Parse reads KEYSTEAD_ variables, then flags, which win. It answers what is left
// of args after the flags. An unknown or malformed setting is an error of one
// sentence.
func Parse(args, env []string) (Config, []string, error) {
	c := Default()
	flags := c.flags()
	byVariable := map[string]string{}
	flags.VisitAll(func(f *flag.Flag) { byVariable[variable(f.Name)] = f.Name })
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "KEYSTEAD_") || client[name] {
			continue
		}
		known, ok := byVariable[name]
		if !ok {
			return c, nil, misuse("%s is not a setting", name)
		}
		if err := flags.Set(known, value); err != nil {
			return c, nil, misuse("%s has a value that it can't have: it is %s", name, kind(flags, known))
		}
	}
	if err := flags.Parse(args); err != nil {
		return c, nil, Why(flags, err)
	}
	return c, flags.Args(), c.credential(env)
}

// credential takes the master key that systemd hands to a service
// (LoadCredential=keystead.master-key:…, systemd.exec(5)). Where another is named too,
// nobody knows which one is meant.
func (c *Config) credential(env []string) error {
	for _, entry := range env {
		dir, ok := strings.CutPrefix(entry, "CREDENTIALS_DIRECTORY=")
		path := filepath.Join(dir, "keystead.master-key")
		if _, err := os.Stat(path); !ok || err != nil {
			continue
		}
		if c.MasterKeyFile != "" && c.MasterKeyFile != path {
			return errors.New("there are two master keys, --master-key-file and the systemd credential keystead.master-key: take one away")
		}
		c.MasterKeyFile = path
	}
	return nil
}

// hostOf takes the host off an address to listen on. Not ok: it has no port, or one that
// is no number; without one package net takes any that is free.
func hostOf(address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return host, err == nil
}

// Check refuses settings that contradict each other.
func (c Config) Check() error {
	host, ok := hostOf(c.Listen)
	metricsHost, metricsOK := hostOf(c.MetricsListen)
	switch {
	case c.Data == "": // an unset variable in a script
		return misuse("--data is a folder, such as ./data")
	case !ok:
		return misuse("--listen is an address and a port up to 65535, such as 127.0.0.1:8080")
	case c.MetricsListen != "" && !metricsOK:
		return misuse("--metrics-listen is an address and a port up to 65535, such as 127.0.0.1:9090")
	case c.MetricsListen != "" && c.MetricsListen == c.Listen:
		return misuse("--metrics-listen is another address than --listen: what is public holds no metrics")
	case c.PublicURL != "" && !httpURL(c.PublicURL):
		return misuse("--public-url is a URL such as https://keys.example.com, without a path")
	case c.TrustedProxies != "" && c.PublicURL == "":
		return misuse("--trusted-proxies needs --public-url")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return misuse("--tls-cert and --tls-key go together")
	case c.TLSSelfSigned && c.TLSCert != "":
		return misuse("--tls-self-signed and --tls-cert exclude each other")
	case !loopback(host) && !c.TLS() && !c.InsecureHTTP && !c.behindProxy():
		return misuse("%s can be reached from outside: give --tls-cert and --tls-key, or --tls-self-signed, or --trusted-proxies behind a proxy, or --insecure-http", c.Listen)
	case c.MetricsListen != "" && !loopback(metricsHost) && !c.TLS() && !c.InsecureHTTP:
		return misuse("%s can be reached from outside: give --tls-cert and --tls-key, or --insecure-http, or let --metrics-listen be on loopback", c.MetricsListen)
	case c.StopDelay < 0 || c.StopDelay > time.Minute:
		return misuse("--stop-delay is from 0 to 1m")
	case c.Elevation <= 0 || c.RateLimit <= 0 || c.FailedPerMinute <= 0 || c.MaxKeysPerUser <= 0:
		return misuse("--elevation, --rate-limit, --failed-per-minute and --max-keys-per-user are above zero")
	}
	if err := c.checkBackups(); err != nil {
		return err
	}
	_, err := c.Proxies()
	return err
}

func (c Config) behindProxy() bool {
	return c.TrustedProxies != "" && strings.HasPrefix(c.PublicURL, "https://")
}

func httpURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Proxies are the networks of --trusted-proxies.
func (c Config) Proxies() ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for _, part := range strings.FieldsFunc(c.TrustedProxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		if ip, err := netip.ParseAddr(part); err == nil {
			nets = append(nets, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, misuse("--trusted-proxies lists addresses and networks, such as 10.0.0.2 or 10.0.0.0/8")
		}
		nets = append(nets, network.Masked())
	}
	return nets, nil
}

// TLS reports whether this server itself speaks https.
func (c Config) TLS() bool { return c.TLSCert != "" || c.TLSSelfSigned }

// MetricsTLS reports whether the metrics go by https: where they leave this machine and
// there is a certificate.
func (c Config) MetricsTLS() bool {
	host, _, _ := net.SplitHostPort(c.MetricsListen)
	return c.TLS() && !loopback(host)
}

// HTTPS reports whether people reach the console by https.
func (c Config) HTTPS() bool { return c.TLS() || strings.HasPrefix(c.PublicURL, "https://") }

// Cookie is the session cookie's name, chosen once: by http two consoles on one
// host would else overwrite each other's.
func (c Config) Cookie() string {
	if c.HTTPS() {
		return "__Host-keystead"
	}
	_, port, _ := net.SplitHostPort(c.Listen)
	return "keystead_" + port
}

// Origin is the public URL's origin, or "" where none is set and the Host counts.
func (c Config) Origin() string { return strings.TrimRight(c.PublicURL, "/") }

// PublicHost is the host of the public URL, "" where none is set.
func (c Config) PublicHost() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// The files in the data folder.
func (c Config) Database() string  { return filepath.Join(c.Data, "keystead.db") }
func (c Config) Lock() string      { return filepath.Join(c.Data, "keystead.lock") }
func (c Config) Socket() string    { return filepath.Join(c.Data, "keystead.sock") }
func (c Config) AuditHead() string { return filepath.Join(c.Data, "audit.head") }

// MasterKey is the path of the master key.
func (c Config) MasterKey() string {
	if c.MasterKeyFile != "" {
		return c.MasterKeyFile
	}
	return filepath.Join(c.Data, "master.key")
}
