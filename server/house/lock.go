package house

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes the data folder for this process. The kernel lets go of it when the
// process ends, however it ends.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("can't use the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("can't lock the data folder: %w", err)
	}
	// A restore that is refused removes the lock that it made: then this one is nobody's.
	held, err := f.Stat()
	there, gone := os.Stat(path)
	if err != nil || gone != nil || !os.SameFile(held, there) {
		_ = f.Close()
		return nil, ErrInUse
	}
	return f, nil
}

// ErrInUse says that another process has the data folder.
var ErrInUse = errors.New("another keystead uses this data folder")
