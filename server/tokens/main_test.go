package tokens_test

import (
	"fmt"
	"strings"
	"testing"

	"keystead/server/testkit"
	"keystead/shared/api"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// stage is the cast with a key of a member of X, and what signs its requests.
type stage struct {
	*testkit.Cast
	id     api.KeyID
	key    testkit.Credential
	secret api.Secret
}

func newStage(t testing.TB) *stage {
	s := &stage{Cast: testkit.NewCast(testkit.New(t, nil))}
	s.id, s.key = s.Key(s.Member, s.X, api.Admin, "myapp")
	s.secret = s.SharedSecret(s.X)
	return s
}

// claims are those of a good request, with some of them replaced; "" leaves one out.
func (s *stage) claims(jti int, change map[string]string) string {
	all := map[string]string{
		"iat": fmt.Sprint(s.DB.Now().Unix()), "jti": fmt.Sprintf(`"%d"`, jti), "appname": `"myapp"`,
		"appkey": fmt.Sprintf("%q", testkit.Value(s.key)), "shortname": `"ops-x"`,
	}
	for name, value := range change {
		all[name] = value
	}
	var members []string
	for name, value := range all {
		if value != "" {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// exchange sends a request to the door.
func (s *stage) exchange(request string) testkit.Answer {
	s.T.Helper()
	return s.Send(nil, "POST /api/v1/auth/token", fmt.Sprintf(`{"jwt":%q}`, request))
}

// good is the access token and the refresh token of a fresh exchange.
func (s *stage) good() (access testkit.Credential, refresh string) {
	s.T.Helper()
	return s.Token(s.X, "myapp", s.key)
}

// status is what a token is answered.
func (s *stage) status(token testkit.Credential) int {
	s.T.Helper()
	return s.Send(token, "GET /v1/me", "").Status
}

// refusal is the body that every bad request gets.
const refusal = `{"status":401,"name":"Unauthorized","message":"This token is not good here."}`
