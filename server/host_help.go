package main

import (
	"regexp"
	"strings"
)

// hostHelp is what the commands on the server's host say of themselves: what they are
// for, an example, their flags.
var hostHelp = map[string]string{
	"setup-token": `
Where the link that the first start printed is lost. The token stands alone on standard
output, and goes behind /setup#token= in the browser. Once set up, there is none.

  keystead setup-token --data /var/lib/keystead
`,
	"user create": `
Without --organization the role is one of the account. The password comes in on standard
input, since an argument would show in the list of processes:

  keystead user create --email otto@northwind.example --role "Read Only" --organization northwind-ops --password-stdin < password

Flags:

  --email ADDRESS          who signs in by it; needed
  --role NAME              what they may do, such as "Full Administrator"; needed
  --organization NAME      the short name of the organization that the role is given in
  --first-name TEXT        their first name
  --last-name TEXT         their last name
  --password-stdin         read the password, of 15 characters or more, from standard input; needed
`,
	"user disable": `
Their sessions and keys are refused from the next request on. Nothing is lost: in the
console whoever may change users enables them again.

  keystead user disable --email otto@northwind.example

Flags:

  --email ADDRESS          whom; needed
`,
	"user reset-password": `
For whoever is locked out, a Full Administrator too. Their sessions end; their keys work on
but can’t be shown any more, since whoever sets a password could look.

  keystead user reset-password --email rosa@northwind.example --password-stdin < password

Flags:

  --email ADDRESS          whose; needed
  --password-stdin         read the password, of 15 characters or more, from standard input; needed
`,
	"master-key rotate": `
While the server works, all that is stored is sealed by a new key, and the old one opens
nothing from then on but the backups of its day: it is kept beside the new one, under its
time, to be moved to where you keep the master keys of your backups. Where the key is a file
of yours, make the new one, give it, and keep the old one:

  keystead master-key rotate
  (umask 077 && openssl rand -base64 32 > new.key) && keystead master-key rotate --new-master-key-file new.key

Flags:

  --new-master-key-file FILE  the new master key; without it one is made in the data folder
`,
	"master-key status": `
Says whether a rotation is under way, and how many values wait to be sealed anew:

  keystead master-key status
`,
	"pepper rotate": `
When a copy of the database and its master key may be in the wrong hands. What can be shown
again is digested anew at once; what can’t moves when it is used next, and until then the
old pepper stays.

  keystead pepper rotate && keystead pepper status
`,
	"pepper status": `
Says which peppers there are and how many digests still need each of them:

  keystead pepper status
`,
	"backup": `
While the server works. The file is read back and proven before it gets its name, and does
not hold the master key: keep that elsewhere. It is encrypted for the recipients that you
name, else for those of the running server; a name that ends in .age needs one of both.

  keystead backup /mnt/usb/keystead.backup.age --backup-recipient age1…

Flags:

  --backup-recipient LIST  age recipients (age1…), separated by commas, for whom it is encrypted
`,
	"restore": `
Into a data folder that holds the master key and no database, while nothing serves it. It
goes back in time: what was revoked after the backup works again, and --compare lists it.

  keystead restore keystead.backup.age --identity age.key --data data --compare data.lost
  keystead restore --check keystead.backup.age --identity age.key --master-key-file /safe/master.key

Flags:

  --check                  only prove that it can be restored, and write nothing
  --identity FILE          the private half of the age recipient, for a backup that is encrypted
  --compare FOLDER         the data folder that was lost, to say what was done since the backup
`,
	"signing-key rotate": `
Tokens that were signed by the key before stay good for as long as they last.

  keystead signing-key rotate
`,
	"audit verify": `
Ends with 0 where every row is what was written, else with 1 and the first that is not.
Where the log does not go on from its head file, audit.head, the database was cut or is an
older copy: that file is kept as audit.head.unmatched-ROW, empty where it was gone, and told
of here and at every start, until you know what is missing and remove it.

  keystead audit verify
`,
	"clock follow": `
Time never goes back, so that nothing that expired is good again. Where the clock was
ahead and is right now, say so:

  keystead clock follow
`,
}

// hostFlags are those of every command on the host.
const hostFlags = `  --data FOLDER            the folder of database, master key and socket (default ./data)
  --master-key-file FILE   the master key; without it the data folder’s own
`

// hostEnd ends the help of every command on the host, and of those that serve.
const hostEnd = `
Exit codes: 0 done, 1 refused or failed, 2 used wrongly.
`

// declared finds the flags in the help of a command.
var declared = regexp.MustCompile(`(?m)^  --([a-z-]+)(?: ([A-Z]+))?`)

// withHostHelp gives a command on the host its help, and completion the flags in it.
func withHostHelp(cmd command) command {
	text, ok := hostHelp[cmd.words]
	if !ok {
		return cmd
	}
	if !strings.Contains(text, "\nFlags:\n") {
		text += "\nFlags:\n\n"
	}
	cmd.help = strings.TrimSpace("keystead "+cmd.words+" "+cmd.takes) + " [flags]: " + cmd.means + ".\n" + text + hostFlags + hostEnd
	for _, flag := range declared.FindAllStringSubmatch(cmd.help, -1) {
		cmd.flags = append(cmd.flags, option{name: flag[1], takes: flag[2]})
	}
	return cmd
}
