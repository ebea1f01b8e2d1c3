// Command app is the console, compiled to WASM (GOOS=js GOARCH=wasm). Here stands
// which address leads to which page, and nothing else.
package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/pages"
	"keystead/app/shell"
)

func main() {
	app.Route(shell.PathSecretsKeys, func() app.Composer { return &pages.SecretsKeys{} })
	app.Route(shell.PathOrgs, func() app.Composer { return &pages.Orgs{} })
	app.Route(shell.PathUsers, func() app.Composer { return &pages.Users{} })
	app.Route(shell.PathRoles, func() app.Composer { return &pages.Roles{} })
	app.Route(shell.PathAPIKeys, func() app.Composer { return &pages.APIKeys{} })
	app.Route(shell.PathDevices, func() app.Composer { return &pages.Devices{} })
	app.Route(shell.PathAudit, func() app.Composer { return &pages.Audit{} })
	app.Route(shell.PathProfile, func() app.Composer { return &pages.Profile{} })
	app.RouteWithRegexp(shell.KeyPaths, func() app.Composer { return &pages.KeyPage{} })
	app.RouteWithRegexp(".*", func() app.Composer { return &shell.NotFound{} })

	shell.Start()
	app.RunWhenOnBrowser()
}
