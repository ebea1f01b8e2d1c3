package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"keystead/server/audit"
	"keystead/server/backups"
	"keystead/server/caller"
	"keystead/server/compat/automox"
	"keystead/server/compat/netography"
	"keystead/server/db"
	"keystead/server/devices"
	"keystead/server/keys"
	"keystead/server/orgs"
	"keystead/server/rekey"
	"keystead/server/rest"
	"keystead/server/roles"
	"keystead/server/router"
	"keystead/server/seal"
	"keystead/server/secrets"
	"keystead/server/sessions"
	"keystead/server/tokens"
	"keystead/server/users"
	"keystead/server/verify"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
	"keystead/web"
)

// Rooms are the features.
type Rooms struct {
	Keys     *keys.Keys
	Secrets  *secrets.Secrets
	Orgs     *orgs.Orgs
	Roles    *roles.Roles
	Users    *users.Users
	Sessions *sessions.Sessions
	Verify   *verify.Verify
	Devices  *devices.Devices
	Tokens   *tokens.Tokens
	Trail    *audit.Trail
	Rekey    *rekey.Rekey
	Automox  *automox.Automox
	Backups  *backups.Backups
}

// furnish makes the features and hands each the acts of others that it needs: as a method
// value, or in a closure where the other feature is made further down.
func (h *House) furnish(ctx context.Context) error {
	if err := roles.Sync(ctx, h.DB); err != nil {
		return err
	}
	h.furnishOrgs()
	h.furnishPeople()
	if err := h.furnishTokens(ctx); err != nil {
		return err
	}
	h.Trail = audit.NewTrail(audit.Needs{DB: h.DB, Audit: h.Audit, Log: h.Log})
	h.Automox = automox.New(automox.Needs{
		Keys: h.Keys, Orgs: h.Orgs, Users: h.Users, Roles: h.Roles, Devices: h.Devices, Secrets: h.Secrets,
		Now: h.DB.Now, ShowAccessKey: h.Config.CompatAccessKey,
	})
	h.furnishRekey()
	return h.backUp()
}

// furnishOrgs makes organizations and what goes with them.
func (h *House) furnishOrgs() {
	h.Keys = keys.New(keys.Needs{DB: h.DB, Seal: h.Seal, Audit: h.Audit, MaxPerUser: h.Config.MaxKeysPerUser})
	h.Secrets = secrets.New(secrets.Needs{DB: h.DB, Seal: h.Seal, Audit: h.Audit})
	h.Roles = roles.New(roles.Needs{DB: h.DB, Audit: h.Audit})
	h.Devices = devices.New(devices.Needs{DB: h.DB, Seal: h.Seal, Audit: h.Audit, Log: h.Log})
	h.Orgs = orgs.New(orgs.Needs{
		DB: h.DB, Audit: h.Audit, AddAgentKey: h.Secrets.AddAgentKey, EraseOrgValues: h.Keys.EraseOrgValues,
		Parts: []orgs.Part{
			{Name: "api_keys", Delete: h.Keys.DeleteOfOrg},
			{Name: "secrets", Delete: h.Secrets.DeleteOfOrg},
			{Name: "devices", Delete: h.Devices.DeleteOfOrg},
			{Name: "memberships", Delete: func(tx *db.Tx, org api.OrgID) (int64, error) { return h.Users.LeaveAll(tx, org) }},
			{Name: "roles", Delete: h.Roles.DeleteOfOrg}, // whose holders are gone
		},
	})
}

