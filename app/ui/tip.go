package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Tips shows what data-tip says while its element is hovered or focused. One, in the shell.
type Tips struct{ app.Compo }

func (t *Tips) Render() app.UI { return app.Div() }
