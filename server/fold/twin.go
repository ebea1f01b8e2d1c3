package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Twin is what a text looks like: letters of other alphabets become the Latin ones
// that they can't be told from, other widths and styles the plain ones, and what
// can't be seen is gone. Two texts with one twin must not stand for two things. It
// follows the skeleton of Unicode technical standard 39, for the alphabets that
// share shapes with Latin.
func Twin(text string) string {
	text = norm.NFKD.String(strings.Map(visible, text))
	text = strings.Map(func(r rune) rune {
		if latin, ok := twins[r]; ok {
			return latin
		}
		return visible(r)
	}, text)
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
}

// Skeleton is the twin of a name, without all that the eye passes over: blanks,
// punctuation and accents; and with Latin letters in one shape where two of them
// differ by a stroke.
func Skeleton(name string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) {
			return r
		}
		return -1
	}, norm.NFD.String(Twin(strings.ReplaceAll(name, "|", "l"))))
	return strokes.Replace(letters)
}

var strokes = strings.NewReplacer("i", "l", "1", "l", "j", "l", "ı", "l", "ȷ", "l", "0", "o", "m", "rn", "w", "vv", "d", "cl", "5", "s")

// twins maps letters to the Latin letter that they look like, in either case.
var twins = func() map[rune]rune {
	m := map[rune]rune{}
	for _, row := range strings.Fields(twinRows) {
		runes := []rune(row)
		for _, r := range runes[1:] {
			m[r] = runes[0]
		}
	}
	return m
}()

// A row is the Latin letter and its twins: Cyrillic, Greek, Armenian, Georgian,
// Cherokee, Lisu, Coptic, and those of the Latin alphabet itself.
const twinRows = `
aаαɑᴀАΑᎪꓮⲀⲁ
bЬвВΒᏴᏼꓐⲂƄʙ
cсϲСϹᏟꓚⲤⲥᴄⅽ
dԁժᎠꓓᴅɖ
eеєεЕΕᎬꓰⲈⲉҽ℮ᴇ
fϝꓝꞘƒքſ
gɡԍցᏀꓖԌɢ
hһհнНΗᏂᎻꓧⲎⲏʜ
iіɩιıІΙᎥꓲⲒⲓӏӀɪ
jјϳЈᎫꓙյᴊ
kкκКΚᏦꓗⲔⲕᴋ
lⅼꓡᏞⳐʟⲗןӀ
mмМΜᎷꓟⲘⲙᴍ
nηпոռΝꓠⲚⲛɴп
oоοσօОΟՕꓳⲞⲟᴏ᧐ဝ๐໐०০੦૦ഠஂօჿ
pрρРΡᏢꓑⲢⲣᴘ
qԛգզԚɋ
rгᎡᏒꓣʀᴦⲅɾ
sѕЅᏚꓢՏꜱʂ
tтτТΤᎢꓔⲦⲧᴛ
uυսцՍՄꓴᴜʋ
vνѵѴᏙꓦᴠט
wԝшѡաωԜᎳꓪᴡ
xхχХΧᚷꓫⲬⲭ
yуүγУΥҮʏꓬᎩⲨⲩყ
zΖᏃꓜⲌᴢᴢ
`
