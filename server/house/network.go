package house

import "syscall"

// networks are the filesystems that lie on another machine, by the number that the
// kernel gives them (statfs(2)). Locks may not hold there, nor what is synced stay, and
// SQLite's WAL needs memory that all its readers share (https://www.sqlite.org/wal.html).
var networks = map[uint32]string{
	0x6969: "NFS", 0x517B: "SMB", 0xFE534D42: "SMB", 0xFF534D42: "SMB", 0x01021997: "9P", 0x00C36400: "Ceph",
	0x5346414F: "AFS", 0x73757245: "Coda", 0x0BD00BD0: "Lustre", 0x47504653: "GPFS", 0x65735546: "FUSE",
}

// network is the name of such a filesystem where path lies on one, else "".
func network(path string) string {
	var about syscall.Statfs_t
	if err := syscall.Statfs(path, &about); err != nil {
		return ""
	}
	return networks[uint32(about.Type)] // #nosec G115 -- the kernel has 32 bits of it
}
