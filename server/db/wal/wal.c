#include <stdlib.h>
#include <string.h>

/*
 * What sqlite3.h declares of a VFS, as far as it is needed here: the driver has that file to
 * itself. It only ever grows at the end of a struct, and says so by the version.
 * https://www.sqlite.org/c3ref/vfs.html, https://www.sqlite.org/c3ref/io_methods.html
 */
typedef struct vfs vfs;
typedef struct file file;
typedef struct methods methods;
typedef long long offset;

struct file {
	const methods *methods;
};

struct methods {
	int version;
	int (*close)(file *);
	int (*read)(file *, void *, int, offset);
	int (*write)(file *, const void *, int, offset);
	int (*truncate)(file *, offset);
	int (*sync)(file *, int);
	int (*size)(file *, offset *);
	int (*lock)(file *, int);
	int (*unlock)(file *, int);
	int (*reserved)(file *, int *);
	int (*control)(file *, int, void *);
	int (*sector)(file *);
	int (*device)(file *);
	int (*map)(file *, int, int, int, void volatile **);
	int (*lock_shared)(file *, int, int, int);
	void (*others[4])(void); /* up to version 3 */
};

struct vfs {
	int version;
	int file_size; /* of what open fills */
	int longest_path;
	vfs *next;
	const char *name;
	void *data;
	int (*open)(vfs *, const char *, file *, int, int *);
	void (*others[15])(void); /* up to version 3 */
};

/* Weak, since this file is linked by itself first, to see what it needs. */
extern vfs *sqlite3_vfs_find(const char *) __attribute__((weak));
extern int sqlite3_vfs_register(vfs *, int) __attribute__((weak));
extern file *sqlite3_database_file_object(const char *) __attribute__((weak));

enum {
	OK = 0,
	NOMEM = 7,
	IOERR_READ = 10 | 1 << 8,
	OPEN_WAL = 0x80000,
	UNLOCK = 1,
	WRITE_LOCK = 0, /* of those in the shared memory: https://www.sqlite.org/walformat.html */
	HEAD = 24, /* of a frame: https://www.sqlite.org/fileformat2.html#walformat */
	/* SQLite's own VFS passes on less than 128 KiB at a time: 31 frames of 4 KiB. */
	ROOM = 31 * (HEAD + 4096),
};

/* A WAL: ours, and directly behind it the one of the VFS below. */
typedef struct {
	file ours;
	offset end; /* of what was written last: what is written there can wait */
	int waiting; /* bytes before end that are only in gathered */
	int last; /* the frame that was begun is the last one of its commit */
	char *gathered; /* ROOM of them */
	file *base;
} wal;

/* What lies directly behind the file of a database that has a WAL. */
typedef struct {
	methods ours;
	const methods *below;
	wal *wal;
} base;

static vfs *sqlites;
static vfs ours;

static file *below(file *f) { return (file *)((wal *)f + 1); }
static base *base_of(file *f) { return (base *)((char *)f + sqlites->file_size); }

/*
 * What could not be written is forgotten: who commits hears of it and takes all back, and
 * were it written later, the next start would find a whole commit.
 */
static int pass_on(file *f) {
	wal *w = (wal *)f;
	int n = w->waiting;
	w->waiting = 0;
	return n ? below(f)->methods->write(below(f), w->gathered, n, w->end - n) : OK;
}

static int wal_write(file *f, const void *data, int n, offset at) {
	wal *w = (wal *)f;
	if (n == HEAD) {
		/* The size of the database after the commit, 0 in all frames but its last. */
		static const char none[4];
		w->last = memcmp((const char *)data + 4, none, sizeof none) != 0;
	}
	int behind = at == w->end;
	if (!behind || w->waiting + n > ROOM) {
		int failed = pass_on(f);
		if (failed) return failed;
	}
	w->end = at + n;
	if (!behind || n > ROOM) return below(f)->methods->write(below(f), data, n, at);
	memcpy(w->gathered + w->waiting, data, n);
	w->waiting += n;
	return w->last && n != HEAD ? pass_on(f) : OK;
}

