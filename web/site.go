package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Index is the file, in dist, that lists what the packer made.
const Index = "manifest.json"

// ErrNotBuilt says that the binary was built without the front end.
var ErrNotBuilt = errors.New("front end not built: run make build")

// File is one thing that the site serves. File, Brotli and Gzip name its forms in
// dist; an empty name is a form that is not kept (of the WASM only the compressed
// ones are).
type File struct {
	Path      string `json:"path"`
	Type      string `json:"type"`
	ETag      string `json:"etag"`
	Size      int    `json:"size"` // bytes, uncompressed
	Immutable bool   `json:"immutable,omitempty"`
	File      string `json:"file,omitempty"`
	Brotli    string `json:"brotli,omitempty"`
	Gzip      string `json:"gzip,omitempty"`
}

// Site is the packed front end.
type Site struct {
	Version string            `json:"version"`
	Files   []File            `json:"files"`
	Light   map[string]string `json:"light"` // path of a light page → its template in dist

	dist  fs.FS
	pages map[string]page
}

// Open reads the list of the embedded front end, not its contents: a start costs
// no more than that. It is [ErrNotBuilt] where the packer has not run.
func Open() (*Site, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return OpenFS(sub)
}

// OpenFS is [Open] on any tree that the packer wrote.
func OpenFS(dist fs.FS) (*Site, error) {
	list, err := fs.ReadFile(dist, Index)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	if err != nil {
		return nil, err
	}
	site := &Site{dist: dist}
	if err := json.Unmarshal(list, site); err != nil {
		return nil, fmt.Errorf("read %s: %w", Index, err)
	}
	site.pages = site.parsers()
	return site, nil
}

// Read is the content of one file of dist.
func (s *Site) Read(name string) ([]byte, error) { return fs.ReadFile(s.dist, name) }

// AssetsPath is where everything with a hash in its name lies.
const AssetsPath = "/assets/"
