package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// masterLen is the length of the master key in bytes (256 bits).
const masterLen = 32

// Master is the key that seals all others.
type Master struct{ key []byte }

// Format prints "[secret]", whatever the verb.
func (Master) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// ReadMaster reads a master key file: 32 bytes in base64. A file that others can
// read, a link, or anything but a key is refused: the sentence names the fault and
// never the key.
func ReadMaster(path string) (Master, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Master{}, fmt.Errorf("there is no master key at %s: without it nothing that is stored can be opened", path)
	case err != nil:
		return Master{}, fmt.Errorf("can't read the master key: %w", err)
	case !info.Mode().IsRegular():
		return Master{}, fmt.Errorf("the master key %s is not a plain file", path)
	case info.Mode().Perm()&0o077 != 0:
		return Master{}, fmt.Errorf("others can read the master key %s: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Master{}, fmt.Errorf("can't read the master key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != masterLen {
		return Master{}, fmt.Errorf("%s holds no master key: expected 32 bytes in base64", path)
	}
	return Master{key}, nil
}

// MakeMaster makes a master key at path, which must not exist.
func MakeMaster(path string) (Master, error) {
	key := make([]byte, masterLen)
	_, _ = rand.Read(key) // never fails, crypto/rand
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Master{}, fmt.Errorf("make the master key: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return Master{}, fmt.Errorf("make the master key: %w", err)
	}
	return Master{key}, syncDir(filepath.Dir(path))
}

// syncDir makes a new name in a folder survive a power loss.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
