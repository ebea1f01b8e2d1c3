package fold_test

import (
	"testing"

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
