package house

import (
	"context"
	"slices"
	"time"

	"keystead/server/audit"
	"keystead/server/rest"
	"keystead/shared/api"
)

// event is something that happens in the example's story.
type event struct {
	at   time.Time
	what string // the name of what it happens to
	act  func(context.Context) error
}

// exampleEvents are all of them in the order of time, so that the audit log reads as it
// would have grown, and nothing is used before it is there or after it was switched off.
func (h *House) exampleEvents(now time.Time) []event {
	var events []event
	for _, key := range exampleKeys(now) {
		events = append(events, h.keyEvents(key)...)
	}
	for _, device := range exampleDevices(now) {
		events = append(events, h.deviceEvents(device)...)
	}
	events = append(events, event{now.AddDate(0, 0, -6), mikaEmail, func(ctx context.Context) error {
		return h.Users.Disable(ctx, audit.Console(), mikaEmail)
	}})
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events
}

// exampleKey is a key of the example: added, perhaps used, rotated or disabled.
type exampleKey struct {
	owner             string // e-mail
	name, description string
	role              api.KeyRole
	added             time.Time
	used              time.Time     // zero: never
	lasts             time.Duration // 0: no expiry
	rotated           time.Time     // with an overlap of a week; zero: never
	disabled          time.Time     // zero: it is enabled
	global            bool
}

func (h *House) keyEvents(key exampleKey) []event {
	var id api.KeyID
	events := []event{{key.added, key.name, func(ctx context.Context) (err error) {
		id, err = h.addExampleKey(ctx, key)
		return err
	}}}
	if !key.used.IsZero() {
		events = append(events, event{key.used, key.name, func(context.Context) error {
			h.Verify.Note(id, key.used, "10.2.0.7")
			return nil
		}})
	}
	if !key.rotated.IsZero() {
		events = append(events, event{key.rotated, key.name, func(ctx context.Context) error {
			owner, err := h.person(ctx, key.owner)
			if err != nil {
				return err
			}
			_, err = h.Keys.Rotate(ctx, owner, id, api.Rotate{OverlapSeconds: int64(7 * 24 * time.Hour / time.Second)})
			return err
		}})
	}
	if !key.disabled.IsZero() {
		events = append(events, event{key.disabled, key.name, func(ctx context.Context) error {
			owner, err := h.person(ctx, key.owner)
			if err != nil {
				return err
			}
			off := false
			_, err = h.Keys.Edit(ctx, owner, id, api.EditKey{Enabled: &off})
			return err
		}})
	}
	return events
}

func (h *House) addExampleKey(ctx context.Context, key exampleKey) (api.KeyID, error) {
	owner, err := h.person(ctx, key.owner)
	if err != nil {
		return 0, err
	}
	req := api.AddKey{Name: key.name, Description: key.description, Role: key.role, ExpiresAt: api.Null[time.Time]()}
	if key.lasts > 0 {
		req.ExpiresAt = api.Just(key.added.Add(key.lasts))
	}
	org := api.OrgID(1)
	in := &org
	if key.global {
		in = nil
	}
	added, err := h.Keys.Add(ctx, owner, in, req)
	return added.Key.ID, err
}

// exampleDevice is a machine of the example.
type exampleDevice struct {
	api.Enroll
	address        string
	enrolled, seen time.Time
}

// deviceEvents let the machine in by the agent access key, which Rosa copied for it, and
// let it check in by its own token.
func (h *House) deviceEvents(device exampleDevice) []event {
	var token api.Secret
	at := rest.Arrival{Address: device.address}
	enroll := func(ctx context.Context) error {
		rosa, err := h.person(ctx, ExampleEmail)
		if err != nil {
			return err
		}
		key, err := h.Secrets.Reveal(ctx, rosa, 1, api.AgentKey, api.Reveal{Purpose: api.PurposeCopy})
		if err != nil {
			return err
		}
		machine, err := h.Devices.Caller(ctx, key.Value.Reveal(), at)
		if err != nil {
			return err
		}
		enrolled, err := h.Devices.Enroll(ctx, machine, device.Enroll)
		token = enrolled.Token
		return err
	}
	checkIn := func(ctx context.Context) error {
		machine, err := h.Devices.Caller(ctx, token.Reveal(), at)
		if err != nil {
			return err
		}
		_, err = h.Devices.CheckIn(ctx, machine, api.CheckIn{})
		return err
	}
	return []event{{device.enrolled, device.Hostname, enroll}, {device.seen, device.Hostname, checkIn}}
}

