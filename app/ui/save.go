package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Save hands a file, a Blob, to the browser as a download under that name. Its
// address is given back a minute later, when the browser has long read it.
func Save(file app.Value, name string) {
	urls := window().Get("URL")
	address := urls.Call("createObjectURL", file)
	link := document().Call("createElement", "a")
	link.Set("href", address)
	link.Set("download", name)
	link.Call("click")
	time.AfterFunc(time.Minute, func() { urls.Call("revokeObjectURL", address) })
}
