package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// orgSecret is the agent access key or the shared secret of an organization: masked,
// with Show, Copy and Rotate, or Create where there is none. It stands in a card on
// one screen and in a dialog on the other. It keeps no value: ui.Secret does, for
// ten seconds.
type orgSecret struct {
	app.Compo
	Kind      secretKind
	Org       api.OrgID
	MayRead   bool
	MayManage bool
	Offline   bool
	Bare      bool // in a dialog, which has the heading
	Turn      int  // counts rotations: a new one asks again
	OnRotate  func(has bool, previous *api.Previous)
	OnFail    func(err error)
	OnCopied  func(what string)

	ctx     app.Context
	asked   int
	loaded  bool
	secret  *api.OrgSecret // nil: there is none
	problem error
	org     api.OrgID
	turn    int
	away    bool // it was offline when last drawn
}

func (s *orgSecret) CompoID() string { return "secret-" + string(s.Kind.Kind) }

func (s *orgSecret) OnMount(ctx app.Context) {
	s.ctx, s.org, s.turn, s.away = ctx, s.Org, s.Turn, s.Offline
	s.load(ctx)
}

func (s *orgSecret) OnUpdate(app.Context) {
	back := s.away && !s.Offline && s.problem != nil
	s.away = s.Offline
	if s.ctx.Context == nil || s.org == s.Org && s.turn == s.Turn && !back {
		return
	}
	if s.org != s.Org {
		s.loaded, s.secret = false, nil
	}
	s.org, s.turn = s.Org, s.Turn
	s.load(s.ctx)
}

func (s *orgSecret) load(app.Context) {
	s.asked++
	asked, org, kind := s.asked, s.Org, s.Kind.Kind
	s.ctx.Async(func() {
		secret, err := client.API.Secret(s.ctx, org, kind)
		s.ctx.Dispatch(ui.Safe(func(app.Context) {
			if asked != s.asked {
				return
			}
			s.problem = err
			if err == nil {
				s.loaded, s.secret = true, secret
			}
		}))
	})
}

func (s *orgSecret) Render() app.UI {
	if s.Bare {
		return ui.El("div", "class", "org-secret").Body(s.content(), s.act())
	}
	return ui.El("div", "class", "card pad", "role", "group", "aria-label", s.Kind.Name).Body(
		ui.El("div", "class", "spread").Body(ui.El("h2").Text(s.Kind.Name), s.act()),
		s.content(),
		ui.El("p", "class", "hint").Text(s.about()),
	)
}

// content is the secret in whichever face the load has.
func (s *orgSecret) content() app.UI {
	switch {
	case s.loaded && s.secret != nil:
		return s.masked()
	case s.loaded && s.MayManage:
		return ui.El("div", "class", "secret", "data-state", "none").Body(ui.El("span", "class", "never").Text("There is none yet."))
	case s.loaded:
		return ui.El("p", "class", "never").Text("There is none yet. Somebody who may manage it can create one.")
	case s.problem != nil && s.Offline:
		return notKept()
	case s.problem != nil:
		return ui.El("div", "role", "alert").Body(ui.Notice(ui.Bad, "Couldn’t load it.", client.Sentence(s.problem),
			&ui.Button{ID: s.CompoID() + "-retry", Label: "Retry", OnClick: s.load}))
	}
	return ui.Skeleton(1)
}

func (s *orgSecret) masked() app.UI {
	head, tail := hintEnds(s.secret.Hint)
	part := &ui.Secret{
		ID: s.CompoID() + "-value", Label: s.Kind.the, Head: head, Tail: tail, MaskOnly: !s.MayRead,
		Reveal: s.value(api.PurposeShow), Fetch: s.value(api.PurposeCopy),
		OnFail:   func(_ app.Context, err error) { s.OnFail(err) },
		OnCopied: func(app.Context) { s.OnCopied(s.Kind.the) },
	}
	if s.Offline {
		part.ShowOff, part.CopyOff = offline, offline
	}
	return part
}

func (s *orgSecret) value(why api.Purpose) func(context.Context) (string, error) {
	org, kind := s.Org, s.Kind.Kind
	return func(ctx context.Context) (string, error) {
		value, err := client.API.RevealSecret(ctx, org, kind, why)
		return value.Reveal(), err
	}
}

// act is Rotate, or Create where there is none yet.
func (s *orgSecret) act() app.UI {
	if !s.MayManage || !s.loaded {
		return nil
	}
	why := ""
	if s.Offline {
		why = offline
	}
	if s.secret == nil {
		return &ui.Button{ID: s.CompoID() + "-create", Label: "Create", Icon: ui.IconPlus, Off: why, OnClick: func(app.Context) { s.OnRotate(false, nil) }}
	}
	previous := s.secret.Previous
	if s.Bare {
		return &ui.Button{ID: s.CompoID() + "-rotate", Label: "Rotate…", Icon: ui.IconRotate, Off: why, OnClick: func(app.Context) { s.OnRotate(true, previous) }}
	}
	return &ui.IconButton{ID: s.CompoID() + "-rotate", Label: "Rotate " + s.Kind.the, Tip: "Rotate", Icon: ui.IconRotate, Off: why,
		OnClick: func(app.Context) { s.OnRotate(true, previous) }}
}

func (s *orgSecret) about() string {
	words := s.Kind.means
	if s.secret == nil {
		return words
	}
	words += " Made " + ui.Distance(s.secret.CreatedAt, time.Now()) + "."
	if overlapping(s.secret.Previous, time.Now()) {
		words += " The older one works until " + dayOf(s.secret.Previous.ValidUntil) + "."
	}
	return words
}
