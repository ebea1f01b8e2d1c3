package api

import (
	"bytes"
	"time"

	"keystead/shared/perm"
)

// Verify asks whether a presented key is good. Where Permission is set the key
// must hold it, in Organization (a short name) where that is set. IP is the
// client's address, kept as the key's last address. Absent or null means any; an
// empty text is refused: an unset variable of who asks must not let everybody in.
type Verify struct {
	Key          Secret           `json:"key" required:"true"`
	Permission   *perm.Permission `json:"permission,omitempty"`
	Organization *string          `json:"organization,omitempty"`
	IP           *string          `json:"ip,omitempty"`
}

// ReadPlain reads a body that has nothing but a key in it, as nearly all have, spelled as
// encoders spell it, and reports whether it did. Any other is for a decoder.
func (v *Verify) ReadPlain(body []byte) bool {
	key, ok := bytes.CutPrefix(body, []byte(`{"key":`))
	if ok {
		key, ok = bytes.CutSuffix(key, []byte(`"}`))
	}
	key, quoted := bytes.CutPrefix(bytes.TrimPrefix(key, []byte(" ")), []byte(`"`))
	if !ok || !quoted || len(key) == 0 {
		return false
	}
	text := string(key)
	if !plain(text) {
		return false
	}
	v.Key = Hide(text)
	return true
}

// VerdictCode says what a verification found.
type VerdictCode string

// The verdicts. NotFound also stands for deleted keys and for those that the
// caller may not see.
const (
	Valid             VerdictCode = "VALID"
	Malformed         VerdictCode = "MALFORMED"
	NotFound          VerdictCode = "NOT_FOUND"
	Disabled          VerdictCode = "DISABLED"
	Expired           VerdictCode = "EXPIRED"
	OwnerDisabled     VerdictCode = "OWNER_DISABLED"
	OwnerNotMember    VerdictCode = "OWNER_NOT_MEMBER"
	Forbidden         VerdictCode = "FORBIDDEN"
	WrongOrganization VerdictCode = "WRONG_ORGANIZATION"
)

// Verdict answers [Verify]. All but the first two members are null unless valid.
type Verdict struct {
	Valid        bool              `json:"valid"`
	Code         VerdictCode       `json:"code"`
	KeyID        *KeyID            `json:"key_id"`
	Name         *string           `json:"name"`
	Owner        *VerdictOwner     `json:"owner"`
	Organization *VerdictOrg       `json:"organization"` // null for a global key without a target
	Role         *KeyRole          `json:"role"`
	Permissions  []perm.Permission `json:"permissions"`
	ExpiresAt    *time.Time        `json:"expires_at"` // an older value ends before its key

	encoded []byte // see [Verdict.Encoded]
}

// VerdictOwner is the owner of a valid key.
type VerdictOwner struct {
	ID    UserID `json:"id"`
	UUID  string `json:"uuid"`
	Email string `json:"email"`
}

// VerdictOrg is the organization in which a valid key was judged.
type VerdictOrg struct {
	ID        OrgID  `json:"id"`
	UUID      string `json:"uuid"`
	ShortName string `json:"short_name"`
}
