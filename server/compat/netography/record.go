package netography

import (
	"strings"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Record is an API key in the vendor's words. AppKey is there in the answers to create
// and regenerate only.
type Record struct {
	AppName     string      `json:"appname"`
	Description string      `json:"description"`
	Roles       []string    `json:"roles"`      // one
	LastLogin   int64       `json:"last_login"` // Unix seconds; 0: never
	LastIP      string      `json:"last_ip"`
	AppKey      *api.Secret `json:"appkey,omitzero"`
}

func recordOf(key api.Key) Record {
	r := Record{AppName: key.Name, Description: key.Description, Roles: []string{strings.ToLower(string(key.Role))}}
	if key.LastLoginAt != nil {
		r.LastLogin = key.LastLoginAt.Unix()
	}
	if key.LastLoginIP != nil {
		r.LastIP = *key.LastLoginIP
	}
	return r
}

func answer(code int, key api.Key, err error) (Answer, error) {
	return Answer{Meta: Meta{Code: code, Count: 1}, Data: recordOf(key)}, err
}

func answerWith(code int, added api.AddedKey, err error) (Answer, error) {
	out, err := answer(code, added.Key, err)
	out.Data.AppKey = &added.Value
	return out, err
}

// roleOf is the key role that a list of one names, nil where there is no list.
func roleOf(roles []string) (*api.KeyRole, error) {
	if roles == nil {
		return nil, nil
	}
	if len(roles) == 1 {
		for _, role := range api.KeyRoles {
			if strings.EqualFold(roles[0], string(role)) {
				return &role, nil
			}
		}
	}
	return nil, fault.At("roles", fault.InvalidValue, "The roles of a key are one: admin or readonly.")
}