// furnishPeople makes users and how they sign in.
func (h *House) furnishPeople() {
	h.Users = users.New(users.Needs{
		DB: h.DB, Audit: h.Audit, MaxKeys: h.Config.MaxKeysPerUser, Limits: h.limits(),
		NewPassword: func(ctx context.Context, p api.Secret, about ...string) (string, error) {
			return h.Sessions.NewPassword(ctx, p, about...)
		},
		EndSessions: func(tx *db.Tx, user api.UserID) (int64, error) { return h.Sessions.EndAll(tx, user) },
		NewLink: func(tx *db.Tx, user api.UserID, purpose api.LinkPurpose, by *api.UserID) (api.Link, error) {
			return h.Sessions.NewLink(tx, user, purpose, by)
		},
		EndLinks:       func(tx *db.Tx, user api.UserID) error { return h.Sessions.EndLinks(tx, user) },
		EraseValues:    h.Keys.EraseValues,
		EraseForbidden: h.Keys.EraseForbidden,
		DeleteKeys:     h.Keys.DeleteOfUser,
		OwnerRenamed:   h.Keys.OwnerRenamed,
		Key:            h.Keys.Record,
	})
	h.Sessions = sessions.New(sessions.Needs{
		DB: h.DB, Seal: h.Seal, Audit: h.Audit, Log: h.Log,
		Cookie: h.Config.Cookie(), HTTPS: h.Config.HTTPS(), Origin: h.Config.Origin(),
		Elevation: h.Config.Elevation, FailedPerMinute: h.Config.FailedPerMinute, Hashed: h.hashed,
		AddAdministrator: h.Users.AddAdministrator, SetPassword: h.Users.SetPassword, AddOrg: h.Orgs.AddIn, NoteActive: h.Users.NoteActive,
		Redeem: func(tx *db.Tx, l sessions.Redeemed) (caller.User, error) {
			return h.Users.Redeem(tx, users.Redeemed(l))
		},
	})
}

// furnishTokens makes tokens, and the evaluator of them and of keys.
func (h *House) furnishTokens(ctx context.Context) error {
	proxies, err := h.Config.Proxies()
	if err != nil {
		return err
	}
	h.Tokens, err = tokens.New(ctx, tokens.Needs{
		DB: h.DB, Seal: h.Seal, Audit: h.Audit, Origin: h.Config.Origin(), Secrets: h.Secrets.Signing,
		KeyOf: h.keyOf, HolderOf: h.holderOf,
		NoteLogin: func(key api.KeyID, at time.Time, address string) { h.Verify.Note(key, at, address) },
	})
	if err != nil {
		return err
	}
	h.Verify = verify.New(verify.Needs{
		DB: h.DB, Seal: h.Seal, Log: h.Log, Retire: h.Keys.Retire, Tokens: h.tokens(), Trusted: router.Trusted(proxies),
	})
	return nil
}

// furnishRekey makes what seals and digests all of theirs anew.
func (h *House) furnishRekey() {
	h.Rekey = rekey.New(rekey.Needs{
		DB: h.DB, Seal: h.Seal, Audit: h.Audit, Log: h.Log, MasterKey: h.Config.MasterKey(), Ours: h.Config.MasterKeyFile == "", Visit: h.visit,
		Parts: []rekey.Part{
			{Name: "API keys", Stale: h.Keys.Stale, Renew: h.Keys.Renew, Redigest: h.Keys.Redigest, Left: h.Keys.Left},
			{Name: "agent keys and shared secrets", Stale: h.Secrets.Stale, Renew: h.Secrets.Renew, Redigest: h.Secrets.Redigest, Left: h.Secrets.Left},
			{Name: "devices", Redigest: h.Devices.Redigest, Left: h.Devices.Left},
			{Name: "links", Left: h.Sessions.Left},
		},
	})
}

// backUp makes the backups. Who serves has them follow their schedule.
func (h *House) backUp() error {
	recipients, err := h.Config.Recipients()
	if err != nil {
		return err
	}
	h.Backups = backups.New(backups.Needs{
		DB: h.DB, Seal: h.Seal, Audit: h.Audit, Log: h.Log, Version: h.Version,
		Data: h.Config.Data, Master: func() (seal.Master, error) { return seal.ReadMaster(h.Config.MasterKey()) }, Parts: parts(),
		Dir: h.Config.BackupDir, Every: h.Config.BackupEvery, Keep: h.Config.BackupKeep, Recipients: recipients,
	})
	return nil
}

func (h *House) limits() api.Limits {
	return api.Limits{Elevation: int64(h.Config.Elevation.Seconds()), PublicURL: h.Config.Origin(), Version: h.Version}
}

