package automox_test

import (
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestShapes holds every answer against its file, member by member.
func TestShapes(t *testing.T) {
	d := newDesk(t, nil)
	web, token := d.Device(d.X, "web-1")
	d.Send(token, "POST "+api.PathAgentCheckIn, "")
	custom := d.Person("Carl")
	d.Join(custom, d.X, d.Role(perm.Organization, perm.DevicesRead))
	d.Exec("UPDATE roles SET name = 'On call', name_folded = 'on call', description = 'At night.' WHERE built_in = 0")
	ends := d.DB.Now().Add(48*time.Hour + 300*time.Millisecond)
	_, err := d.Keys.Add(t.Context(), d.As(d.Member), &d.X, api.AddKey{Name: "Mia’s", Role: api.ReadOnly, ExpiresAt: api.Just(ends)})
	d.Must(err)
	_, err = d.Keys.Add(t.Context(), d.As(d.Admin), nil, api.AddKey{Name: "everywhere", Role: api.Admin, ExpiresAt: api.Just(ends)})
	d.Must(err)
	_, plain := d.Key(custom, d.X, api.Admin, "Carl’s")

	for name, what := range map[string]string{
		"user_keys":    "GET /api/users/ME/api_keys?o=ORG",
		"org_keys":     "GET /api/orgs/ORG/api_keys?page=0&limit=2",
		"key":          "GET /api/users/ME/api_keys/2?o=ORG",
		"global_keys":  "GET /api/global/api_keys",
		"orgs":         "GET /api/orgs",
		"org":          "GET /api/orgs/ORG",
		"self":         "GET /api/users/self",
		"users":        "GET /api/users?o=ORG&page=1&limit=2",
		"user":         "GET /api/users/" + number(custom) + "?o=ORG",
		"account":      "GET /api/accounts/ACCOUNT",
		"roles":        "GET /api/accounts/ACCOUNT/rbac-roles?page=0&limit=6",
		"account_user": "GET /api/accounts/ACCOUNT/users/" + d.As(d.Member).User.UUID,
		"zones":        "GET /api/accounts/ACCOUNT/zones?limit=1",
		"servers":      "GET /api/servers?o=ORG",
		"server":       "GET /api/servers/" + number(web),
		"packages":     "GET /api/servers/" + number(web) + "/packages",
		"queues":       "GET /api/servers/" + number(web) + "/queues",
		"servergroups": "GET /api/servergroups?o=ORG",
	} {
		t.Run(name, func(t *testing.T) { d.golden(name, d.wants(d.global, 200, what, "")) })
	}
	d.golden("self_without_account", d.wants(plain, 200, "GET /api/users/self", ""))
	d.golden("added_key", d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=ORG", `{"name":"new","expires_at":"2026-06-01T08:00:00-05:00"}`))
	d.golden("added_global_key", d.wants(d.global, 200, "POST /api/global/api_keys", `{"name":"new","expires_at":"2026-06-01T08:00:00-05:00"}`))
	d.golden("edited_global_key", d.wants(d.global, 200, "PUT /api/global/api_keys/1", `{"is_enabled":true}`))
	zone := d.wants(d.global, 201, "POST /api/accounts/ACCOUNT/zones", `{"name":"New"}`)
	d.golden("added_zone", zone)
	org, err := d.Orgs.List(t.Context(), d.As(d.Admin), api.List{Page: 1, Limit: 9, Q: "ops"})
	d.Must(err)
	d.golden("zone", d.wants(d.global, 200, "GET /api/accounts/ACCOUNT/zones/"+org.Items[0].UUID, ""))
	d.golden("invitation", d.wants(d.global, 201, "POST /api/accounts/ACCOUNT/invitations",
		`{"email":"nora@northwind.example","account_rbac_role":"non-global-admin","zone_assignments":[{"zone_id":"`+org.Items[0].UUID+`","rbac_role":"zone-operator"}]}`))
	d.golden("edited_user", d.wants(d.global, 200, "PATCH /api/users/"+number(custom), `{"firstname":"Karl","tfa_type":"email"}`))
	d.golden("refusal", d.wants(d.global, 404, "GET /api/orgs/999", ""))
}

// TestNoPageIsNull: lists of nothing are lists.
func TestNoPageIsNull(t *testing.T) {
	d := newDesk(t, nil)
	for what, want := range map[string]string{
		"GET /api/orgs?page=7":                                 "[]",
		"GET /api/users?page=7":                                "[]",
		"GET /api/users?o=ORG&page=2147483648":                 "[]",
		"GET /api/servers":                                     "[]",
		"GET /api/servers?o=ORG&page=2147483648":               "[]",
		"GET /api/servergroups":                                "[]",
		"GET /api/global/api_keys?page=7":                      `{"results":[],"size":1}`,
		"GET /api/orgs/ORG/api_keys?page=7":                    `{"results":[],"size":1}`,
		"GET /api/users/ME/api_keys?o=OTHER":                   `{"results":[],"size":0}`,
		"GET /api/accounts/ACCOUNT/zones?page=3":               `{"data":[],"metadata":{"total_count":2,"total_pages":1,"current_page":3,"limit":500,"links":[]}}`,
		"GET /api/accounts/ACCOUNT/rbac-roles?page=1&limit=5":  `{"data":[],"metadata":{"total_count":5,"total_pages":1,"current_page":1,"limit":5,"links":[]}}`,
		"GET /api/accounts/ACCOUNT/rbac-roles?page=2147483648": `{"data":[],"metadata":{"total_count":5,"total_pages":1,"current_page":2147483648,"limit":500,"links":[]}}`,
	} {
		if got := d.wants(d.global, 200, what, ""); got.Body != want {
			t.Errorf("%s: %s, want %s", what, got.Body, want)
		}
	}
}
