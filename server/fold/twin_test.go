package fold_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/runenames"

	"keystead/server/fold"
	"keystead/shared/perm"
)

// likeAdministrator reads like "Full Administrator" to people.
var likeAdministrator = []string{
	"full administrator", "FULL ADMINISTRATOR", "FullAdministrator", "Full  Administrator", "Full_Administrator", "Full-Administrator",
	"Full\u00a0Administrator", "Full\u2003Administrator", "Full\u3000Administrator", "Full\u200bAdministrator", "Full \u200dAdministrator",
	"F\u00adull Administrator", "Full\ufe0f Administrator", "Full\u3164Administrator", "Full\u2800Administrator", "Full \u202eAdministrator",
	"Fu11 Administrator", "FuII Administrator", "Fu|| Administrator", "Full Admlnlstrator", "Full Adm1n1strator", "Full Administrat0r", "Full Adrninistrator",
	"Full Аdministrator", "Full Аdmіnіstrаtоr", "Full Αdministrator", "Full Administratοr", "Full Administratоr", "Full Adminiѕtrator", "Full Admіnistrator",
	"Full Admınistrator", "Full Adminįstrator", "Full Ádministrator", "Full Admi\u0308nistrator", "Full A\u0307dministrator",
	"Ｆｕｌｌ Ａｄｍｉｎｉｓｔｒａｔｏｒ", "𝐅𝐮𝐥𝐥 𝐀𝐝𝐦𝐢𝐧𝐢𝐬𝐭𝐫𝐚𝐭𝐨𝐫", "𝓕𝓾𝓵𝓵 Administrator", "Full ⒶⒹⓂⒾⓃⒾⓈⓉⓇⒶⓉⓄⓇ", "Ⓕull Administrator", "Fuⅼⅼ Administrator",
	"Full AᎠministrator", "Full ΑDΜΙΝΙSΤRΑΤΟR", "FULL АDМІNІSТRАТОR", "ꓝꓴꓡꓡ ꓮꓓꓟꓲꓠꓲꓢꓔꓣꓮꓔꓳꓣ", "Full ᴀᴅᴍɪɴɪꜱᴛʀᴀᴛᴏʀ", "Full Administrato\u0433", "Full.Administrator", "Full·Administrator",
	"Fu\u01c0\u01c0 Administrator", "Fu\u01c1 Administrator", "Fu\u01c2l Administrator", "Fu\u01c3l Administrator", "\ua730ull Administrator", "Fu\u0142l Administrator",
	"Fu\u2c61l Administrator", "Fu\ua749l Administrator", "F\u1d1cll Administrator", "Fu\u1dabl Administrator", "Full \u1d2cdministrator", "Full A\u0111ministrator",
	"Full Adminis\u0167rator", "Full Admin\u0268strator", "Full Administrat\u00f8r", "Full \u2c65dministrator",
}

func TestP21TwinsShareASkeleton(t *testing.T) {
	want := fold.Skeleton(perm.FullAdministrator)
	for _, twin := range likeAdministrator {
		got := fold.Skeleton(twin)
		if got != want {
			t.Errorf("%q: %q, want %q", twin, got, want)
		}
	}
	for _, other := range []string{"Full Administrators", "Administrator", "Half Administrator", "Read Only", "Полный администратор", "完全な管理者", "Full Admin"} {
		if fold.Skeleton(other) == want {
			t.Errorf("%q is taken for %q", other, perm.FullAdministrator)
		}
	}
}

// Every Latin letter that Unicode names after one of the alphabet, with whatever beside it,
// is read as that one.
func TestP21NoVariantOfALetterIsAnother(t *testing.T) {
	named := regexp.MustCompile(`^(?:FULLWIDTH )?(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL|MODIFIER LETTER (?:SMALL|CAPITAL)|LATIN SUBSCRIPT SMALL LETTER) ([A-Z])(?: WITH .*)?$`)
	seen := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		of := named.FindStringSubmatch(runenames.Name(r))
		if of == nil || strings.Contains(runenames.Name(r), "WITH SMALL LETTER") { // those are two
			continue
		}
		seen++
		if got, want := fold.Skeleton(string(r)), fold.Skeleton(of[1]); got != want {
			t.Errorf("%c (%U %s): %q, want %q", r, r, runenames.Name(r), got, want)
		}
	}
	if seen < 900 {
		t.Errorf("%d letters were seen", seen)
	}
}

func TestP21TwinsOfAddresses(t *testing.T) {
	for address, same := range map[string]bool{
		"асе@example.com": true, "ACE@example.com": true, "ａｃｅ@example.com": true, "a\u200bce@example.com": true,
		"acé@example.com": false, "ace1@example.com": false, "acl@example.com": false,
	} {
		if got := fold.Twin(address) == fold.Twin("ace@example.com"); got != same {
			t.Errorf("%q looks like ace@example.com: %v", address, got)
		}
	}
	if fold.Twin("paul@example.com") == fold.Twin("pau1@example.com") {
		t.Error("plain letters and digits are taken for each other")
	}
}
