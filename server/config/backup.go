package config

import (
	"strings"
	"time"

	"filippo.io/age"
)

func (c Config) checkBackups() error {
	switch {
	case c.BackupKeep < 1:
		return misuse("--backup-keep is above zero")
	case c.BackupEvery != 0 && c.BackupEvery < time.Minute:
		return misuse("--backup-every is a minute or more, or 0")
	}
	_, err := c.Recipients()
	return err
}

// Recipients are those for whom backups are encrypted.
func (c Config) Recipients() ([]age.Recipient, error) { return Recipients(c.BackupRecipient) }

// Recipients reads a list as in --backup-recipient.
func Recipients(list string) ([]age.Recipient, error) {
	names := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	if len(names) == 0 {
		return nil, nil
	}
	recipients, err := age.ParseRecipients(strings.NewReader(strings.Join(names, "\n")))
	if err != nil {
		return nil, misuse("--backup-recipient lists age recipients, such as age1…: the public half of what age-keygen makes")
	}
	return recipients, nil
}
