package leak

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// Canary is a secret and what it is.
type Canary struct{ What, Value string }

// Found is a place where a canary was.
type Found struct{ What, Form, Where string }

func (f Found) String() string { return fmt.Sprintf("%s as %s in %s", f.What, f.Form, f.Where) }

// form is one spelling of a value.
type form struct {
	name string
	text []byte
}

// forms are the spellings of a value. Of base64 the characters that depend on what
// stands before or behind are left out.
func forms(value string) []form {
	raw := []byte(value)
	list := []form{{"text", raw}, {"hex", []byte(hex.EncodeToString(raw))}, {"hex", []byte(strings.ToUpper(hex.EncodeToString(raw)))}}
	for lead := range 3 {
		padded := append(make([]byte, lead), raw...)
		whole := len(padded) / 3 * 3
		from := (lead*8 + 5) / 6
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			list = append(list, form{"base64", []byte(alphabet.EncodeToString(padded[:whole])[from:])})
		}
	}
	escaped, _ := json.Marshal(value)
	list = append(list,
		form{"JSON", escaped[1 : len(escaped)-1]},
		form{"a query", []byte(url.QueryEscape(value))},
		form{"a path", []byte(url.PathEscape(value))},
	)
	var wide []byte
	for _, unit := range utf16.Encode([]rune(value)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return append(list, form{"UTF-16", wide})
}

// In looks for the canaries in one text.
func In(text []byte, where string, canaries []Canary) []Found {
	var found []Found
	for _, canary := range canaries {
		for _, form := range forms(canary.Value) {
			if bytes.Contains(text, form.text) {
				found = append(found, Found{canary.What, form.name, where})
				break
			}
		}
	}
	return found
}

// InFolder looks in every file of a folder, also in names. Sockets and what vanishes
// meanwhile are passed over. It answers how many bytes it read, which tells a test
// that there was something to read.
func InFolder(folder string, canaries []Canary) (found []Found, read int64, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		found = append(found, In([]byte(path), "the name "+path, canaries)...)
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		read += int64(len(text))
		found = append(found, In(text, path, canaries)...)
		return nil
	})
	return found, read, err
}
