package seal

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	aeadsubtle "github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"keystead/server/disk"
	"keystead/shared/api"
)

// masterLen is the length of the master key in bytes (256 bits).
const masterLen = 32

// Master is the key that seals all others.
type Master struct{ key []byte }

// Format prints "[secret]", whatever the verb.
func (Master) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// ReadMaster reads a master key file: 32 bytes in base64. A file that others can
// read, a link, or anything but a key is refused, and one of zeros or of another byte
// alone: the sentence names the fault and never the key.
func ReadMaster(path string) (Master, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Master{}, fmt.Errorf("there is no master key at %s: without it nothing that is stored can be opened", path)
	case err != nil:
		return Master{}, fmt.Errorf("can't read the master key: %w", err)
	case !info.Mode().IsRegular():
		return Master{}, fmt.Errorf("the master key %s is not a plain file", path)
	case shared(info):
		return Master{}, fmt.Errorf("others can read the master key %s: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Master{}, fmt.Errorf("can't read the master key: %w", err)
	}
	master, ok := ParseMaster(string(text))
	if !ok {
		return Master{}, fmt.Errorf("%s holds no master key: expected 32 bytes in base64", path)
	}
	if bytes.Count(master.key, master.key[:1]) == masterLen {
		return Master{}, fmt.Errorf("%s holds no master key but one byte again and again, which anybody guesses: make one by openssl rand -base64 32", path)
	}
	return master, nil
}

// shared reports whether others than the owner can read or change a file. The group
// of a credential that systemd hands over reads as one that may: there the bits are the
// mask of an access list, with the service's user on it, and owner and group are root.
func shared(info fs.FileInfo) bool {
	mode := info.Mode().Perm()
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid == 0 && stat.Gid == 0 && os.Getuid() != 0 {
		mode &^= 0o040
	}
	return mode&0o077 != 0
}

// ParseMaster reads a master key as it stands in its file.
func ParseMaster(text string) (Master, bool) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return Master{key}, err == nil && len(key) == masterLen
}

// NewMaster draws a master key.
func NewMaster() Master {
	key := make([]byte, masterLen)
	_, _ = rand.Read(key) // never fails, crypto/rand
	return Master{key}
}

// MakeMaster makes a master key at path, which must not exist. It gets its name when it
// is on the disk: a power loss leaves the whole file or none.
func MakeMaster(path string) (Master, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return Master{}, fmt.Errorf("make the master key: %w", cmp.Or(err, fs.ErrExist))
	}
	m := NewMaster()
	return m, m.Replace(path)
}

// Replace puts the key into the file at path, in the place of another, so that at
// every moment the one or the other is there, whole. It believes what it reads back.
func (m Master) Replace(path string) error {
	beside := path + ".new"
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a crash
		return fmt.Errorf("replace the master key: %w", err)
	}
	err := m.create(beside)
	if err == nil {
		err = disk.Rename(beside, path)
	}
	if err != nil {
		_ = os.Remove(beside)
		return fmt.Errorf("replace the master key: %w", err)
	}
	there, err := ReadMaster(path)
	if err == nil && !there.Equal(m) {
		err = fmt.Errorf("%s does not hold what was written", path)
	}
	return err
}

// Keep puts the key into a file of that name where none lies, else into one of the next
// name (name-2, name-3 …), and answers which. Nothing is ever overwritten: what lies there
// may be the only one of its kind. Where it lies there itself it stays.
func (m Master) Keep(name string) (path string, err error) {
	path = name
	for n := 2; ; n++ {
		_, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, m.Replace(path)
		}
		if err != nil {
			return "", fmt.Errorf("keep the old master key: %w", err)
		}
		if there, err := ReadMaster(path); err == nil && there.Equal(m) {
			return path, nil
		}
		path = name + "-" + strconv.Itoa(n)
	}
}

// create writes the key into a new file that only the owner reads.
func (m Master) create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(m.Text().Reveal() + "\n")
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Text is the key as it stands in its file.
func (m Master) Text() api.Secret { return api.Hide(base64.StdEncoding.EncodeToString(m.key)) }

// Equal compares in constant time.
func (m Master) Equal(other Master) bool { return subtle.ConstantTimeCompare(m.key, other.key) == 1 }

// aead is the cipher that seals the keyset.
func (m Master) aead() (tink.AEAD, error) {
	kek, err := aeadsubtle.NewXChaCha20Poly1305(m.key)
	if err != nil {
		return nil, fmt.Errorf("take the master key: %w", err)
	}
	return kek, nil
}
