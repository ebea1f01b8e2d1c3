package browser

import (
	"os"
	"path/filepath"

	protocol "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// Downloads lets the page save files, into a folder of the test.
func (tab *Tab) Downloads() Downloads {
	tab.t.Helper()
	folder := tab.t.TempDir()
	call(tab, protocol.SetDownloadBehavior, protocol.SetDownloadBehaviorParams{
		Behavior: protocol.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
		BrowserContextID: chromedp.FromContext(tab.ctx).BrowserContextID,
	})
	return Downloads{tab, folder}
}

// Downloads is where the files of a tab arrive.
type Downloads struct {
	tab    *Tab
	folder string
}

// One waits for the file whose name matches, and reads it.
func (d Downloads) One(pattern string) string {
	d.tab.t.Helper()
	var text []byte
	d.tab.Eventually("the file "+pattern, func() string {
		found, err := filepath.Glob(filepath.Join(d.folder, pattern))
		if err != nil {
			return err.Error()
		}
		if len(found) != 1 {
			return "it is not there"
		}
		if text, err = os.ReadFile(found[0]); err != nil {
			return err.Error()
		}
		return ""
	})
	return string(text)
}
