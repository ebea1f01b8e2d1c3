package users

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// person is a new user in the form in which it is stored; without a hash they are
// invited.
type person struct{ email, first, last, hash string }

// clean checks what was asked for. Faults: invalid_value at a field.
func clean(email, first, last string) (person, error) {
	p := person{email: fold.Clean(email), first: fold.Clean(first), last: fold.Clean(last)}
	if sentence := fold.EmailFault(p.email); sentence != "" {
		return p, fault.At("email", fault.InvalidValue, "%s", sentence)
	}
	if p.first == "" {
		p.first, _, _ = strings.Cut(p.email, "@")
		if keyfmt.NameFault(p.first) != "" {
			return p, fault.At("email", fault.InvalidValue, "No name can be made of this address: give a first name, too.")
		}
	}
	return p, namesFault(p.first, p.last)
}

// namesFault lets people have one name.
func namesFault(first, last string) error {
	if err := nameFault("first_name", first); err != nil || last == "" {
		return err
	}
	return nameFault("last_name", last)
}

func nameFault(field, name string) error {
	if sentence := keyfmt.NameFault(name); sentence != "" {
		return fault.At(field, fault.InvalidValue, "%s", sentence)
	}
	return nil
}

// sortName is what lists are sorted by: the name as it is read.
func sortName(first, last string) string { return fold.Text(first + " " + last) }

// AddAdministrator adds the first Full Administrator, for set-up.
func (u *Users) AddAdministrator(tx *db.Tx, email, firstName, lastName, passwordHash string) (api.User, error) {
	role, err := roleByName(tx, perm.FullAdministrator)
	if err != nil {
		return api.User{}, err
	}
	return u.insert(tx, person{email, firstName, lastName, passwordHash}, role.ID, 0)
}

// insert adds a user with a role on the account, or in an organization where org is
// not 0, or with none where role is 0.
func (u *Users) insert(tx *db.Tx, p person, role api.RoleID, org api.OrgID) (api.User, error) {
	user := api.User{UUID: uuid.NewString(), Email: p.email, FirstName: p.first, LastName: p.last, State: api.UserInvited}
	var hash *string
	if p.hash != "" {
		user.State, hash = api.UserActive, &p.hash
	}
	var onAccount *api.RoleID
	if org == 0 && role != 0 {
		onAccount = &role
	}
	if err := freeAddress(tx, p.email, 0); err != nil {
		return api.User{}, err
	}
	now := db.At(tx.Now())
	err := tx.Get(&user.ID, `
		INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, password_hash, account_role_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`,
		user.UUID, user.Email, fold.Email(user.Email), user.FirstName, user.LastName, sortName(user.FirstName, user.LastName),
		user.State, hash, onAccount, now, now)
	if err != nil {
		return api.User{}, fmt.Errorf("add the user: %w", err)
	}
	if org != 0 {
		if _, err := tx.Exec("INSERT INTO memberships (user_id, org_id, role_id) VALUES (?, ?, ?)", user.ID, org, role); err != nil {
			return api.User{}, fmt.Errorf("add the membership: %w", err)
		}
	}
	return user, nil
}

// freeAddress refuses an address that somebody else has, or that looks like theirs:
// who reads a list could take one for the other.
func freeAddress(r db.Reader, email string, but api.UserID) error {
	var taken []string
	if err := r.Select(&taken, "SELECT email FROM users WHERE deleted_at IS NULL AND id <> ?", but); err != nil {
		return fmt.Errorf("read the e-mail addresses: %w", err)
	}
	folded, twin := fold.Email(email), fold.Twin(email)
	for _, other := range taken {
		if fold.Email(other) == folded {
			return fault.At("email", fault.NameTaken, "There is a user with this e-mail address.")
		}
		if fold.Twin(other) == twin {
			return fault.At("email", fault.NameTaken, "This e-mail address looks like %s, who is a user.", other)
		}
	}
	return nil
}

