package users

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// person is a new user in the form in which it is stored.
type person struct{ email, first, last, hash string }

// clean checks what was asked for. Faults: invalid_value at a field.
func (in NewUser) clean() (person, error) {
	p := person{email: fold.Clean(in.Email), first: fold.Clean(in.FirstName), last: fold.Clean(in.LastName)}
	if sentence := fold.EmailFault(p.email); sentence != "" {
		return p, fault.At("email", fault.InvalidValue, "%s", sentence)
	}
	if p.first == "" {
		p.first, _, _ = strings.Cut(p.email, "@")
	}
	if err := nameFault("first_name", p.first); err != nil {
		return p, err
	}
	if p.last == "" {
		return p, nil // people with one name
	}
	return p, nameFault("last_name", p.last)
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
	return insert(tx, person{email, firstName, lastName, passwordHash}, role.ID, 0)
}

// insert adds an active user with a role on the account, or in an organization
// where org is not 0.
func insert(tx *db.Tx, p person, role api.RoleID, org api.OrgID) (api.User, error) {
	user := api.User{UUID: uuid.NewString(), Email: p.email, FirstName: p.first, LastName: p.last, State: api.UserActive}
	var onAccount *api.RoleID
	if org == 0 {
		onAccount = &role
	}
	now := db.At(tx.Now())
	err := tx.Get(&user.ID, `
		INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, password_hash, account_role_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`,
		user.UUID, user.Email, fold.Email(user.Email), user.FirstName, user.LastName, sortName(user.FirstName, user.LastName),
		user.State, p.hash, onAccount, now, now)
	if db.Clashes(err, "users.email_folded") {
		return api.User{}, fault.At("email", fault.NameTaken, "There is a user with this e-mail address.")
	}
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

// disable refuses to shut out the last active Full Administrator.
func disable(tx *db.Tx, user api.UserID) error {
	n, err := tx.Exec(`
		UPDATE users
		   SET state = 'disabled', updated_at = ?
		 WHERE id = ?
		   AND (account_role_id IS NULL
		        OR account_role_id <> (SELECT id FROM roles WHERE built_in = 1 AND name = ?)
		        OR state <> 'active'
		        OR EXISTS (SELECT 1
		                     FROM users other
		                    WHERE other.id <> users.id
		                      AND other.account_role_id = users.account_role_id
		                      AND other.state = 'active'
		                      AND other.deleted_at IS NULL))`, db.At(tx.Now()), user, perm.FullAdministrator)
	if err != nil {
		return fmt.Errorf("disable the user: %w", err)
	}
	if n == 0 {
		return fault.New(fault.LastAdministrator, "The last active Full Administrator can’t be disabled.")
	}
	return nil
}

// enable reports whether the user was disabled.
func enable(tx *db.Tx, user api.UserID) (bool, error) {
	n, err := tx.Exec("UPDATE users SET state = 'active', updated_at = ? WHERE id = ? AND state = 'disabled'", db.At(tx.Now()), user)
	if err != nil {
		return false, fmt.Errorf("enable the user: %w", err)
	}
	return n > 0, nil
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

func byEmail(r db.Reader, email string) (api.User, error) {
	return one(r, `
		SELECT id, uuid, email, first_name, last_name, state
		  FROM users
		 WHERE email_folded = ?
		   AND deleted_at IS NULL`, fold.Email(email))
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
		return api.User{}, fault.New(fault.NotFound, "There is no such user.")
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
