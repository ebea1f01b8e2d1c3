package devices

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/lately"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// Needs is what devices stand on.
type Needs struct {
	DB    *db.DB
	Seal  *seal.Sealer
	Audit *audit.Log
	Log   *slog.Logger
}

// Devices does every act on devices.
type Devices struct {
	db       *db.DB
	seal     *seal.Sealer
	audit    *audit.Log
	checkIns *lately.Notes[api.DeviceID, checkIn]
}

// New is devices that note check-ins until [Devices.Close].
func New(n Needs) *Devices {
	return &Devices{db: n.DB, seal: n.Seal, audit: n.Audit, checkIns: lately.Keep(n.DB, "write check-ins", n.Log, writeCheckIn)}
}

// Close writes the check-ins that are still in memory.
func (d *Devices) Close(ctx context.Context) error { return d.checkIns.Close(ctx) }

// Flush writes the check-ins that are still in memory, all of them.
func (d *Devices) Flush(ctx context.Context) error { return d.checkIns.Flush(ctx) }

// Enroll adds the machine that asks with an agent access key. The answer is the only
// one that holds its token.
// Faults: permission_required; invalid_value at its field; bad_credentials where the
// key ended meanwhile.
func (d *Devices) Enroll(ctx context.Context, who caller.Caller, req api.Enroll) (api.Enrolled, error) {
	if who.Agent == nil || who.Agent.Device != 0 {
		return api.Enrolled{}, fault.New(fault.PermissionRequired, "A machine enrolls with the agent access key.")
	}
	device, err := draft(req)
	if err != nil {
		return api.Enrolled{}, err
	}
	parts := seal.New(keyfmt.DeviceToken)
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		key, err := agentKey(tx, who.Agent.Key)
		if err != nil {
			return err
		}
		if !key.good(tx.Now()) {
			return badCredentials()
		}
		device.UUID, device.OrgID = uuid.NewString(), key.OrgID
		device.EnrolledAt, device.LastIP = db.At(tx.Now()), who.Address
		device.KeyVersion, device.OldKey = key.Version, key.ValidUntil != nil
		if err := insert(tx, &device, d.seal.Digest(parts.Value())); err != nil {
			return err
		}
		return d.note(tx, who, audit.DeviceEnroll, device, audit.Facts{
			"os": device.OS, "agent_version": device.AgentVersion, "agent_key_version": device.KeyVersion, "old_key": device.OldKey,
		})
	})
	if err != nil {
		return api.Enrolled{}, fmt.Errorf("enroll a device: %w", err)
	}
	return api.Enrolled{Device: device.shown(), Token: api.Hide(parts.Value())}, nil
}

// CheckIn notes that a device is there, and its agent's version where it says one.
// Faults: permission_required; invalid_value at its field; bad_credentials.
func (d *Devices) CheckIn(ctx context.Context, who caller.Caller, req api.CheckIn) (api.Device, error) {
	if who.Agent == nil || who.Agent.Device == 0 {
		return api.Device{}, fault.New(fault.PermissionRequired, "A device checks in with its own token.")
	}
	now := checkIn{at: d.db.Now(), address: who.Address}
	if req.AgentVersion != nil {
		version, err := clean("agent_version", *req.AgentVersion)
		if err != nil {
			return api.Device{}, err
		}
		now.version = version
	}
	device, err := one(d.db.Read(ctx), who.Agent.Device)
	if fault.Is(err, fault.NotFound) {
		return api.Device{}, badCredentials()
	}
	if err != nil {
		return api.Device{}, fmt.Errorf("check in: %w", err)
	}
	d.checkIns.Note(device.ID, now)
	d.overlay(&device)
	return device.shown(), nil
}

// Delete removes a device for good: its token is refused from the next request on.
// Its row stays for the audit trail, without the digest.
// Faults: not_found; permission_required; key_too_weak.
func (d *Devices) Delete(ctx context.Context, who caller.Caller, id api.DeviceID) error {
	err := d.db.Write(ctx, func(tx *db.Tx) error {
		if err := who.Changes(); err != nil {
			return err
		}
		device, err := one(tx, id)
		if err != nil {
			return err
		}
		may := who.In(device.OrgID)
		switch {
		case may.Has(perm.DevicesManage):
		case may.Has(perm.DevicesRead):
			return caller.Lacks(perm.DevicesManage)
		default:
			return fault.Missing()
		}
		if err := markDeleted(tx, id); err != nil {
			return err
		}
		return d.note(tx, who, audit.DeviceDelete, device, nil)
	})
	if err != nil {
		return fmt.Errorf("delete a device: %w", err)
	}
	return nil
}

// note writes the audit row of an act on a device.
func (d *Devices) note(tx *db.Tx, who caller.Caller, act audit.Act, device row, facts audit.Facts) error {
	on := audit.Target{Kind: "device", ID: int64(device.ID), Name: device.Hostname, Org: device.OrgID}
	return d.audit.Write(tx, who, act, on, facts)
}
