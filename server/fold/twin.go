package fold

import (
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
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
// differ by a stroke. What stands in no table of ours is taken from that of the
// standard, in package confusables: 6,300 characters in all scripts.
func Skeleton(name string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) {
			return r
		}
		return -1
	}, norm.NFD.String(Twin(plainly(strings.ReplaceAll(name, "|", "l")))))
	return strokes.Replace(letters)
}

// plainly puts the letter that it is read as for each of a name.
func plainly(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		_, ours := twins[r]
		latin, varied := variants[r]
		switch {
		case varied:
			b.WriteRune(latin)
		case ours || r <= unicode.MaxASCII:
			b.WriteRune(r)
		default:
			b.WriteString(confusables.Skeleton(string(r)))
		}
	}
	return b.String()
}

var strokes = strings.NewReplacer("i", "l", "1", "l", "j", "l", "ı", "l", "ȷ", "l", "0", "o", "m", "rn", "w", "vv", "d", "cl", "5", "s")

// twins maps letters to the Latin letter that they look like, in either case; variants
// those that differ from it by a stroke, a hook or their size, as two addresses may.
var twins, variants = letters(twinRows), letters(variantRows)

func letters(rows string) map[rune]rune {
	m := map[rune]rune{}
	for _, row := range strings.Fields(rows) {
		runes := []rune(row)
		for _, r := range runes[1:] {
			m[r] = runes[0]
		}
	}
	return m
}

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

const variantRows = `
aȺᶏⱥ
bɃƀᵬᶀꞖꞗ
cƈȻȼɕꞒꞓꞔꟄ𝼝
dƋƌȡᵭᶁᶑꟇꟈ𝼥
eǝɘɛᶒᶓⱸꬴ
fᶂꜰꝻꝼꟻ
gʛᵷꝽꝾᵹꞠꞡꞬꬶ𝼂
hⱨⱧꞕꞪ
iᶖ𝼚ꟾ
jɟʄʝ
kᶄⱪꝁꝂꝃꝄꝅꞢꞣ𝼃𝼐
lȴȽɬᶅᴌⱠⱡⱢꝆꝇꝈꝉꞎꞭꬷꬸꬹ𝼄𝼑𝼓𝼦ǀǂǃ
mᶆⱮꬺ
nȠȵɲᶇꞐꞑꞤꞥꬻ𝼧
oᶗⱺꝊꝋꝌꝍꬿ𝼛
pᵱᶈⱣꝐꝑꝒꝓꝔꝕ
qꝖꝗꝘꝙꞯ
rɌɍɺɻɿᴙᵳᶉⱤꝚꝛꞂꞃꞦꞧꭆꭇꭉꭋꭌꭨ𝼈𝼕𝼖𝼨
sȿᶊẜẝⱾꞄꞅꞨꞩꟅꟉꟊ𝼞𝼩
tƫȶʈȾⱦꞆꞇ𝼉𝼍𝼪
uᶙꞸꞹ
vƲʋᶌⱱⱴꝞꝟ
wⱲⱳ
xᶍꭖꭗꭘꭙ
yỾỿ𝼆
zɀʑᶎⱫⱬⱿꟆ
`
