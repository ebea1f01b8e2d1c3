package keyfmt_test

import (
	"hash/crc32"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"keystead/shared/keyfmt"
)

func random(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = keyfmt.Alphabet[r.IntN(62)]
	}
	return string(b)
}

func TestP33EveryGeneratedValueParses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		want := keyfmt.Parts{Kind: keyfmt.Kinds[r.IntN(4)], PublicID: random(r, 10), Secret: random(r, 32)}
		got, ok := keyfmt.Parse(want.Value())
		if !ok || got != want {
			t.Fatalf("%+v came back as %+v, %v", want, got, ok)
		}
	}
}

func TestP33EveryDamagedValueIsRefused(t *testing.T) {
	value := keyfmt.Parts{Kind: keyfmt.APIKey, PublicID: "7Hq2mVbT9x", Secret: "Kc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x"}.Value()
	refuse := func(damaged string) {
		t.Helper()
		if _, ok := keyfmt.Parse(damaged); ok {
			t.Errorf("%q was taken", damaged)
		}
	}
	for i := range value {
		refuse(value[:i])
		for _, c := range keyfmt.Alphabet + "_- .é" {
			if string(c) != value[i:i+1] {
				refuse(value[:i] + string(c) + value[i+1:])
			}
		}
	}
	refuse(value + "0")
	refuse(" " + value)
	refuse(value + "\n")
	refuse(strings.ToUpper(value))
	refuse(strings.ToLower(value))
	refuse("")
	refuse("ksx" + value[2:])
}

// The vector was computed with Python's zlib, an independent CRC-32 (IEEE) and base62.
func TestChecksumVector(t *testing.T) {
	value := keyfmt.Parts{Kind: keyfmt.APIKey, PublicID: "0000000000", Secret: strings.Repeat("0", 32)}.Value()
	if want := "ks_" + strings.Repeat("0", 42) + "_2uReur"; value != want {
		t.Errorf("got %s, want %s", value, want)
	}
}

func TestHintShowsPrefixPublicIDAndLastFour(t *testing.T) {
	p := keyfmt.Parts{Kind: keyfmt.AgentKey, PublicID: "7Hq2mVbT9x", Secret: "Kc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x"}
	if got := p.Hint(); got != "ksa_7Hq2mVbT9x…4F9x" {
		t.Error(got)
	}
}

func TestNames(t *testing.T) {
	for _, good := range []string{"a", "ci-runner", "Größe 1", "鍵", "❤\ufe0f", "e\u0301", "⠓⠊", strings.Repeat("é", 255)} {
		if fault := keyfmt.NameFault(good); fault != "" {
			t.Errorf("%q: %s", good, fault)
		}
	}
	for _, bad := range []string{"", "a/b", `a\b`, "a\nb", "a\x00", "a\u200bb", "\u202eevil", "a\u2028b", strings.Repeat("a", 256), "\xff",
		"\u3164", "admin\u3164", "a\u115f", "a\u034f", "\u2800", "\ufe0f", "\u0301", "\u00a0", "a\ufffe"} {
		if keyfmt.NameFault(bad) == "" {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestShortNames(t *testing.T) {
	for name, want := range map[string]string{
		"Northwind Ops": "northwind-ops", "  A & B  ": "a-b", "x": "org-x", "鍵": "org",
		"Ökonomie & Söhne": "okonomie-sohne", "O\u0308konomie": "okonomie", "GROßE ŁÓDŹ, Æ": "grosse-lodz-ae", "İstanbul": "istanbul",
		strings.Repeat("long ", 20): strings.TrimRight(strings.Repeat("long-", 8), "-"),
	} {
		got := keyfmt.ShortName(name)
		if got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
		if fault := keyfmt.ShortNameFault(got); fault != "" {
			t.Errorf("%q: %s", got, fault)
		}
	}
	for _, bad := range []string{"", "a", "-a", "A-b", "a_b", strings.Repeat("a", 41)} {
		if keyfmt.ShortNameFault(bad) == "" {
			t.Errorf("%q was taken", bad)
		}
	}
}

// wanted is what a value looks like but for its checksum, written down a second time.
var wanted = regexp.MustCompile(`^(ks|ksa|kss|ksd)_[0-9A-Za-z]{42}_[0-9A-Za-z]{6}$`)

// wellFormed is another reading of the format: math/big has the same digits with the
// cases the other way round.
func wellFormed(value string) bool {
	if !wanted.MatchString(value) {
		return false
	}
	head, sum := value[:len(value)-7], value[len(value)-6:]
	digits := new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(head)))).Text(62)
	swapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, digits)
	return sum == strings.Repeat("0", 6-len(swapped))+swapped
}