/*
 * Pages that were written before the commit, since the cache was full, are read again. After
 * IOERR SQLite takes back the transaction, after FULL no more than what is being done.
 */
static int wal_read(file *f, void *data, int n, offset at) {
	return pass_on(f) ? IOERR_READ : below(f)->methods->read(below(f), data, n, at);
}

static int wal_truncate(file *f, offset size) {
	int failed = pass_on(f);
	return failed ? failed : below(f)->methods->truncate(below(f), size);
}

static int wal_sync(file *f, int how) {
	int failed = pass_on(f);
	return failed ? failed : below(f)->methods->sync(below(f), how);
}

static int wal_size(file *f, offset *size) {
	int failed = pass_on(f);
	return failed ? failed : below(f)->methods->size(below(f), size);
}

/*
 * Who lets go of the write lock has committed, so that nothing waits, or taken back what
 * does. Passed on later it would lie over what others write there from now on.
 */
static int base_lock_shared(file *f, int first, int n, int how) {
	base *b = base_of(f);
	if (first == WRITE_LOCK && how & UNLOCK) b->wal->waiting = 0;
	return b->below->lock_shared(f, first, n, how);
}

/* What still waits is of no commit. */
static int wal_close(file *f) {
	wal *w = (wal *)f;
	w->base->methods = base_of(w->base)->below;
	free(w->gathered);
	return below(f)->methods->close(below(f));
}

static int wal_lock(file *f, int level) { return below(f)->methods->lock(below(f), level); }
static int wal_unlock(file *f, int level) { return below(f)->methods->unlock(below(f), level); }
static int wal_reserved(file *f, int *is) { return below(f)->methods->reserved(below(f), is); }
static int wal_control(file *f, int what, void *of) { return below(f)->methods->control(below(f), what, of); }
static int wal_sector(file *f) { return below(f)->methods->sector(below(f)); }
static int wal_device(file *f) { return below(f)->methods->device(below(f)); }

static const methods wal_methods = {
	1, wal_close, wal_read, wal_write, wal_truncate, wal_sync, wal_size,
	wal_lock, wal_unlock, wal_reserved, wal_control, wal_sector, wal_device,
};

/* adopt has the file of a database tell its WAL of its locks. */
static void adopt(wal *w, file *f) {
	base *b = base_of(f);
	b->ours = *f->methods;
	b->ours.lock_shared = base_lock_shared;
	b->below = f->methods;
	b->wal = w;
	w->base = f;
	f->methods = &b->ours;
}

static int wal_open(vfs *v, const char *path, file *f, int flags, int *got) {
	if (!(flags & OPEN_WAL)) return sqlites->open(sqlites, path, f, flags, got);
	memset(f, 0, ours.file_size);
	char *gathered = malloc(ROOM);
	if (!gathered) return NOMEM;
	int failed = sqlites->open(sqlites, path, below(f), flags, got);
	if (!below(f)->methods) {
		free(gathered);
		return failed;
	}
	((wal *)f)->gathered = gathered;
	adopt((wal *)f, sqlite3_database_file_object(path));
	f->methods = &wal_methods; /* SQLite closes it, even where open failed */
	return failed;
}

/* wal_register says why it could not, or nothing. */
const char *wal_register(const char *name) {
	if (!sqlite3_vfs_find || !sqlite3_vfs_register || !sqlite3_database_file_object) return "SQLite is not linked in";
	sqlites = sqlite3_vfs_find(NULL);
	if (!sqlites || sqlites->version < 3) return "SQLite's own is older than 3.7.6";
	ours = *sqlites;
	ours.version = 3;
	ours.next = NULL;
	ours.name = name;
	ours.file_size += sizeof(wal) + sizeof(base); /* whichever of them it is */
	ours.open = wal_open;
	return sqlite3_vfs_register(&ours, 0) == OK ? NULL : "SQLite refused it";
}
