package main

import (
	"regexp"
	"strings"
)

// hostHelp is what the commands on the server's host say of themselves: what they are
// for, an example, their flags.
var hostHelp = map[string]string{
	"setup-token": `
For when the link that the first start printed is lost. Open http://127.0.0.1:8080/setup,
or that page at your address, and type the token. It is good for 24 hours. Once the server
is set up there is none.

  keystead setup-token --data /var/lib/keystead
`,
	"user create": `
A role of the account, such as Full Administrator, counts in all organizations; any other is
given in one, which --organization names. The password comes in on standard input, since an
argument would show in the list of processes:

  keystead user create --email otto@northwind.example --role "Read Only" --organization northwind-ops --password-stdin < password

Flags:

  --email ADDRESS          the address that they sign in with; needed
  --role NAME              the role, built in or your own, such as "Full Administrator"; needed
  --organization NAME      the short name of the organization that the role is given in
  --first-name TEXT        their first name
  --last-name TEXT         their last name
  --password-stdin         read the password, of 15 characters or more, from standard input; needed
`,
	"user disable": `
The next request of their sessions and keys is refused. Nothing is lost: whoever may manage
users can enable them again in the console.

  keystead user disable --email otto@northwind.example

Flags:

  --email ADDRESS          whom; needed
`,
	"user reset-password": `
For a user who is locked out, a Full Administrator too. Their sessions end. Their keys work
on but can’t be shown any more, since whoever sets the password could look at them.

  keystead user reset-password --email rosa@northwind.example --password-stdin < password

Flags:

  --email ADDRESS          whose; needed
  --password-stdin         read the password, of 15 characters or more, from standard input; needed
`,
	"master-key rotate": `
All that is stored is sealed by a new key. From then on the old one opens nothing but the
backups that were made until then: it is kept in the data folder as master.key.until-TIME,
for you to move to where you keep the master keys of your backups. A running server whose
master.key was lost gets a new one the same way.

If the master key is a file of yours (--master-key-file, a systemd credential), make the new
one yourself and give it. Keystead does not touch your files: put the new one in the place
of the old one, keep the old one for its backups, and restart the server (or rotate once
more, where the server can read the new file).

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
For when a copy of the database and its master key may be in the wrong hands. Keystead finds
a value by its digest, and the pepper is the secret that goes into each digest. Values that
can be shown again are digested anew at once; the others when they are used next, and until
then the old pepper stays.

  keystead pepper rotate && keystead pepper status
`,
	"pepper status": `
Says which peppers there are and how many digests still need each of them:

  keystead pepper status
`,
	"backup": `
The running server writes the file, so it must be where the server may write; where none
runs, this command does. The file is read back and proven before it gets its name. It does
not hold the master key: keep that elsewhere. It is encrypted for the recipients that you
name, else for those of the running server. A name that ends in .age needs a recipient.

  keystead backup /mnt/usb/keystead.backup.age --backup-recipient age1…

Flags:

  --backup-recipient LIST  age recipients (age1…), separated by commas, for whom it is encrypted
`,
	"restore": `
Stop the server first. The data folder must hold no database; the master key is in it or
named by --master-key-file. A restore goes back in time: what was revoked after the backup
works again, and --compare lists it.

  keystead restore keystead.backup.age --identity age.key --data data --compare data.lost
  keystead restore --check keystead.backup.age --identity age.key --master-key-file /safe/master.key

Flags:

  --check                  only prove that it can be restored, and write nothing
  --identity FILE          the private half of the age recipient, for a backup that is encrypted
  --compare FOLDER         the old data folder, where it is still there, to list what was done since the backup
`,
	"signing-key rotate": `
New tokens are signed by the new key. Those that the old one signed stay good until they end.

  keystead signing-key rotate
`,
	"audit verify": `
The exit code is 0 if every row is what was written, else 1, with the first row that is not.

The file audit.head in the data folder says where the log ends. If the database ends before
that row, it was cut or is an older copy: the file is kept as audit.head.unmatched-ROW, or
an empty one of that name if audit.head itself was gone. This command and every start tell
of it until you have found out what is missing and remove the file.

  keystead audit verify
`,
	"clock follow": `
Keystead’s time never goes back, so that nothing that expired is good again. If the
machine’s clock was ahead once and is right now, Keystead goes on by the later time until
you say so:

  keystead clock follow
`,
}

// hostFlags are those of every command on the host.
const hostFlags = `  --data FOLDER            the folder of database, master key and socket (default ./data)
  --master-key-file FILE   the master key; without it the data folder’s own
`

// hostEnd ends the help of every command on the host, and of those that serve.
const hostEnd = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
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