// SetPassword stores the hash of a user's password.
func (u *Users) SetPassword(tx *db.Tx, user api.UserID, passwordHash string) error {
	n, err := tx.Exec("UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ? AND deleted_at IS NULL", passwordHash, db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	if n == 0 {
		return fault.Missing()
	}
	return nil
}

// disable leaves it to its act that an administrator remains.
func disable(tx *db.Tx, user api.UserID) error {
	_, err := tx.Exec("UPDATE users SET state = 'disabled', updated_at = ? WHERE id = ?", db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("disable the user: %w", err)
	}
	return nil
}

// enable lets in again who was disabled; who never came in is invited as before.
func enable(tx *db.Tx, user api.UserID) error {
	_, err := tx.Exec(`
		UPDATE users
		   SET state = CASE WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END, updated_at = ?
		 WHERE id = ?
		   AND state = 'disabled'`, db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("enable the user: %w", err)
	}
	return nil
}

// activate makes a user of who was invited.
func activate(tx *db.Tx, user api.UserID) error {
	_, err := tx.Exec("UPDATE users SET state = 'active', updated_at = ? WHERE id = ? AND state = 'invited'", db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("let the user in: %w", err)
	}
	return nil
}

// remove keeps the row and erases by what the user could come in.
func remove(tx *db.Tx, user api.UserID) error {
	_, err := tx.Exec("UPDATE users SET deleted_at = ?1, updated_at = ?1, password_hash = NULL, account_role_id = NULL WHERE id = ?2", db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("delete the user: %w", err)
	}
	return nil
}

// NoteActive keeps when somebody was last there. It belongs to the acts of sessions
// that learn of it.
func (u *Users) NoteActive(tx *db.Tx, user api.UserID, at time.Time) error {
	_, err := tx.Exec(`
		UPDATE users
		   SET last_active_at = ?1
		 WHERE id = ?2
		   AND (last_active_at IS NULL OR last_active_at < ?1)`, db.At(at), user)
	if err != nil {
		return fmt.Errorf("note when the user was there: %w", err)
	}
	return nil
}

// rename sets what is given of a user's name.
func rename(tx *db.Tx, user api.UserID, first, last string) error {
	_, err := tx.Exec("UPDATE users SET first_name = ?, last_name = ?, sort_name = ?, updated_at = ? WHERE id = ?",
		first, last, sortName(first, last), db.At(tx.Now()), user)
	if err != nil {
		return fmt.Errorf("rename the user: %w", err)
	}
	return nil
}

// userRow is a user as it is read.
type userRow struct {
	ID        api.UserID `db:"id"`
	UUID      string     `db:"uuid"`
	Email     string     `db:"email"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	State     string     `db:"state"`
}

// byEmail finds a user for the command line, which may say who is missing.
func byEmail(r db.Reader, email string) (api.User, error) {
	user, err := one(r, `
		SELECT id, uuid, email, first_name, last_name, state
		  FROM users
		 WHERE email_folded = ?
		   AND deleted_at IS NULL`, fold.Email(email))
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no user with this e-mail address.")
	}
	return user, err
}

func byID(r db.Reader, id api.UserID) (api.User, error) {
	return one(r, `
		SELECT id, uuid, email, first_name, last_name, state
		  FROM users
		 WHERE id = ?
		   AND deleted_at IS NULL`, id)
}

// one is a user, or not_found.
func one(r db.Reader, query string, arg any) (api.User, error) {
	var u userRow
	err := r.Get(&u, query, arg)
	if db.IsNone(err) {
		return api.User{}, fault.Missing()
	}
	if err != nil {
		return api.User{}, fmt.Errorf("find the user: %w", err)
	}
	return api.User(u), nil
}

// role is a role that can be given.
type role struct {
	ID    api.RoleID `db:"id"`
	Name  string     `db:"name"`
	Scope string     `db:"scope"`
	Org   *api.OrgID `db:"org_id"`
}

func roleByName(r db.Reader, name string) (found role, err error) {
	err = r.Get(&found, "SELECT id, name, scope, org_id FROM roles WHERE name_folded = ?", fold.Text(name))
	if db.IsNone(err) {
		return role{}, fault.At("role", fault.InvalidValue, "There is no role by this name.")
	}
	if err != nil {
		return role{}, fmt.Errorf("find the role: %w", err)
	}
	return found, nil
}