// exampleKeys are those of product.md 2.3, and one in each state, dated from now.
func exampleKeys(now time.Time) []exampleKey {
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	return []exampleKey{
		{owner: ExampleEmail, name: "tcross_ro", role: api.ReadOnly, added: day("2024-01-15 10:12:00"), used: day("2024-07-29 18:59:11")},
		{owner: ExampleEmail, name: "srdkn", role: api.Admin, added: day("2024-02-05 11:40:00"), used: day("2024-12-12 19:51:30")},
		{owner: ExampleEmail, name: "rharman_automation_rw", description: "Nightly patch pipeline", role: api.Admin, added: day("2024-02-19 08:30:00")},
		{owner: ExampleEmail, name: "rharman_automation_ro", description: "Read-only twin of the pipeline", role: api.ReadOnly, added: day("2024-02-19 08:31:00"), used: day("2024-12-16 13:00:02")},
		{owner: ExampleEmail, name: "productreport", description: "Monthly product report", role: api.ReadOnly, added: day("2024-03-04 15:02:00"), used: day("2024-12-09 16:21:36")},
		{owner: ExampleEmail, name: "djm_dash", description: "Operations dashboard", role: api.Admin, added: day("2024-03-11 09:45:00"), used: day("2024-09-27 20:02:11")},
		{owner: ExampleEmail, name: "chris_ro", role: api.ReadOnly, added: day("2023-12-01 13:20:00"), used: day("2024-01-08 23:07:29")},
		{owner: ExampleEmail, name: "accountd", description: "Billing daemon", role: api.Admin, added: day("2024-01-22 16:00:00"), used: day("2024-12-16 19:47:38")},
		{owner: ExampleEmail, name: "fleet-backup", description: "Backs up every organization", role: api.Admin, added: ago(40), used: now.Add(-2 * time.Minute), global: true},
		{owner: chrisEmail, name: "grafana-dash", description: "Weekly availability board", role: api.ReadOnly, added: ago(27), used: now.Add(-26 * time.Hour), lasts: 30 * 24 * time.Hour},
		{owner: chrisEmail, name: "legacy-import", description: "Used once for the migration", role: api.Admin, added: ago(120), used: ago(118), disabled: ago(117)},
		{owner: danaEmail, name: "inventory-export", description: "Spreadsheet for the audit", role: api.ReadOnly, added: ago(110), used: ago(21), lasts: 90 * 24 * time.Hour},
		{owner: danaEmail, name: "ci-runner", description: "Build farm", role: api.ReadOnly, added: ago(9), used: now.Add(-3 * time.Hour), lasts: 90 * 24 * time.Hour},
		{owner: chrisEmail, name: "status-page", description: "Its new value goes out this week", role: api.ReadOnly, added: ago(64), used: now.Add(-11 * time.Minute), rotated: ago(2)},
		{owner: mikaEmail, name: "night-report", description: "Nobody took it over", role: api.ReadOnly, added: ago(210), used: ago(7)},
	}
}

func exampleDevices(now time.Time) []exampleDevice {
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	return []exampleDevice{
		{api.Enroll{Hostname: "ops-gateway-1", OS: "Debian 13", AgentVersion: "2.4.1"}, "10.2.0.21", ago(200), now.Add(-4 * time.Minute)},
		{api.Enroll{Hostname: "build-mac-3", OS: "macOS 15.6", AgentVersion: "2.4.1"}, "10.2.0.43", ago(75), now.Add(-26 * time.Hour)},
		{api.Enroll{Hostname: "reception-pc", OS: "Windows 11", AgentVersion: "2.1.0"}, "10.2.0.90", ago(160), ago(40)},
	}
}
