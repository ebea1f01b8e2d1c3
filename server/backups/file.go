package backups

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"regexp"
	"time"

	"filippo.io/age"
)

// The first lines of a backup, and of one that is encrypted.
const (
	magic    = "keystead backup 1\n"
	anyMagic = "keystead backup "
	ageMagic = "age-encryption.org/"
)

// numbered is the first line in whatever format.
var numbered = regexp.MustCompile(`^` + anyMagic + `[0-9]+\n$`)

// Header says what a backup holds.
type Header struct {
	Version   string    `json:"version"` // of the keystead that made it
	Schema    int       `json:"schema"`
	Account   string    `json:"account"` // the Account ID
	MadeAt    time.Time `json:"made_at"` // what was written later is not in it
	AuditHead string    `json:"audit_head"`
	Size      int64     `json:"size"` // of the database, in bytes
	SHA256    string    `json:"sha256"`
}

// Sentences about files that are no good.
var (
	errDamaged = errors.New("the backup is damaged: it is not what was written")
	errCut     = errors.New("the backup is cut short: its end is missing")
	errLonger  = errors.New("the backup is damaged: something was added to its end")
	errNone    = errors.New("this file is not a backup of keystead, or its first line is damaged")
	errNewer   = errors.New("the backup is in a format that this keystead does not know: it is of a newer one, or damaged")
	errForged  = errors.New("the backup was changed after it was made, by somebody without the master key")
)

// write writes a backup of the database that body reads. vouch makes the MAC.
func write(w io.Writer, h Header, vouch func([]byte) []byte, body io.Reader) error {
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	head := append([]byte(magic), append(line, '\n')...)
	if _, err := w.Write(append(head, sums(head, vouch(head))...)); err != nil {
		return err
	}
	n, err := io.Copy(w, body)
	if err == nil && n != h.Size {
		err = fmt.Errorf("the copy has %d bytes, not %d", n, h.Size)
	}
	return err
}

// sums are the third line.
func sums(head, mac []byte) string {
	return fmt.Sprintf("%x %x\n", sha256.Sum256(head), mac)
}

// opened is a backup whose header was read.
type opened struct {
	Header
	Encrypted bool
	head      []byte // the first two lines
	third     string // the line after them
	body      *bufio.Reader
}

// maxLine bounds a line of the header.
const maxLine = 4096

// open reads the header of a backup, with identities where it is encrypted.
func open(in io.Reader, identities []age.Identity) (*opened, error) {
	r := bufio.NewReaderSize(in, 64<<10)
	o := &opened{body: r}
	if start, _ := r.Peek(len(ageMagic)); string(start) == ageMagic {
		if len(identities) == 0 {
			return nil, errors.New("the backup is encrypted: name the file with your age identity, --identity FILE")
		}
		plain, err := age.Decrypt(r, identities...)
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return nil, errors.New("the backup is encrypted for somebody else: this identity does not open it")
		}
		if err != nil {
			return nil, errDamaged
		}
		o.Encrypted, o.body = true, bufio.NewReaderSize(plain, 64<<10)
	}
	first, err := o.line()
	switch {
	case err != nil && o.Encrypted:
		return nil, wrong(err)
	case err != nil || !bytes.HasPrefix(first, []byte(anyMagic)):
		return nil, errNone
	case !numbered.Match(first):
		return nil, errDamaged
	case string(first) != magic:
		return nil, errNewer
	}
	second, err := o.line()
	if err != nil {
		return nil, wrong(err)
	}
	third, err := o.line()
	if err != nil {
		return nil, wrong(err)
	}
	o.head, o.third = append(first, second...), string(third)
	sum := fmt.Sprintf("%x ", sha256.Sum256(o.head))
	if len(o.third) < len(sum) || o.third[:len(sum)] != sum || json.Unmarshal(second, &o.Header) != nil {
		return nil, errDamaged
	}
	return o, nil
}

// line is the next one, with its end.
func (o *opened) line() ([]byte, error) {
	var line []byte
	for len(line) < maxLine {
		b, err := o.body.ReadByte()
		if err != nil {
			return nil, err
		}
		if line = append(line, b); b == '\n' {
			return line, nil
		}
	}
	return nil, errDamaged
}

// wrong tells a file that ends too early from one that does not read.
func wrong(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return errDamaged
}

// vouched reports whether the MAC is the one that this installation makes.
func (o *opened) vouched(vouch func([]byte) []byte) bool {
	return hmac.Equal([]byte(o.third), []byte(sums(o.head, vouch(o.head))))
}

// unpack writes the database into a new file and holds it against its sum.
func (o *opened) unpack(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("can't unpack the backup: %w", err)
	}
	sum := sha256.New()
	from := &reader{from: o.body}
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(from, o.Size))
	if closing := f.Close(); err == nil {
		err = closing
	}
	switch {
	case from.err != nil:
		return wrong(from.err)
	case err != nil:
		return fmt.Errorf("can't unpack the backup: %w", err)
	case n < o.Size:
		return errCut
	}
	return o.end(sum)
}

// end holds the database against its sum and demands that nothing follows.
func (o *opened) end(sum hash.Hash) error {
	switch _, err := o.body.ReadByte(); {
	case err == nil:
		return errLonger
	case !errors.Is(err, io.EOF):
		return wrong(err)
	case hex.EncodeToString(sum.Sum(nil)) != o.SHA256:
		return errDamaged
	}
	return nil
}

// reader keeps the error of reading apart from that of writing.
type reader struct {
	from io.Reader
	err  error
}

func (r *reader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
