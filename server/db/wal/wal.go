package wal

// const char *wal_register(const char *name);
import "C"

import (
	"fmt"
	"sync"
)

// Name is of the VFS: the parameter vfs of a connection's URI.
const Name = "keystead"

// Register makes the VFS known to SQLite. It is done once, however often it is asked for.
var Register = sync.OnceValue(func() error {
	if why := C.wal_register(C.CString(Name)); why != nil { // SQLite keeps the name
		return fmt.Errorf("make a VFS for the WAL: %s", C.GoString(why))
	}
	return nil
})
