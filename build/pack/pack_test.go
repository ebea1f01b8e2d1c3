package main

import (
	"bytes"
	"compress/gzip"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"keystead/shared/api"
	"keystead/web"
)

// packed packs the real sources with a stand-in for the WASM, after edit.
func packed(t *testing.T, edit func(sources string)) (*web.Site, string) {
	t.Helper()
	work := t.TempDir()
	from := source{
		web:      filepath.Join(work, "web"),
		wasm:     filepath.Join(work, "app.wasm"),
		wasmExec: filepath.Join(work, "wasm_exec.js"),
	}
	copySources(t, from.web)
	put(t, from.wasm, strings.Repeat("\x00asm program ", 500))
	put(t, from.wasmExec, "// glue")
	if edit != nil {
		edit(work)
	}
	out := filepath.Join(work, "dist")
	if err := run(from, out, compressor{cache: filepath.Join(work, "cache"), fast: true}); err != nil {
		t.Fatal(err)
	}
	site, err := web.OpenFS(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	return site, out
}

func copySources(t *testing.T, to string) {
	t.Helper()
	from := filepath.Join("..", "..", "web")
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if rel == "dist" {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t *testing.T, path, more string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, string(content)+more)
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var hashedName = regexp.MustCompile(`^/assets/[a-z_0-9-]+\.[0-9a-f]{12}\.(css|js|wasm|svg|png)$`)

func TestPackedFiles(t *testing.T) {
	site, out := packed(t, nil)
	fixed := map[string]bool{}
	for _, file := range site.Files {
		if file.Immutable != hashedName.MatchString(file.Path) {
			t.Errorf("%s: immutable %v", file.Path, file.Immutable)
		}
		if !file.Immutable {
			fixed[file.Path] = true
		}
		if file.Size == 0 || file.Type == "" || file.ETag == "" {
			t.Errorf("%s is not described: %+v", file.Path, file)
		}
		forms(t, out, file)
	}
	for _, path := range []string{"/", "/sw.js", "/manifest.webmanifest"} {
		if !fixed[path] {
			t.Errorf("%s is missing", path)
		}
	}
	if len(fixed) != 3 {
		t.Errorf("names without a hash: %v", fixed)
	}
}

// forms checks that the forms of a file unpack to its size.
func forms(t *testing.T, out string, file web.File) {
	t.Helper()
	wasm := file.Type == "application/wasm"
	if wasm != (file.File == "") {
		t.Errorf("%s: kept uncompressed as %q", file.Path, file.File)
	}
	if file.File != "" && len(read(t, filepath.Join(out, file.File))) != file.Size {
		t.Errorf("%s: %s is not %d bytes", file.Path, file.File, file.Size)
	}
	if file.Type == "image/png" {
		return
	}
	br, err := io.ReadAll(brotli.NewReader(strings.NewReader(read(t, filepath.Join(out, file.Brotli)))))
	if err != nil || len(br) != file.Size {
		t.Errorf("%s: brotli holds %d bytes, want %d: %v", file.Path, len(br), file.Size, err)
	}
	packed, err := gzip.NewReader(strings.NewReader(read(t, filepath.Join(out, file.Gzip))))
	if err != nil {
		t.Fatal(err)
	}
	gz, err := io.ReadAll(packed)
	if err != nil || !bytes.Equal(gz, br) {
		t.Errorf("%s: gzip and brotli differ: %v", file.Path, err)
	}
}

// What the policy forbids, and what no browser could resolve, is in no file.
func TestPackedSources(t *testing.T) {
	site, out := packed(t, nil)
	forbidden := regexp.MustCompile(`@@|<style|style="|<script>|\son[a-z]+="|javascript:|innerHTML|eval\(|https?://[^w]`)
	for _, name := range []string{"index.html", "light.html", "sign_in.html", "setup.html", "invite.html", "sw.js", "manifest.webmanifest"} {
		if found := forbidden.FindString(read(t, filepath.Join(out, name))); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
	for _, file := range site.Files {
		own := strings.HasPrefix(file.File, "boot.") || strings.HasPrefix(file.File, "light.") || strings.HasPrefix(file.File, "page.")
		if own && forbidden.MatchString(read(t, filepath.Join(out, file.File))) {
			t.Errorf("%s holds %q", file.File, forbidden.FindString(read(t, filepath.Join(out, file.File))))
		}
	}
}

// The worker keeps every asset and the page, and nothing of the server's.
func TestWorkersList(t *testing.T) {
	site, out := packed(t, nil)
	worker := read(t, filepath.Join(out, "sw.js"))
	list := regexp.MustCompile(`const shell = new Set\("([^"]*)"`).FindStringSubmatch(worker)
	if list == nil {
		t.Fatal("sw.js has no list")
	}
	kept := map[string]bool{}
	for _, path := range strings.Fields(list[1]) {
		kept[path] = true
		if api.ServerOwned(path) {
			t.Errorf("the worker keeps %s, which is the server's", path)
		}
	}
	for _, file := range site.Files {
		if kept[file.Path] == (file.Path == "/sw.js") {
			t.Errorf("%s: kept %v", file.Path, kept[file.Path])
		}
	}
	if !strings.Contains(worker, `"`+strings.Join(api.ServerPaths, " ")+`"`) {
		t.Error("the worker does not know the server's paths")
	}
	if !strings.Contains(worker, `"`+site.Version+`"`) {
		t.Error("the worker does not hold the version")
	}
}

func TestVersionFollowsEverySource(t *testing.T) {
	before, _ := packed(t, nil)
	if again, _ := packed(t, nil); again.Version != before.Version {
		t.Errorf("the same sources gave %s and %s", before.Version, again.Version)
	}
	for _, name := range []string{
		"app.wasm", "wasm_exec.js", "web/index.html", "web/sign_in.html", "web/light.html", "web/sw.js", "web/boot.js",
		"web/page.js", "web/css/console.css", "web/icons/icon.svg", "web/manifest.webmanifest",
	} {
		after, _ := packed(t, func(work string) { appendTo(t, filepath.Join(work, name), "\n") })
		if after.Version == before.Version {
			t.Errorf("the version does not follow %s", name)
		}
	}
}

func TestUnknownNameFails(t *testing.T) {
	work := t.TempDir()
	copySources(t, filepath.Join(work, "web"))
	put(t, filepath.Join(work, "app.wasm"), "wasm")
	put(t, filepath.Join(work, "wasm_exec.js"), "glue")
	appendTo(t, filepath.Join(work, "web", "sw.js"), `"@@no-such.js@@"`)
	from := source{web: filepath.Join(work, "web"), wasm: filepath.Join(work, "app.wasm"), wasmExec: filepath.Join(work, "wasm_exec.js")}
	out := filepath.Join(work, "dist")
	err := run(from, out, compressor{cache: filepath.Join(work, "cache"), fast: true})
	if err == nil || !strings.Contains(err.Error(), "no-such.js") {
		t.Errorf("error %v, want one that names no-such.js", err)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Error("a failed packing wrote dist")
	}
}

// A second packing removes what the first left and keeps the placeholder.
func TestSweep(t *testing.T) {
	_, out := packed(t, func(work string) {
		if err := os.MkdirAll(filepath.Join(work, "dist"), 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(work, "dist", "boot.0123456789ab.js"), "old")
		put(t, filepath.Join(work, "dist", ".gitkeep"), "")
	})
	if _, err := os.Stat(filepath.Join(out, "boot.0123456789ab.js")); !os.IsNotExist(err) {
		t.Error("an old file stayed")
	}
	if _, err := os.Stat(filepath.Join(out, ".gitkeep")); err != nil {
		t.Error("the placeholder is gone")
	}
}

func TestCompressorKeeps(t *testing.T) {
	cache := t.TempDir()
	content := []byte(strings.Repeat("again and again ", 100))
	well, err := compressor{cache: cache}.brotli(content)
	if err != nil {
		t.Fatal(err)
	}
	put(t, compressor{cache: cache}.kept(content, "br11"), "kept")
	for _, fast := range []bool{false, true} {
		got, err := compressor{cache: cache, fast: fast}.brotli(content)
		if err != nil || string(got) != "kept" {
			t.Errorf("fast %v compressed again: %q, %v", fast, got, err)
		}
	}
	if len(well) >= len(content) {
		t.Errorf("%d bytes became %d", len(content), len(well))
	}
}

func TestIcons(t *testing.T) {
	site, out := packed(t, nil)
	seen := 0
	for _, file := range site.Files {
		if file.Type != "image/png" {
			continue
		}
		seen++
		picture, err := png.Decode(strings.NewReader(read(t, filepath.Join(out, file.File))))
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, alpha := picture.At(0, 0).RGBA()
		full := strings.HasPrefix(file.File, "icon-maskable") || strings.HasPrefix(file.File, "apple-touch")
		if full != (alpha == 0xffff) {
			t.Errorf("%s: corner has alpha %x", file.File, alpha)
		}
		size := picture.Bounds().Dx()
		tile := picture.At(size/2, size/8)
		if picture.At(size*16/32, size*17/32) != tile || picture.At(size*16/32, size*15/32) == tile {
			t.Errorf("%s: no keyhole in its middle", file.File)
		}
	}
	if seen != 4 {
		t.Errorf("%d pictures, want 4", seen)
	}
}