// leave ends what runs in the background and writes what is still in memory.
func (h *House) leave(ctx context.Context) error {
	h.timekeeper.End()
	return errors.Join(h.Backups.Close(), h.Rekey.Close(ctx), h.Sessions.Close(ctx), h.Verify.Close(ctx), h.Devices.Close(ctx), h.Trail.Close(ctx))
}

// Router mounts every door of the house.
func (h *House) Router() (*router.Router, error) {
	site, err := web.Open()
	if err != nil && !errors.Is(err, web.ErrNotBuilt) {
		return nil, fmt.Errorf("open the front end: %w", err)
	}
	proxies, err := h.Config.Proxies()
	if err != nil {
		return nil, err
	}
	address := router.Address(proxies)
	fusion := &netography.Netography{Keys: h.Keys, Tokens: h.Tokens, Sessions: h.Sessions, PasswordGrant: h.Config.PasswordGrant}
	m := router.Map{
		Site: site, Ping: h.DB.Ping, HTTPS: h.Config.HTTPS(), Version: h.Version, Log: h.Log,
		Door: func(route string) rest.Observer { return h.Metrics.Door(route) },
		Gate: &rest.Gate{
			Cookie: h.Config.Cookie(), Origin: h.Config.Origin(), Session: h.Sessions.Session, HandName: h.Sessions.HandName, Bearer: h.bearer,
			Epoch: h.DB.Epoch, Refused: h.Trail.Refused, Stranger: h.Sessions.CountRefusal,
			Limits: rest.NewLimits(h.DB.Now, h.Config.FailedPerMinute, h.Config.RateLimit), Address: address, Now: h.DB.Now, Log: h.Log,
		},
	}
	m.Dialects = rest.Dialects{automox.Dialect, netography.Dialect}
	if site != nil {
		m.Console = site.Version
	}
	for _, routes := range [][]rest.Route{
		h.Verify.Routes(), // first: Fiber tries one after another, and these are asked for most
		h.Sessions.Routes(), h.Users.Routes(), h.Roles.Routes(), h.Orgs.Routes(), h.Keys.Routes(), h.Secrets.Routes(),
		h.Devices.Routes(), h.Trail.Routes(), h.Tokens.Routes(), h.Automox.Routes(), fusion.Routes(), h.Backups.Routes(),
	} {
		m.Routes = append(m.Routes, routes...)
	}
	for _, page := range h.Sessions.Light(pages(site), address) {
		m.Light = append(m.Light, router.Light{Method: page.Method, Path: page.Path, Serve: page.Serve})
	}
	return router.New(m)
}

// bearer finds out who came with a credential, by its prefix: agents have their own,
// tokens have dots, all else is for the evaluator of API keys.
func (h *House) bearer(ctx context.Context, presented string, at rest.Arrival) (caller.Caller, error) {
	prefix, _, _ := strings.Cut(presented, "_")
	switch keyfmt.Kind(prefix) {
	case keyfmt.AgentKey, keyfmt.DeviceToken:
		return h.Devices.Caller(ctx, presented, at)
	}
	if strings.Contains(presented, ".") {
		return h.Verify.TokenCaller(ctx, presented, at)
	}
	return h.Verify.Caller(ctx, presented, at)
}

// pages draws the light pages with the front end's templates.
func pages(site *web.Site) sessions.Render {
	return func(w io.Writer, path string, p sessions.Page) error {
		return site.Render(w, path, web.Form{Error: p.Error, Field: p.Field, Values: p.Values, Next: p.Next, Reset: p.Reset, SetUp: p.SetUp})
	}
}

// SetUpNeeded reports whether there is no account yet.
func (h *House) SetUpNeeded(ctx context.Context) (bool, error) { return h.Sessions.NeedsSetUp(ctx) }

// NewSetupToken makes the token of the set-up link.
func (h *House) NewSetupToken(ctx context.Context) (api.Secret, error) {
	return h.Sessions.NewSetupToken(ctx)
}
