package main

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// relay stands between the browser and the server and counts what passes: also what a
// worker fetches, or the browser by itself, which a page knows nothing of.
type relay struct {
	listener net.Listener
	server   *http.Server
	bytes    atomic.Int64 // to the browser, headers included

	mu    sync.Mutex
	paths []string // "GET /v1/me"
	last  time.Time
}

func relayTo(address string) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener: listener}
	pass := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "http", Host: address})
			p.Out.Host = p.In.Host
		},
		FlushInterval: -1,
		// Shorter than the server waits for a request, so that it never has to say so.
		Transport: &http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: 5 * time.Second, DisableCompression: true},
	}
	r.server = &http.Server{
		ReadHeaderTimeout: patience,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			r.mu.Lock()
			r.paths, r.last = append(r.paths, q.Method+" "+q.URL.Path), time.Now()
			r.mu.Unlock()
			pass.ServeHTTP(w, q)
		}),
	}
	go func() { _ = r.server.Serve(counting{listener, &r.bytes}) }()
	return r, nil
}

func (r *relay) close() { _ = r.server.Close() }

// site is where a browser finds the server: on localhost it grants everything that it
// grants on https.
func (r *relay) site(path string) string {
	_, port, _ := net.SplitHostPort(r.listener.Addr().String())
	return "http://localhost:" + port + path
}

// forget starts a new count.
func (r *relay) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paths, r.last = nil, time.Now()
	r.bytes.Store(0)
}

// seen is what was asked for since.
func (r *relay) seen() (paths []string, bytes int64, quiet time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.paths...), r.bytes.Load(), time.Since(r.last)
}

// counting is a listener whose connections count what they write.
type counting struct {
	net.Listener
	bytes *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return counted{conn, l.bytes}, nil
}

type counted struct {
	net.Conn
	bytes *atomic.Int64
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}
