package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long a state may take to come on a busy machine.
const Patience = 20 * time.Second

// ForeignName is a host name that leads to this machine and that browsers do not
// take for it: what is served there by plain http is not trusted.
const ForeignName = "keystead.test"

// Browser is a running Chromium.
type Browser struct {
	ctx   context.Context
	close context.CancelFunc
}

// Launch starts one. With a profile its data stay in that folder, else nothing stays.
func Launch(profile string) (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // tests run as root in containers
		chromedp.Flag("host-resolver-rules", "MAP "+ForeignName+" 127.0.0.1"),
		chromedp.Flag("lang", "en-US"),
	)
	if profile != "" {
		options = append(options, chromedp.UserDataDir(profile))
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		end()
		endAllocator()
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	return &Browser{ctx: ctx, close: func() { end(); endAllocator() }}, nil
}

// Close ends the browser and writes its profile.
func (b *Browser) Close() error {
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	err := chromedp.Cancel(ctx)
	b.close()
	return err
}