// FuzzP33Parse: what is taken is what its parts make, and neither more nor less than
// another reading of the format takes. As it comes it hardly ever has a good checksum, so
// it is tried with one, too.
func FuzzP33Parse(f *testing.F) {
	f.Add("ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000")
	f.Add("ksa_00000000000000000000000000000000000000000000000_")
	f.Add("kss_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9\x00_é")
	f.Fuzz(func(t *testing.T, text string) {
		kind, body, _ := strings.Cut(text, "_")
		made := keyfmt.Parts{Kind: keyfmt.Kind(kind), PublicID: body, Secret: "0000"}.Value()
		for _, value := range []string{text, made} {
			p, ok := keyfmt.Parse(value)
			if ok != wellFormed(value) {
				t.Errorf("%q: taken %v", value, ok)
			}
			if ok && p.Value() != value {
				t.Errorf("%q parses but is not what its parts make", value)
			}
		}
	})
}

// FuzzNames: a name that is taken is valid text on one line, of a bounded length; every
// name gives a short name that is taken.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"ci-runner", "Größe 1", "a\u200bb", "\u202eevil", "\xff", "A & B", "--", "\u3164"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if keyfmt.NameFault(name) == "" {
			if n := len([]rune(name)); n == 0 || n > 255 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, "/\\\u2028\u2029") {
				t.Errorf("%q was taken for a name", name)
			}
		}
		if short := keyfmt.ShortName(name); keyfmt.ShortNameFault(short) != "" {
			t.Errorf("%q gives the short name %q", name, short)
		}
		if keyfmt.ShortNameFault(name) == "" && keyfmt.NameFault(name) != "" {
			t.Errorf("%q is a short name and no name", name)
		}
	})
}

func TestRedact(t *testing.T) {
	key := "ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000"
	const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImtzIn0.eyJzdWIiOiI0MiIsImlzcyI6ImtzIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	for text, want := range map[string]string{
		"/v1/" + token:                        "/v1/[secret]",
		"a " + token + " b " + token:          "a [secret] b [secret]",
		token + ".more":                       "[secret].more",
		token[:strings.LastIndex(token, ".")]: "[secret]",
		token[:40] + "/x":                     "[secret]/x",
		"/eyJ.x/eyJhbGciOiJIUzI1NiIsInR5cCI6": "/eyJ.x/eyJhbGciOiJIUzI1NiIsInR5cCI6",
		"/heyJude.mp3/eyJ":                    "/heyJude.mp3/eyJ",
		"/v1/api-keys/7":                      "/v1/api-keys/7",
		"/v1/" + key + "/x":                   "/v1/[secret]/x",
		key + key:                             "[secret]",
		"a " + strings.Replace(key, "ks_", "kss_", 1) + " b " + key: "a [secret] b [secret]",
		"ks_short stays": "ks_short stays",
		"/books/ks_":     "/books/ks_",
	} {
		if got := keyfmt.Redact(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// FuzzP05Redact: nothing in the form of a credential is left, and what is redacted stays
// as it is.
func FuzzP05Redact(f *testing.F) {
	key := keyfmt.Parts{Kind: keyfmt.APIKey, PublicID: "7Hq2mVbT9x", Secret: "Kc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x"}.Value()
	for _, seed := range []string{"", "x", "ks_", "ksks_", "ksa_ks_"} {
		f.Add(seed, "/"+seed)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, text := range []string{before + key + after, before + after} {
			redacted := keyfmt.Redact(text)
			if strings.Contains(redacted, key[3:45]) {
				t.Errorf("%q is redacted to %q", text, redacted)
			}
			if again := keyfmt.Redact(redacted); again != redacted {
				t.Errorf("%q is redacted to %q, and that to %q", text, redacted, again)
			}
		}
	})
}
