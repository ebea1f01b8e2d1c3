package audit

import (
	"slices"
	"strings"
)

// Act is what was done, as "noun.verb". The verbs are the words of the buttons.
type Act string

// The acts.
const (
	AccountSetUp    Act = "account.set_up"
	AccountEdit     Act = "account.edit"
	OrgAdd          Act = "organization.add"
	OrgEdit         Act = "organization.edit"
	OrgDelete       Act = "organization.delete"
	UserAdd         Act = "user.add"
	UserEdit        Act = "user.edit"
	UserEnable      Act = "user.enable"
	UserDisable     Act = "user.disable"
	UserDelete      Act = "user.delete"
	UserPassword    Act = "user.password"
	UserLink        Act = "user.link"
	MemberAdd       Act = "membership.add"
	MemberEdit      Act = "membership.edit"
	MemberDelete    Act = "membership.delete"
	RoleAdd         Act = "role.add"
	RoleEdit        Act = "role.edit"
	RoleDelete      Act = "role.delete"
	KeyAdd          Act = "api_key.add"
	KeyEdit         Act = "api_key.edit"
	KeyEnable       Act = "api_key.enable"
	KeyDisable      Act = "api_key.disable"
	KeyReveal       Act = "api_key.reveal"
	KeyRotate       Act = "api_key.rotate"
	KeyDelete       Act = "api_key.delete"
	AgentKeyAdd     Act = "agent_access_key.add"
	AgentKeyReveal  Act = "agent_access_key.reveal"
	AgentKeyRotate  Act = "agent_access_key.rotate"
	SecretAdd       Act = "shared_secret.add"
	SecretReveal    Act = "shared_secret.reveal"
	SecretRotate    Act = "shared_secret.rotate"
	DeviceEnroll    Act = "device.enroll"
	DeviceDelete    Act = "device.delete"
	SessionAdd      Act = "session.add"
	SessionRefuse   Act = "session.refuse" // a known user, the wrong password
	SessionElevate  Act = "session.elevate"
	SessionEnd      Act = "session.end"
	SetupTokenAdd   Act = "setup_token.add"
	MasterKeyRotate Act = "master_key.rotate"
	MasterKeyDelete Act = "master_key.delete" // the one before opens nothing any more
	DataKeyDelete   Act = "data_key.delete"   // those before: all values are under the newest
	PepperRotate    Act = "pepper.rotate"
	PepperDelete    Act = "pepper.delete" // an older one: no digest is under it
	BackupMake      Act = "backup.make"
	BackupRestore   Act = "backup.restore"
	ClockFollow     Act = "clock.follow"
	RequestRefuse   Act = "request.refuse"   // of a caller who was refused too much to tell apart
	AnonymousRefuse Act = "anonymous.refuse" // counted by source and minute

	TokenAdd         Act = "token.add"     // a request or a password was exchanged
	TokenRefresh     Act = "token.refresh" // a refresh token was
	TokenEnd         Act = "token.end"     // with all of its family
	SigningKeyRotate Act = "signing_key.rotate"
)

// acts are all of them, for the filter.
var acts = []Act{
	AccountSetUp, AccountEdit, OrgAdd, OrgEdit, OrgDelete, UserAdd, UserEdit, UserEnable, UserDisable, UserDelete,
	UserPassword, UserLink, MemberAdd, MemberEdit, MemberDelete, RoleAdd, RoleEdit, RoleDelete, KeyAdd, KeyEdit,
	KeyEnable, KeyDisable, KeyReveal, KeyRotate, KeyDelete, AgentKeyAdd, AgentKeyReveal, AgentKeyRotate,
	SecretAdd, SecretReveal, SecretRotate, DeviceEnroll, DeviceDelete, SessionAdd, SessionRefuse, SessionElevate,
	SessionEnd, SetupTokenAdd, MasterKeyRotate, MasterKeyDelete, DataKeyDelete, PepperRotate, PepperDelete,
	BackupMake, BackupRestore, ClockFollow, RequestRefuse, AnonymousRefuse, TokenAdd, TokenRefresh, TokenEnd,
	SigningKeyRotate,
}

// choices are what a log is narrowed to: an act, or a noun for all of its acts.
func choices() (list []string) {
	for _, act := range acts {
		noun, _, _ := strings.Cut(string(act), ".")
		list = append(list, noun, string(act))
	}
	slices.Sort(list)
	return slices.Compact(list)
}
